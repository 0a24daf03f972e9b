/** Which routes may have to wait: those become async functions, all others stay plain ones. */
import type { Expression, Statement } from './ast.ts'
import type { Program, RoutePlan } from './compile-plan.ts'

export interface Waiting {
  route(plan: RoutePlan): boolean
  expression(e: Expression): boolean
  statements(statements: readonly Statement[]): boolean
  /** Any route that route() may call by a computed name. */
  anyRoute(): boolean
}

/** Colours the call graph: what calls something that may wait may wait itself. */
export function findWaiting(program: Program, isNetwork: (text: string) => boolean): Waiting {
  const waiting = new Set<RoutePlan>()
  const requestRoutes = new Map<string, RoutePlan>()
  for (const plan of program.routes) if (plan.kind === 'request') requestRoutes.set(plan.name, plan)

  const anyRoute = (): boolean => [...requestRoutes.values()].some((plan) => waiting.has(plan))

  const expression = (e: Expression): boolean => {
    switch (e.kind) {
      case 'unary':
      case 'cast':
        return expression(e.operand)
      case 'selval':
        return expression(e.condition) || expression(e.then) || expression(e.otherwise)
      case 'binary':
        return expression(e.left) || expression(e.right) || looksUpName(e)
      case 'actions':
        return statements(e.body.statements)
      case 'call': {
        const route = program.routeCalls.get(e)
        if (route?.kind === 'known') {
          const plan = requestRoutes.get(route.name)
          return plan !== undefined && waiting.has(plan)
        }
        if (route?.kind === 'computed') return anyRoute() || expression(route.name)
        const call = program.calls.get(e)
        return call?.mayWait === true || (call?.fetches.length ?? 0) > 0 || e.args.some(expression)
      }
      case 'variable':
      case 'avp':
        return program.variables.get(e)?.fetch !== undefined
      default:
        return false
    }
  }

  /** `src_ip == host.name` asks DNS. */
  const looksUpName = (e: Extract<Expression, { kind: 'binary' }>): boolean => {
    if (e.left.kind !== 'operand' || !e.left.name.endsWith('_ip') || e.operator === '=~') return false
    if (e.right.kind === 'operand' || e.right.kind === 'address') return false
    const text = e.right.kind === 'word' ? e.right.text : e.right.kind === 'string' ? e.right.value : undefined
    return text === undefined || !isNetwork(text)
  }

  const statement = (s: Statement): boolean => {
    switch (s.kind) {
      case 'empty': return false
      case 'block': return statements(s.statements)
      case 'if':
        if (expression(s.condition) || statements(s.then.statements)) return true
        return s.otherwise !== undefined && statement(s.otherwise)
      case 'while': return expression(s.condition) || statements(s.body.statements)
      case 'switch': return expression(s.subject) || s.cases.some((item) => statements(item.body))
      case 'assign': return expression(s.value)
      case 'flow': return s.value !== undefined && expression(s.value)
      case 'expression': return expression(s.expression)
    }
  }
  const statements = (list: readonly Statement[]): boolean => list.some(statement)

  for (let size = -1; size !== waiting.size; ) {
    size = waiting.size
    for (const plan of program.routes) {
      if (!waiting.has(plan) && statements(plan.statements)) waiting.add(plan)
    }
  }
  return { route: (plan) => waiting.has(plan), expression, statements, anyRoute }
}
