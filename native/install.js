// Runs at `npm install`: makes sure that the add-on loads, builds it where it does not. Never fails the installation,
// since the server also runs without it (slower, on Node's own dgram).
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

function tryLoad() {
  const code = 'require("node-gyp-build")(process.argv[1])'
  return spawnSync(process.execPath, ['-e', code, root], { cwd: root, stdio: 'ignore' }).status === 0
}

/** A file that was built here before its source was changed. */
function isOutdated() {
  const built = path.join(root, 'build', 'Release', 'kahea_net.node')
  if (!existsSync(built)) return false
  const { mtimeMs } = statSync(built)
  return readdirSync(path.join(root, 'native')).some((name) => /\.[ch]$/.test(name) && statSync(path.join(root, 'native', name)).mtimeMs > mtimeMs)
}

function nodeGyp() {
  if (process.env.npm_config_node_gyp) return process.env.npm_config_node_gyp
  try {
    return require.resolve('node-gyp/bin/node-gyp.js')
  } catch {
    return undefined
  }
}

/** Node's headers beside the program, where they are: nothing is to be downloaded then. */
function ownHeaders() {
  const prefix = path.dirname(path.dirname(process.execPath))
  const isThere = existsSync(path.join(prefix, 'include', 'node', 'node_api.h'))
  return isThere && !process.env.npm_config_nodedir ? [`--nodedir=${prefix}`] : []
}

function build() {
  const script = nodeGyp()
  if (script === undefined) return 'node-gyp is not there'
  const command = [script, 'rebuild', ...ownHeaders()]
  const result = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', timeout: 300_000 })
  if (result.status === 0) return undefined
  const lines = `${result.stdout ?? ''}${result.stderr ?? ''}`.split('\n')
  const find = (mark) => lines.find((line) => mark.test(line))
  const reason = find(/not found|No such file|Permission denied/) ?? find(/error:/) ?? find(/gyp ERR! stack/) ?? ''
  return reason.replace('gyp ERR! stack', '').trim() || `node-gyp ended with status ${result.status}`
}

if (process.platform === 'linux' && process.env.KAHEA_NO_ADDON !== '1' && (isOutdated() || !tryLoad())) {
  const reason = build()
  if (reason !== undefined) console.error(`kahea: no native UDP add-on (${reason}); Node's dgram is used instead`)
}

// In a clone there is nothing to compile before the first build.
if (existsSync(path.join(root, 'dist', 'lib', 'kahea.cjs'))) {
  try {
    require('../bin/load-package.js').keepCompiled()
  } catch (error) {
    console.error(`kahea: the compiled code cannot be kept (${error.message}); each start compiles anew`)
  }
}
