/** A script that is its own configuration: `export const config = { listen, settings, modules }`, as the text of a native file. */
import type { LoadError } from '../../define/kemi.ts'
import { Budget } from '../budget.ts'
import { toBytes } from '../text.ts'
import { loadModule, type Exports, type ModuleSurroundings } from './module-loader.ts'

type Value = string | number

/** What a script may say of the server around it. */
export interface ScriptConfig {
  /** `udp:127.0.0.1:5060`, or several. */
  readonly listen?: string | readonly string[]
  readonly alias?: string | readonly string[]
  /** Global parameters of the native file: `{ debug: 2, log_prefix: '{$ci} ' }`. */
  readonly settings?: Readonly<Record<string, Value>>
  /** Modules with their parameters; an array gives one several times. */
  readonly modules?: Readonly<Record<string, Readonly<Record<string, Value | readonly Value[]>>>>
}

/** What routes mostly need; named modules come on top. */
const USUAL_MODULES = [
  'pv', 'tm', 'tmx', 'sl', 'rr', 'maxfwd', 'sanity', 'siputils', 'textops', 'corex', 'kemix', 'xlog', 'usrloc', 'registrar',
]

/** Reads a script for its configuration. Its top level runs, with nothing behind `kahea` yet. */
export async function configurationOf(path: string, read: ModuleSurroundings['read']): Promise<string | LoadError> {
  const loaded = await loadModule(path, {
    read,
    cell: { context: undefined, budget: new Budget(5000, () => performance.now()) },
    globals: { KSR: standIn() },
    packages: { kahea: standIn() as unknown as Exports },
  })
  if ('reason' in loaded) return loaded
  const written = loaded.exports['config'] ?? {}
  if (typeof written !== 'object' || written === null) return { file: path, line: 0, column: 0, reason: 'config is no object' }
  const text = textOf(path, written)
  return text.startsWith('#') ? text : { file: path, line: 0, column: 0, reason: text }
}

/** Takes any use without doing a thing: tables and the like are named at the top level, and used in routes. */
function standIn(): object {
  const target = (): object => made
  const get = (_target: unknown, name: string | symbol) => (name === 'then' || typeof name === 'symbol' ? undefined : made)
  const made: object = new Proxy(target, { get, apply: () => made })
  return made
}

function textOf(path: string, config: ScriptConfig): string {
  const lines = [`# made of ${path}`]
  const wrong = Object.keys(config).find((name) => !['listen', 'alias', 'settings', 'modules'].includes(name))
  if (wrong !== undefined) return `config.${wrong} is none of listen, alias, settings, modules`
  for (const listen of listOf(config.listen)) lines.push(`listen=${address(listen)}`)
  for (const alias of listOf(config.alias)) lines.push(`alias=${quoted(alias)}`)
  for (const [name, value] of Object.entries(config.settings ?? {})) {
    if (!isName(name)) return `config.settings.${name} is no name of a parameter`
    lines.push(`${name}=${written(value)}`)
  }
  const modules = config.modules ?? {}
  for (const name of new Set([...USUAL_MODULES, ...Object.keys(modules), 'app_ts'])) {
    if (!isName(name)) return `config.modules.${name} is no name of a module`
    lines.push(`loadmodule "${name}.so"`)
  }
  for (const [module, parameters] of Object.entries(modules)) {
    for (const [name, values] of Object.entries(parameters)) {
      for (const value of Array.isArray(values) ? values : [values]) lines.push(`modparam("${module}", ${quoted(name)}, ${written(value)})`)
    }
  }
  const own = modules['app_ts']
  if (own?.['load'] === undefined) lines.push(`modparam("app_ts", "load", ${quoted(path)})`)
  if (own?.['watch'] === undefined) lines.push('modparam("app_ts", "watch", 1)')
  lines.push('cfgengine "ts"')
  return `${lines.join('\n')}\n`
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

function isName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
}

/** `udp:127.0.0.1:5060 advertise host:port`: nothing else may follow. */
function address(text: string): string {
  return text.replace(/[^\w.:*\-[\] ]/g, '')
}

function written(value: Value): string {
  return typeof value === 'number' ? String(Math.trunc(value)) : quoted(value)
}

function quoted(text: string): string {
  return `"${toBytes(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\r/g, '\\r').replace(/\n/g, '\\n')}"`
}
