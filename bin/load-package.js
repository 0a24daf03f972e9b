'use strict'
/**
 * Loads `dist/lib/kahea.cjs`, with the code that V8 compiled of it at build or installation time, where it is of this Node: the server then
 * starts in about half the time. Otherwise V8 says no, and compiles anew.
 */
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

const file = path.join(__dirname, '..', 'dist', 'lib', 'kahea.cjs')
const compiledFile = `${file}.compiled`

let loaded

function readCompiled() {
  try {
    return fs.readFileSync(compiledFile)
  } catch {
    return undefined
  }
}

/** What the package exports: one instance in a process, whoever asks. */
function loadPackage() {
  if (loaded !== undefined) return loaded.exports
  // One function, in ASCII only (scripts/build.ts).
  const script = new vm.Script(fs.readFileSync(file, 'latin1'), { filename: file, cachedData: readCompiled() })
  const module = { exports: {} }
  loaded = { exports: module.exports, script }
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file), (name) => import(name))
  loaded.exports = module.exports
  return loaded.exports
}

/** Keeps the compiled code for later starts. Functions are in it once they ran, so a process of its own checks a configuration first. */
function keepCompiled() {
  fs.rmSync(compiledFile, { force: true })
  require('node:child_process').execFileSync(process.execPath, [__filename], { stdio: 'ignore', timeout: 60_000 })
}

async function compileAndKeep() {
  await loadPackage().main(['check', path.join(__dirname, '..', 'etc', 'kahea.cfg')])
  // Who starts meanwhile sees all of it or nothing.
  fs.writeFileSync(`${compiledFile}.${process.pid}`, loaded.script.createCachedData())
  fs.renameSync(`${compiledFile}.${process.pid}`, compiledFile)
}

module.exports = { loadPackage, keepCompiled }

if (require.main === module) void compileAndKeep()
