/** KSR of all modules: as rows of the reference pages, and as types for editors. */
import core from '../src/modules/core/core.ts'
import { modules } from '../src/modules/index.ts'
import type { KsrFunction } from '../src/define/kemi.ts'
import type { AnyModule } from '../src/define/module.ts'
import { createKsr } from '../src/kemi/ksr-table.ts'

const env = { variable: () => 'none', format: () => 'none', regex: () => 'none' }

/** The functions of KSR that modules bring. */
export function ksrFunctions(...definitions: readonly AnyModule[]): readonly KsrFunction[] {
  return createKsr(definitions.map((definition) => ({ definition, state: undefined })), env).functions
}

export function ksrCall({ module, name, args }: KsrFunction): string {
  return `KSR.${module === '' ? '' : `${module}.`}${name}(${parameters(args).map((parameter) => parameter.split(':')[0]).join(', ')})`
}

/** Names that TypeScript takes, each once. */
function parameters(args: KsrFunction['args']): string[] {
  const used = new Set<string>()
  return args.map(({ name, type }, index) => {
    let own = name.replace(/[^A-Za-z0-9_]+(.)?/g, (_all, next: string | undefined) => (next ?? '').toUpperCase())
    if (!/^[A-Za-z_]/.test(own) || reserved.has(own) || used.has(own)) own = `${own === '' ? 'arg' : own.replace(/^\d+/, '')}${index + 1}`
    used.add(own)
    return `${own}: ${type === 'int' ? 'number' : 'string'}`
  })
}

const reserved = new Set(['default', 'function', 'var', 'in', 'of', 'new', 'delete', 'class', 'enum', 'with', 'if', 'this', 'null', 'const', 'for'])

const returns: Readonly<Record<KsrFunction['returns'], string>> = {
  int: 'number', bool: 'boolean', str: 'string', xval: 'KsrValue', none: 'void',
}

/** The text of `dist/types/ksr.d.ts`. */
export async function ksrTypes(): Promise<string> {
  const definitions = [core, ...await Promise.all(Object.values(modules).map((load) => load()))]
  const functions = ksrFunctions(...definitions)
  const byModule = new Map<string, KsrFunction[]>()
  for (const fn of functions) byModule.set(fn.module, [...(byModule.get(fn.module) ?? []), fn])
  const summaries = new Map(definitions.map(({ name, summary }) => [name, summary]))
  const lines = [
    '/** KSR: what scripts call. Made of the module definitions. Only functions of loaded modules are there when a script runs. */',
    'export type KsrValue = string | number | null',
    '',
  ]
  const name = (module: string): string => `Ksr${module.replace(/(^|_)([a-z])/g, (_all, _start, letter: string) => letter.toUpperCase())}`
  for (const [module, members] of byModule) {
    if (module === '') continue
    lines.push(`/** ${summaries.get(module) ?? `Functions of KSR.${module}.`} */`, `export interface ${name(module)} {`)
    for (const member of members) lines.push(...memberLines(member))
    lines.push('}', '')
  }
  lines.push('export interface KsrX {', '  /** Ends the route. */', '  exit(): never', '  /** Ends the route and drops the message. */', '  drop(): never',
    '  /** Calls a function of the native script by its name. */', '  modf(name: string, ...args: (string | number)[]): number | Promise<number>', '}', '')
  lines.push('export interface Ksr {')
  for (const member of byModule.get('') ?? []) lines.push(...memberLines(member))
  for (const module of byModule.keys()) if (module !== '') lines.push(`  readonly ${module}: ${name(module)}`)
  lines.push('  readonly x: KsrX', '}', '', 'declare global {', '  const KSR: Ksr', '}', '')
  return lines.join('\n')
}

function memberLines(fn: KsrFunction): string[] {
  const answer = returns[fn.returns]
  const given = fn.mayWait ? `${answer} | Promise<${answer}>` : answer
  return [`  /** ${fn.summary.replaceAll('*/', '* /')} */`, `  ${fn.name}(${parameters(fn.args).join(', ')}): ${given}`]
}
