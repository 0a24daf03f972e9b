/** A whole configuration: the routes as TypeScript, and what is left for the cfg. */
import { createPrepareEnv } from '../runtime/prepare.ts'
import { scriptSupport } from '../runtime/script-support.ts'
import type { Call, Expression, Item, Span, Statement } from '../script/ast.ts'
import { checkConfig } from '../script/check.ts'
import type { Program, RoutePlan } from '../script/compile-plan.ts'
import type { Diagnostic } from '../script/diagnostic.ts'
import type { ParsedConfig } from '../script/parse.ts'
import type { Registry } from '../script/registry.ts'
import { lineOf, type Sources } from '../script/source.ts'
import { waits } from './call.ts'
import type { Comments } from './comments.ts'
import { Conversion, isCall, ksrNames, parts, routeKey, type ConvertedRoute } from './conversion.ts'
import { eventsOf, type EventFunction } from './events.ts'
import { identifier, isIdentifier } from './literals.ts'
import { StatementPrinter, type Tail } from './statement.ts'
import { RETURN_CODE, supportText } from './support.ts'

export interface ConvertOptions {
  readonly parsed: ParsedConfig
  readonly registry: Registry
  readonly comments: Comments
  /** `max_while_loops`. */
  readonly roundsMax: number
}

export interface Converted {
  /** The functions, helpers at their end. */
  readonly source: string
  readonly events: readonly EventFunction[]
  readonly routes: readonly ConvertedRoute[]
  readonly diagnostics: readonly Diagnostic[]
  /** Statements from which modules learn what they have to know when the server starts. */
  readonly learned: readonly string[]
  /** Defines that stand in the source as constants. */
  readonly constants: readonly string[]
}

export function convert(options: ConvertOptions): Converted {
  const { parsed, registry, comments, roundsMax } = options
  const { diagnostics, program } = checkConfig({
    config: parsed.config, registry, env: createPrepareEnv(registry), prepareArg: scriptSupport.prepareArg,
  })
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    return { source: '', events: [], routes: [], diagnostics, learned: [], constants: [] }
  }
  const routes = nameRoutes(program)
  const conversion: Conversion = new Conversion({
    program, registry, routes, ksr: ksrNames(registry), keepsReturnCode: readsReturnCode(program), ...keptCalls(program), roundsMax,
    constantAt: (e) => constantAt(parsed, conversion, e),
  })
  for (const item of parsed.config.items) {
    if (item.kind === 'cfgengine' && item.name !== 'native') {
      conversion.cannot(`a configuration that routes by a script (cfgengine "${item.name}")`, item.span, 'its own routes never run')
    }
  }
  const [main] = parsed.sources.keys()
  for (const { span, name } of program.routes) {
    if (span.file !== main) conversion.cannot(`route ${name} of an included file`, span, 'put its text into the file itself')
  }
  colour(conversion)
  const order = [...routes.values()]
  const forStatelessReplies = statelessReplyRoute(parsed.config.items)
  const functions = order.map((route) => {
    const { kind, name } = route.plan
    conversion.dropsAtZero = kind === 'onsend' || (kind === 'onreply' && (name === '' || name === forStatelessReplies))
    return functionOf(conversion, comments, route)
  })
  const events = eventsOf(conversion)
  const aliases = aliasesOf(conversion, parsed.config.items)
  const constants = [...conversion.constants]
  const declared = constants.map((name) => `const ${name} = ${parsed.defines.get(name)?.trim() ?? ''}`)
  const helpers = supportText(conversion.used)
  const source = [
    ...(declared.length > 0 ? [declared.join('\n')] : []), ...functions, ...events.map(({ source: text }) => text),
    ...(aliases === '' ? [] : [aliases]), ...(helpers === '' ? [] : [helpers]),
  ].join('\n\n')
  const problems = [...diagnostics, ...conversion.problems]
  return { source, events, routes: order, diagnostics: problems, learned: learnedFrom(program), constants }
}

