/** Reference pages made of the module definitions: what `npm run docs` writes and the tests compare. */
import core from '../src/modules/core/core.ts'
import { modules } from '../src/modules/index.ts'
import type { Arg } from '../src/define/arg.ts'
import type { AnyModule, FunctionDef } from '../src/define/module.ts'
import type { Param } from '../src/define/param.ts'
import { ksrCall, ksrFunctions } from './ksr.ts'
import { checkCodes } from '../src/script/check-codes.ts'
import { diagnosticCodes } from '../src/script/diagnostic-codes.ts'

/** Every page by its path below docs/reference. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const definitions: AnyModule[] = [core]
  for (const load of Object.values(modules)) definitions.push(await load())
  const pages = new Map<string, string>()
  for (const definition of definitions) pages.set(`modules/${definition.name}.md`, modulePage(definition))
  pages.set('README.md', indexPage(definitions))
  pages.set('errors.md', errorsPage())
  return pages
}

const AREAS = ['core', 'routing', 'text', 'media', 'network', 'data', 'security', 'logging', 'operations'] as const

function indexPage(definitions: readonly AnyModule[]): string {
  const lines = ['# Reference', '', GENERATED, '', 'Also: [every error of the configuration](errors.md).', '']
  for (const area of AREAS) {
    const inArea = definitions.filter((definition) => definition.area === area)
    if (inArea.length === 0) continue
    lines.push(`## ${area[0]?.toUpperCase()}${area.slice(1)}`, '', '| module | what it does | functions | variables | transformations |', '| --- | --- | --- | --- | --- |')
    for (const { name, summary, functions = {}, variables = {}, transformations = {} } of inArea) {
      const counts = [functions, variables, transformations].map((table) => Object.keys(table).length || '')
      lines.push(`| [${name}](modules/${name}.md) | ${summary} | ${counts.join(' | ')} |`)
    }
    lines.push('')
  }
  return lines.join('\n')
}

const GENERATED = '<!-- Made from the module definitions by `npm run docs`; do not edit. -->'

function modulePage(definition: AnyModule): string {
  const { name, summary } = definition
  const lines = [`# ${name}`, '', GENERATED, '', summary, '']
  if (name !== 'core') lines.push('```', `loadmodule "${name}.so"`, '```', '')
  addParams(lines, definition.params ?? {})
  addFunctions(lines, definition.functions ?? {})
  const rows = (title: string, table: Readonly<Record<string, { readonly summary: string } | string>>, show: (name: string) => string): void => {
    const names = Object.keys(table)
    if (names.length === 0) return
    lines.push(`## ${title}`, '', '| name | |', '| --- | --- |')
    for (const key of names) {
      const entry = table[key]
      lines.push(`| \`${show(key)}\` | ${cell(typeof entry === 'string' ? entry : (entry?.summary ?? ''))} |`)
    }
    lines.push('')
  }
  const variables = definition.variables ?? {}
  rows('Variables', variables, (key) => {
    const inner = variables[key]?.inner
    return `$${key}${inner === 'required' ? '(name)' : inner === 'optional' ? '[(name)]' : ''}`
  })
  const transformations = definition.transformations ?? {}
  rows('Transformations', transformations, (key) => `{${[key, ...(transformations[key]?.params ?? [])].join(',')}}`)
  const selects = Object.fromEntries((definition.selects ?? []).map((select) => [select.path, select.summary]))
  rows('Selects', selects, (key) => `@${key}`)
  rows('Event routes', definition.events ?? {}, (key) => `event_route[${key}]`)
  const ksr = Object.fromEntries(ksrFunctions(definition).map((fn) => [ksrCall(fn), `${fn.summary}${fn.mayWait ? ' May wait.' : ''}`]))
  rows('Functions for scripts in other languages (KEMI)', ksr, (key) => key)
  rows('RPC commands', definition.rpc ?? {}, (key) => key)
  rows('Statistics', definition.statistics ?? {}, (key) => key)
  return `${lines.join('\n').trimEnd()}\n`
}

function addParams(lines: string[], params: Readonly<Record<string, Param>>): void {
  const names = Object.keys(params)
  if (names.length === 0) return
  lines.push('## Parameters', '', '| name | type | default | |', '| --- | --- | --- | --- |')
  for (const name of names) {
    const param = params[name]
    if (!param) continue
    const initial = param.type === 'list' ? 'may be set many times' : param.initial === '' ? 'empty' : `\`${String(param.initial)}\``
    const bounds = param.min === undefined && param.max === undefined ? '' : ` From ${param.min ?? '…'} to ${param.max ?? '…'}.`
    lines.push(`| \`${name}\` | ${param.type} | ${initial} | ${cell(param.summary)}${bounds}${param.reloadable ? ' Changeable while running.' : ''} |`)
  }
  lines.push('')
}

function addFunctions(lines: string[], functions: Readonly<Record<string, FunctionDef<never>>>): void {
  const names = Object.keys(functions)
  if (names.length === 0) return
  lines.push('## Functions', '')
  for (const name of names) {
    const definition = functions[name]
    if (!definition) continue
    lines.push(`### ${name}`, '', definition.summary, '')
    for (const { args, routes } of definition.forms) {
      lines.push('```', `${name}(${args.map(argText).join('')})`, '```', '')
      for (const argument of args) lines.push(`- \`${argument.name}\`: ${argument.summary}`)
      if (args.length > 0) lines.push('')
      lines.push(`Allowed in ${routes === 'any' ? 'every route' : routes.map((route) => (route === 'tmOnreply' ? 'named onreply routes' : `${route} routes`)).join(', ')}.`, '')
    }
    if (definition.aliases?.length) lines.push(`Also called ${definition.aliases.map((alias) => `\`${alias}\``).join(', ')}.`, '')
    if (definition.returns) {
      const results = Object.entries(definition.returns).sort(([a], [b]) => Number(b) - Number(a))
      lines.push('Results:', '', ...results.map(([value, meaning]) => `- ${value}: ${meaning}`), '')
    }
  }
}

function argText(argument: Arg, index: number): string {
  const separator = index === 0 ? '' : ', '
  return argument.optional ? `[${separator}${argument.name}]` : `${separator}${argument.name}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function errorsPage(): string {
  const lines = ['# Errors of a configuration', '', GENERATED, '', '`kahea check FILE` prints all of them at once, each with its line.', '', '| code | what it means |', '| --- | --- |']
  for (const [code, meaning] of Object.entries({ ...diagnosticCodes, ...checkCodes }).sort(([a], [b]) => a.localeCompare(b))) {
    lines.push(`| ${code} | ${cell(meaning)} |`)
  }
  return `${lines.join('\n')}\n`
}
