/** Loads a script that is a module, in TypeScript or JavaScript, with the files it imports. Packages are Node's own business. */
import { createRequire } from 'node:module'
import { dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as vm from 'node:vm'
import type { LoadError } from '../../define/kemi.ts'
import { loadErrorAt } from '../load-error.ts'
import type { Cell } from './ksr-object.ts'
import { bodyNames, rewriteModule } from './module-body.ts'
import { names, rewriteScript } from './rewrite.ts'
import { lineOf, placeIn, waiter } from './script.ts'

export type Exports = Record<string, unknown>

export interface ModuleSurroundings {
  /** The text of a file; undefined when it cannot be read. */
  readonly read: (path: string) => string | undefined
  readonly cell: Cell
  /** What every file knows without importing it. */
  readonly globals: Readonly<Record<string, unknown>>
  /** Packages that are given instead of looked for. */
  readonly packages: Readonly<Record<string, Exports>>
}

export interface LoadedModule {
  readonly exports: Exports
  /** The script and all files it imports. */
  readonly files: readonly string[]
}

/** Stops the load where a file is wrong. */
class Faulty extends Error {
  readonly error: LoadError
  constructor(error: LoadError) {
    super(error.reason)
    this.error = error
  }
}

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor

export async function loadModule(path: string, surroundings: ModuleSurroundings): Promise<LoadedModule | LoadError> {
  const loader = new Loader(surroundings)
  try {
    return { exports: await loader.load(path), files: loader.files }
  } catch (error) {
    return error instanceof Faulty ? error.error : loader.placeOf(error, path)
  }
}

/** Every error of the script's text, and of the files it imports; nothing runs. */
export async function checkModule(path: string, read: ModuleSurroundings['read']): Promise<readonly LoadError[]> {
  const source = read(path)
  if (source === undefined) return [{ file: path, line: 0, column: 0, reason: 'cannot open file' }]
  return (await toJavaScript(path, source)).errors
}

class Loader {
  readonly #surroundings: ModuleSurroundings
  readonly #modules = new Map<string, { readonly exports: Exports; done: Promise<void> }>()
  readonly #sources = new Map<string, string>()

  constructor(surroundings: ModuleSurroundings) {
    this.#surroundings = surroundings
  }

  get files(): readonly string[] {
    return [...this.#modules.keys()]
  }

  async load(path: string): Promise<Exports> {
    const known = this.#modules.get(path)
    if (known !== undefined) {
      // Files that import each other see what is there by then.
      await Promise.race([known.done, Promise.resolve()])
      return known.exports
    }
    const module = { exports: Object.create(null) as Exports, done: Promise.resolve() }
    this.#modules.set(path, module)
    module.done = this.#run(path, module.exports)
    await module.done
    return module.exports
  }

  async #run(path: string, exports: Exports): Promise<void> {
    const { read, cell, globals } = this.#surroundings
    const source = read(path)
    if (source === undefined) throw new Faulty({ file: path, line: 0, column: 0, reason: 'cannot open file' })
    this.#sources.set(path, source)
    if (extname(path) === '.json') {
      exports['default'] = JSON.parse(source)
      return
    }
    const { code, map, errors } = await toJavaScript(path, source)
    const [error] = errors
    if (error !== undefined) throw new Faulty(error)
    const rewritten = rewriteScript(code, { file: path, sourceType: 'module', mayWait: () => false, colours: false })
    if ('reason' in rewritten) throw new Faulty(rewritten)
    rewriteModule(code, rewritten.program, rewritten.edits)
    const parameters = [names.cell, names.wait, ...Object.values(bodyNames), ...Object.keys(globals)]
    // The function's head takes two lines.
    const encoded = map === undefined ? '' : `\n//# sourceMappingURL=data:application/json;base64,${shifted(map)}`
    const body = `${rewritten.edits.apply(code)}\n//# sourceURL=${path}${encoded}`
    const run = new AsyncFunction(...parameters, body)
    const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
    await run(
      cell, waiter(cell), (specifier: unknown) => this.#import(String(specifier), path), exports, openDoors, meta,
      ...Object.values(globals),
    )
  }

  async #import(specifier: string, from: string): Promise<Exports> {
    const { packages } = this.#surroundings
    if (Object.hasOwn(packages, specifier)) return packages[specifier] ?? {}
    if (specifier.startsWith('.') || specifier.startsWith('/')) return this.load(this.#fileOf(resolve(dirname(from), specifier)))
    return importPackage(specifier, from)
  }

  /** As bundlers find files: the name itself, or with an ending; `.js` may be TypeScript. */
  #fileOf(path: string): string {
    const { read } = this.#surroundings
    const bare = path.replace(/\.js$/, '')
    const candidates = [path, `${bare}.ts`, `${path}.ts`, `${path}.js`, `${path}.mjs`, join(path, 'index.ts'), join(path, 'index.js')]
    return candidates.find((candidate) => this.#modules.has(candidate) || read(candidate) !== undefined) ?? path
  }

  /** Where an error came from that a file threw while it ran. */
  placeOf(error: unknown, path: string): LoadError {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    for (const [file, source] of this.#sources) {
      const place = placeIn(error, file)
      if (place.line > 0) return { file, ...place, reason, ...lineOf(source, place.line) }
    }
    return { file: path, line: 0, column: 0, reason }
  }
}

/** Exports are looked at when they are used, so that they may be set later and by the module itself. */
function openDoors(exports: Exports, all: Exports | undefined, doors: Readonly<Record<string, () => unknown>> = {}): void {
  for (const name of Object.keys(all ?? {})) {
    if (name !== 'default') Object.defineProperty(exports, name, { enumerable: true, get: () => all?.[name] })
  }
  for (const [name, get] of Object.entries(doors)) Object.defineProperty(exports, name, { enumerable: true, get })
}

interface JavaScript {
  readonly code: string
  readonly map: { readonly mappings: string; readonly sources: readonly string[] } | undefined
  readonly errors: readonly LoadError[]
}

/** Types are taken out; JavaScript stays as it is. */
async function toJavaScript(path: string, source: string): Promise<JavaScript> {
  if (!/\.[cm]?tsx?$/.test(path)) {
    const checked = rewriteScript(source, { file: path, sourceType: 'module', mayWait: () => false, colours: false })
    return { code: source, map: undefined, errors: 'reason' in checked ? [checked] : [] }
  }
  // Read when the first script needs it.
  const { transformSync } = await import('oxc-transform')
  const { code, map, errors } = transformSync(path, source, { lang: 'ts', sourceType: 'module', sourcemap: true })
  const failures = errors.filter(({ severity }) => severity === 'Error').map(({ message, labels }) =>
    loadErrorAt(path, source, charactersBefore(source, labels[0]?.start ?? 0), message))
  return { code, map: map === undefined ? undefined : { mappings: map.mappings, sources: [path] }, errors: failures }
}

/** Offsets of oxc count bytes of UTF-8 where there are other characters. */
function charactersBefore(source: string, bytes: number): number {
  return /^[\x00-\x7f]*$/.test(source) ? bytes : Buffer.from(source, 'utf8').subarray(0, bytes).toString('utf8').length
}

function shifted({ mappings, sources }: { readonly mappings: string; readonly sources: readonly string[] }): string {
  return Buffer.from(JSON.stringify({ version: 3, sources, names: [], mappings: `;;${mappings}` })).toString('base64')
}

/** Node warns of what it calls experimental, once for each process. */
function quietly<T>(work: () => T): T {
  const warn = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return work()
  } finally {
    process.emitWarning = warn
  }
}

/** Finds a package from the folder of the script that asks for it. */
function importPackage(specifier: string, from: string): Promise<Exports> {
  const loader = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER
  if (loader !== undefined) {
    const load: unknown = quietly(() =>
      new vm.Script('(specifier) => import(specifier)', { filename: from, importModuleDynamically: loader }).runInThisContext())
    if (typeof load === 'function') return quietly(() => load(specifier)) as Promise<Exports>
  }
  const resolved = specifier.startsWith('node:') ? specifier : createRequire(from).resolve(specifier)
  return import(resolved.startsWith('/') ? pathToFileURL(resolved).href : resolved) as Promise<Exports>
}
