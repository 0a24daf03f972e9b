/** The whole program as one piece of JavaScript: a function of the constants that gives the routes. */
import type { RouteFunction } from '../runtime/host.ts'
import type { RoutePlan } from './compile-plan.ts'
import { FunctionCode, type Emission } from './emit-function.ts'
import { sourceMap, type Mapping } from './emit-source-map.ts'
import { emitBlock } from './emit-statement.ts'

/** Names of the runtime's functions that generated code calls. */
const supportNames = [
  'toInt', 'textIntoInt', 'equalsText', 'equalsInt', 'equalsValue', 'equalsNothing', 'divide', 'modulo',
  'matchComputed', 'selvalFails', 'definedInt', 'isPositive', 'valueToText', 'operandText', 'operandNumber',
  'operandAddress', 'isSameText', 'matchesOperand', 'matchesOperandBy', 'isInNetwork', 'isAddressOf', 'isOwn', 'begin',
  'moduleResult', 'routeResult', 'tooDeep', 'findRoute', 'runaway', 'refused', 'unassigned', 'unreturnable', 'failed',
  'NO_ROUTE', 'NOT_CALLED',
] as const

export interface Emitted {
  /** The body of a function of `support`, `constants`, `routes` and `patterns`. */
  readonly body: string
  readonly constants: readonly unknown[]
  /** Generated names by route, `kind name`. */
  readonly names: ReadonlyMap<string, string>
  readonly sourceMap: string
}

/** What the generated code is, once it runs. */
export type CompiledRoutes = Readonly<Record<string, RouteFunction>>

/** Lines that `new Function` puts in front of the body. */
const HEAD_LINES = 2

export function routeKey(plan: { readonly kind: string; readonly name: string }): string {
  return `${plan.kind} ${plan.name}`
}

/** Names of unnamed routes, as `$cfg(route)` gives them. */
const unnamed: Readonly<Record<string, string>> = {
  request: 'DEFAULT_ROUTE', onreply: 'DEFAULT_ONREPLY', failure: 'DEFAULT_FAILURE', branch: 'DEFAULT_BRANCH',
  onsend: 'DEFAULT_SEND', event: 'DEFAULT_EVENT',
}

export function emitProgram(emission: Emission, fileName: string): Emitted {
  const { program } = emission
  const names = new Map<string, string>()
  for (const plan of program.routes) {
    const isAsync = emission.waiting.route(plan)
    const prefix = plan.kind === 'request' ? 'route' : `${plan.kind}_route`
    const ofUnnamed = plan.kind === 'request' ? 'request_route' : prefix
    const name = emission.functionName(plan.name === '' ? ofUnnamed : `${prefix}_${plan.name}`)
    emission.routes.set(routeKey(plan), { name, isAsync })
    names.set(routeKey(plan), name)
  }
  for (const plan of program.routes) emitRoute(emission, plan)
  return assemble(emission, names, fileName)
}

function emitRoute(emission: Emission, plan: RoutePlan): void {
  const route = emission.routes.get(routeKey(plan))
  if (route === undefined) return
  const routeName = plan.name !== '' ? plan.name : (unnamed[plan.kind] ?? '')
  const code = new FunctionCode(emission, route.name, route.isAsync, routeName, plan.span.file)
  code.line(`context.file = ${emission.constant(plan.span.file, 'text')}`)
  code.line(`context.routeName = ${emission.constant(routeName, 'text')}`)
  code.lineBehind = plan.span.endLine
  emitBlock(code, plan.statements, true)
  const last = plan.statements.at(-1)
  code.finish(last?.kind === 'flow' ? undefined : 'r', plan.span)
}

function assemble(emission: Emission, names: ReadonlyMap<string, string>, fileName: string): Emitted {
  const lines = [
    "'use strict'",
    `const { ${supportNames.join(', ')} } = support`,
    ...(emission.isTraced ? ['const { trace, traceAssigned } = options'] : []),
    `const [${emission.constantNames().join(', ')}] = constants`,
  ]
  const mappings: Mapping[] = []
  for (const code of emission.functions) {
    for (const { text, span } of code) {
      lines.push(text)
      if (span === undefined) continue
      const { file, line, column } = span
      mappings.push({ generatedLine: lines.length + HEAD_LINES, file, line, column })
    }
  }
  lines.push(`return { ${[...names.values()].join(', ')} }`)
  return { body: lines.join('\n'), constants: emission.constants, names, sourceMap: sourceMap(fileName, mappings) }
}