/** Statements of the cfg from which modules learn when the server starts: containers of geoip2, tables of usrloc. */
function learnedFrom(program: Program): readonly string[] {
  const statements = program.routes.flatMap((route) => [...parts(route.statements)]).flatMap((part) => {
    if (isCall(part)) return tablesIn(program, part).map((table) => `lookup("${table}");`)
    const text = part.kind === 'variable' ? part.text : part.kind === 'string' ? part.value : ''
    return [...text.matchAll(/\$\(?gip2\(\s*([^=\s)]+)\s*=>/g)].map(([, name = '']) => `if ($gip2(${name}=>cc)) exit;`)
  })
  return [...new Set(statements)]
}

function tablesIn({ calls }: Program, call: Call): readonly string[] {
  const plan = calls.get(call)
  if (plan?.entry.module.definition.name !== 'registrar') return []
  return call.args.flatMap((e, index) => {
    const isTable = plan.form.args[index]?.name === 'table'
    return isTable && e.kind === 'string' && /^\w+$/.test(e.value) ? [e.value] : []
  })
}

function statelessReplyRoute(items: readonly Item[]): string | undefined {
  const given = items.find((item) => item.kind === 'modparam' && item.name === 'on_sl_reply')
  return given?.kind === 'modparam' ? String(given.value.value) : undefined
}

const unnamed: Readonly<Record<string, string>> = {
  request: 'ksr_request_route', onreply: 'ksr_reply_route', onsend: 'ksr_onsend_route', failure: 'failure_route', branch: 'branch_route',
}

function nameRoutes(program: Program): ReadonlyMap<string, ConvertedRoute> {
  const taken = new Set(['KSR', ...Object.values(unnamed)])
  const routes = new Map<string, ConvertedRoute>()
  for (const plan of program.routes) {
    const prefix = plan.kind === 'request' ? 'route' : plan.kind
    const wanted = plan.name === '' ? (unnamed[plan.kind] ?? plan.kind) : identifier(`${prefix}_${plan.name}`)
    let name = wanted
    for (let number = 2; plan.name !== '' && taken.has(name); number++) name = `${wanted}_${number}`
    taken.add(name)
    routes.set(routeKey(plan.kind, plan.name), { plan, name, givesNumber: false, isAsync: false })
  }
  return routes
}

const readsCode = /\$\(?(?:rc|retcode|\?)(?![A-Za-z0-9_])/

const isRead = (part: Statement | Expression): boolean =>
  (part.kind === 'variable' && readsCode.test(part.text)) || (part.kind === 'string' && readsCode.test(part.value))

function readsReturnCode(program: Program): boolean {
  return program.routes.some(({ statements }) => [...parts(statements)].some(isRead))
}

/**
 * Calls in front of the last place in their route where `$rc` is read. Where a route reads it before it calls anything, it is that of
 * another one: then all calls count.
 */
function keptCalls(program: Program): Pick<Conversion, 'keptCalls' | 'keepsAllCodes'> {
  const kept = new Set<Call>()
  for (const { statements } of program.routes) {
    const all = [...parts(statements)]
    const reads = all.map((part, index) => (isRead(part) ? index : -1)).filter((index) => index >= 0)
    const [first, last] = [reads[0], reads.at(-1)]
    if (first === undefined || last === undefined) continue
    // Those of the core leave $rc alone.
    const calls = all.flatMap((part, index) => (isCall(part) && (!part.isCore || program.routeCalls.has(part)) ? [{ part, index }] : []))
    const firstCall = calls[0]?.index
    if (firstCall === undefined || firstCall > first || all.some((part) => part.kind === 'while')) {
      return { keepsAllCodes: true, keptCalls: new Set(program.routes.flatMap((route) => [...parts(route.statements)].filter(isCall))) }
    }
    for (const { part, index } of calls) if (index < last) kept.add(part)
  }
  return { keepsAllCodes: false, keptCalls: kept }
}

/** Which functions give a number, and which wait. */
function colour(conversion: Conversion): void {
  const { program, routes, keptCalls: kept } = conversion
  const asked = new Set<unknown>()
  for (const { statements } of program.routes) {
    for (const part of parts(statements)) {
      if (part.kind === 'expression' && part.expression.kind === 'call') asked.add(part.expression)
    }
    for (const part of parts(statements)) {
      if (!isCall(part) || (asked.has(part) && !kept.has(part))) continue
      const called = program.routeCalls.get(part)
      const route = called?.kind === 'known' ? routes.get(routeKey('request', called.name)) : undefined
      if (route !== undefined) route.givesNumber = true
    }
  }
  // What a route gives by falling off its end is what the route gives that it calls last.
  for (let isChanged = true; isChanged;) {
    isChanged = false
    for (const route of routes.values()) {
      if (route.givesNumber) isChanged = spreadNumber(conversion, route.plan) || isChanged
      if (route.isAsync || ![...parts(route.plan.statements)].some((part) => isCall(part) && waits(conversion, part))) continue
      route.isAsync = true
      isChanged = true
    }
  }
}

function spreadNumber({ program, routes }: Conversion, plan: RoutePlan): boolean {
  let isChanged = false
  for (const part of parts(plan.statements)) {
    const called = isCall(part) ? program.routeCalls.get(part) : undefined
    const route = called?.kind === 'known' ? routes.get(routeKey('request', called.name)) : undefined
    if (route === undefined || route.givesNumber) continue
    route.givesNumber = true
    isChanged = true
  }
  return isChanged
}

function functionOf(conversion: Conversion, comments: Comments, route: ConvertedRoute): string {
  const { plan, name, givesNumber, isAsync } = route
  const { span } = plan
  const above = comments.above(span)
  const printer = new StatementPrinter(conversion, comments, route)
  // Routes that start anew, where any may read what another one left; onsend_route runs amid one.
  const isTop = (plan.kind !== 'request' || plan.name === '') && plan.kind !== 'onsend'
  if (isTop && conversion.keepsAllCodes) printer.lines.push(`  KSR.pv.seti('${RETURN_CODE}', 0)`)
  const tail: Tail = givesNumber ? 'number' : plan.kind === 'onreply' && plan.name === '' ? 'reply' : 'nothing'
  printer.list(plan.statements, tail, span)
  const type = givesNumber ? 'number' : 'void'
  const head = `export ${isAsync ? 'async ' : ''}function ${name}(): ${isAsync ? `Promise<${type}>` : type} {`
  return [...above, head, ...printer.lines, '}'].join('\n')
}

/** Routes that parameters and functions of modules name are found by their own names as well. */
function aliasesOf({ routes, program }: Conversion, items: readonly Item[]): string {
  const words = new Set(items.flatMap((item) => (item.kind === 'modparam' ? String(item.value.value).split(/[^A-Za-z0-9_]+/) : [])))
  const told = program.routes.flatMap(({ statements }) => [...parts(statements)].filter(isCall).filter((call) => !call.isCore))
  for (const { name, args } of told) {
    // Those of t_on_failure() and the like have the function's own name there.
    if (!name.startsWith('t_on_')) for (const e of args) if (e.kind === 'string') words.add(e.value)
  }
  const isComputed = told.some(({ name, args }) =>
    /route|^t_on_/.test(name) && args.some((e) => e.kind !== 'string' || e.value.includes('$')))
  const taken = new Set([...routes.values()].map(({ name }) => name))
  const aliases: string[] = []
  for (const { plan, name } of routes.values()) {
    if (plan.kind === 'event' || !isIdentifier(plan.name) || taken.has(plan.name) || !(words.has(plan.name) || isComputed)) continue
    taken.add(plan.name)
    aliases.push(`${name} as ${plan.name}`)
  }
  return aliases.length === 0 ? '' : `export { ${aliases.join(', ')} }`
}

/** The define that stands where a literal was read, so that its name can be kept. */
function constantAt({ defines, sources }: ParsedConfig, conversion: Conversion, e: Expression | undefined): string | undefined {
  if (e === undefined || (e.kind !== 'int' && e.kind !== 'string')) return undefined
  const name = writtenAt(sources, e.span)
  if (name === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || !defines.has(name)) return undefined
  const value = defines.get(name)?.trim()
  const isSame = e.kind === 'int' ? value === String(e.value) : value === JSON.stringify(e.value)
  if (!isSame) return undefined
  conversion.constants.add(name)
  return name
}

function writtenAt(sources: Sources, { file, line, column, endLine, endColumn }: Span): string | undefined {
  const source = sources.get(file)
  return source === undefined || endLine !== line ? undefined : lineOf(source, line).slice(column - 1, endColumn - 1)
}

/** What of a configuration its routes are not. */
export function settingsOf(items: readonly Item[]): readonly Exclude<Item, { kind: 'route' }>[] {
  return items.flatMap((item) => (item.kind === 'route' ? [] : [item]))
}

