/**
 * Puts the sources into few files: node --import tsx scripts/build.ts [--help]
 *
 * `dist/lib/kahea.cjs` is the server, the command and what programs import, in one file, with the packages that every start reads: from
 * some hundred modules Node takes twice as long to start. `dist/lib/index.js` hands its exports to programs, `dist/workers/` are the
 * threads. Types come from tsc (`dist/types`).
 * Every file stands two folders below the package, as src/base/package-root.ts expects.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parse } from 'acorn'
import { build, type BuildOptions } from 'esbuild'
import { ksrTypes } from './ksr.ts'

const root = join(import.meta.dirname, '..')

/** Packages that go into the file: small ones that every start reads. All others are read where they stand, when they are needed. */
const bundled = ['acorn', 'dns-packet', 'ipaddr.js', 're2js']

type Versions = Readonly<Record<string, string>>
const packageText = readFileSync(join(root, 'package.json'), 'utf8')
const manifest: { readonly dependencies: Versions, readonly peerDependencies: Versions } = JSON.parse(packageText)
const external = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter((name) => !bundled.includes(name))

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  external,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
}

/**
 * One CommonJS file: only such a file can be kept as compiled code (bin/load-package.js). `import()` does not work in kept code, so each becomes a
 * call of `esLoad`, which the loader hands in; the name is as long as the word, so that the source map stays right.
 */
const buildPackage = async (): Promise<void> => {
  const result = await build({
    ...common,
    entryPoints: ['src/package.ts'],
    outfile: 'dist/lib/kahea.cjs',
    format: 'cjs',
    // A good part of a start is to read the text. Names stay: they stand in stack traces and profiles.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    metafile: true,
    charset: 'ascii',
    define: { 'import.meta.url': 'fileUrl' },
    banner: { js: 'const fileUrl = require("node:url").pathToFileURL(__filename).href;' },
    write: false,
  })
  for (const { path, text } of result.outputFiles) {
    writeFileSync(path, path.endsWith('.map') ? text : asFunction(withoutImports(text)))
  }
  writeFileSync(join(root, 'dist', 'lib', 'licenses-of-packages.txt'), licensesOf(Object.keys(result.metafile.inputs)))
}

/** As the loader calls it, so that it need not put the text together first. */
const asFunction = (code: string): string => `(function (exports, require, module, __filename, __dirname, esLoad) {${code}\n})`

/** What the licenses of the packages in the file ask for: their text goes with it. */
const licensesOf = (inputs: readonly string[]): string => {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))
  return [...folders].sort().map((folder) => {
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name))
    if (file === undefined) throw new Error(`${folder} has no license to go with the file`)
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`
  }).join(`\n${'-'.repeat(72)}\n\n`)
}

const withoutImports = (code: string): string => {
  const ends = [0]
  parse(code, { ecmaVersion: 'latest', onToken: ({ type, end }) => { if (type.keyword === 'import') ends.push(end) } })
  return ends.map((from, index) => code.slice(from, (ends[index + 1] ?? code.length + 'import'.length) - 'import'.length)).join('esLoad')
}

const buildWorkers = async (): Promise<void> => {
  await build({ ...common, entryPoints: { sqlite: 'src/db/sqlite/worker.ts' }, outdir: 'dist/workers', format: 'esm' })
}

/** What programs import is the instance that serves, not a second one. */
const writeIndex = async (): Promise<void> => {
  const result = await build({ ...common, entryPoints: ['src/index.ts'], outdir: 'dist/lib', format: 'esm', write: false, metafile: true, sourcemap: false })
  const names = Object.values(result.metafile.outputs).flatMap((output) => output.exports).sort()
  writeFileSync(join(root, 'dist', 'lib', 'index.js'), `// Written by scripts/build.ts.
import { createRequire } from 'node:module'

export const {
${names.map((name) => `  ${name},\n`).join('')}} = createRequire(import.meta.url)('../../bin/load-package.js').loadPackage()
`)
}

/** Editors find KSR where they find the package's own types. */
const writeKsrTypes = async (): Promise<void> => {
  const index = join(root, 'dist', 'types', 'index.d.ts')
  if (!existsSync(index)) return
  writeFileSync(join(root, 'dist', 'types', 'ksr.d.ts'), await ksrTypes())
  const text = readFileSync(index, 'utf8')
  const line = "export type * from './ksr.js'\n"
  if (!text.includes(line)) writeFileSync(index, text + line)
}

if (process.argv.includes('--help')) {
  console.log('usage: node --import tsx scripts/build.ts   writes dist/lib and dist/workers')
} else {
  for (const folder of ['cli', 'lib', 'workers', 'chunks']) rmSync(join(root, 'dist', folder), { recursive: true, force: true })
  mkdirSync(join(root, 'dist', 'lib'), { recursive: true })
  await Promise.all([buildPackage(), buildWorkers(), writeIndex(), writeKsrTypes()])
  createRequire(import.meta.url)('../bin/load-package.js').keepCompiled()
}
