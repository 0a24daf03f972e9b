/** Calls of functions and routes. */
import type { Call, Expression, ParenthesisedBlock } from './ast.ts'
import type { CallPlan } from './compile-plan.ts'
import { textOf } from './emit-expression.ts'
import { stateCode, type FunctionCode } from './emit-function.ts'
import { emitBlock } from './emit-statement.ts'
import { callTrace } from './emit-trace.ts'
import { CORE_MODULE } from './registry.ts'

/** A function call in code: conditions under which it is not made at all, and the call itself. */
interface Invocation {
  /** Evaluates arguments that can fail: `test` is true when the call must not be made, which then gives `result`. */
  readonly guards: readonly { readonly test: string; readonly result: string }[]
  readonly call: string
  readonly mayWait: boolean
  /** Code to run before, each an expression. */
  readonly before: readonly string[]
}

function invocation(code: FunctionCode, plan: CallPlan): Invocation {
  const { emission } = code
  const guards: { test: string; result: string }[] = []
  const args: string[] = []
  for (const [index, arg] of plan.args.entries()) {
    switch (arg.kind) {
      case 'fixed':
        args.push(emission.constant(arg.value, 'arg'))
        break
      case 'absent':
        args.push('undefined')
        break
      case 'evaluate': {
        const value = `${emission.constant(arg.evaluate, 'arg')}(context)`
        if (!arg.isInt) args.push(value)
        else {
          const temp = code.temp()
          guards.push({ test: `(${temp} = ${value}) !== ${temp}`, result: '-1' })
          args.push(temp)
        }
        break
      }
      case 'computed': {
        const computed = new emission.support.ComputedArg(arg.arg, emission.program.env, nameOf(plan), index + 1)
        const temp = code.temp()
        const value = `${emission.constant(computed, 'computed')}.value(context, ${textOf(code, arg.expression)})`
        guards.push({ test: `(${temp} = ${value}) === failed`, result: 'NOT_CALLED' })
        if (arg.arg.kind === 'int') guards.push({ test: `${temp} !== ${temp}`, result: '-1' })
        args.push(temp)
      }
    }
  }
  const state = stateCode(emission, plan.entry.module.state)
  const call = `${emission.constant(plan.form.run, 'run')}(${['context', state, ...args].join(', ')})`
  const before = plan.fetches.map((fetch) => `await ${emission.constant(fetch, 'fetch')}(context)`)
  return { guards, call, mayWait: plan.mayWait, before }
}

function nameOf(plan: CallPlan): string {
  const functions = plan.entry.module.definition.functions ?? {}
  return Object.keys(functions).find((name) => functions[name] === plan.entry.definition) ?? ''
}

function planOf(code: FunctionCode, call: Call): CallPlan {
  const plan = code.emission.program.calls.get(call)
  if (plan === undefined) throw new Error(`${call.name} has not been checked`)
  return plan
}

/** Functions of the core leave `$rc` alone. */
export function isOfCore(plan: CallPlan): boolean {
  return plan.entry.module.definition.name === CORE_MODULE
}

/** A call as a part of an expression: code that gives its number, with `$rc` and the end of the script looked after. */
export function callResult(code: FunctionCode, e: Call | ParenthesisedBlock): string {
  if (e.kind === 'actions') return blockResult(code, e)
  const route = code.emission.program.routeCalls.get(e)
  if (route !== undefined) return `(${traced(code, e, undefined)}begin(context), ${routeCall(code, e)})`
  const plan = planOf(code, e)
  const { guards, call, mayWait, before } = invocation(code, plan)
  let result = call
  if (mayWait) {
    const temp = code.temp()
    result = `(typeof (${temp} = ${call}) === 'number' ? ${temp} : await ${temp})`
  }
  const noted = (value: string): string => (isOfCore(plan) || value === 'NOT_CALLED' ? value : `moduleResult(context, ${value})`)
  result = noted(result)
  for (const guard of guards.toReversed()) result = `${guard.test} ? ${noted(guard.result)} : ${result}`
  return `(${[`${traced(code, e, plan)}begin(context)`, ...before, result].join(', ')})`
}

/** Tells of a call within an expression, for those who trace the script. */
const traced = (code: FunctionCode, call: Call, plan: CallPlan | undefined): string =>
  (code.emission.isTraced ? `${callTrace(code, call, plan)}, ` : '')

/** Blocks in expressions run apart: what ends them ends nothing else. */
function blockResult(code: FunctionCode, e: ParenthesisedBlock): string {
  const { emission } = code
  const isAsync = emission.waiting.statements(e.body.statements)
  const name = emission.functionName(`block_${e.span.line}`)
  const block = code.nested(name, isAsync)
  emitBlock(block, e.body.statements, true)
  block.finish('r', e.span)
  return isAsync ? `(begin(context), await ${name}(context))` : `(begin(context), ${name}(context))`
}

/** Code that calls a route and gives its result. */
function routeCall(code: FunctionCode, call: Call): string {
  const { emission } = code
  const levels = code.nesting + 1
  const deeper = `(context.depth += ${levels}) >= ${emission.recursionMax} ? tooDeep(context) : `
  const back = `${levels}, ${whereabouts(code)}`
  const plan = emission.program.routeCalls.get(call)
  if (plan?.kind === 'known') {
    const target = emission.routes.get(`request ${plan.name}`)
    if (target === undefined) throw new Error(`route ${plan.name} has not been checked`)
    const made = target.isAsync ? `await ${target.name}(context)` : `${target.name}(context)`
    return `routeResult(context, ${deeper}${made}, ${back})`
  }
  if (plan === undefined) throw new Error('route() has not been checked')
  const [name, found, result] = [code.temp(), code.temp(), code.temp()]
  const made = emission.waiting.anyRoute()
    ? `(typeof (${result} = ${found}(context)) === 'number' ? ${result} : await ${result})` : `${found}(context)`
  return (
    `((${name} = ${textOf(code, plan.name)}) === undefined || ` +
    `(${found} = findRoute(context, routes, ${name})) === undefined ? NO_ROUTE : ` +
    `routeResult(context, ${deeper}${made}, ${back}))`
  )
}

/** What `$cfg(file)` and `$cfg(route)` are again when a route comes back. */
export function whereabouts(code: FunctionCode): string {
  const { emission } = code
  return `${emission.constant(code.file, 'text')}, ${emission.constant(code.routeName, 'text')}`
}

/** A call as a statement. */
export function emitCall(code: FunctionCode, call: Call): void {
  const route = code.emission.program.routeCalls.get(call)
  if (route !== undefined) {
    if (code.emission.isTraced) code.line(callTrace(code, call, undefined))
    code.line(`r = ${routeCall(code, call)}`)
    code.line('if ((context.flow & 1) !== 0) return r')
    return
  }
  const plan = planOf(code, call)
  if (code.emission.isTraced) code.line(callTrace(code, call, plan))
  const { guards, call: made, mayWait, before } = invocation(code, plan)
  for (const each of before) code.line(each)
  if (guards.length > 0) {
    // A call that is not made leaves `$rc` alone, unless it is a number that is missing: then the function says -1.
    const result = guards.reduceRight((rest, guard) => `${guard.test} ? ${guard.result} : ${rest}`, made)
    code.line(`r = ${result}`)
  } else code.line(`r = ${made}`)
  if (mayWait) code.line("if (typeof r !== 'number') r = await r")
  if (isOfCore(plan)) return
  const isAlwaysMade = guards.every(({ result }) => result !== 'NOT_CALLED')
  code.line(isAlwaysMade ? 'context.returnCode = r' : 'if (r !== NOT_CALLED) context.returnCode = r')
  code.line('if (r === 0) return (context.flow |= 1, 0)')
}

/** Does the expression call anything, so that the script may have ended in it? */
export function hasCall(e: Expression): boolean {
  switch (e.kind) {
    case 'call':
    case 'actions':
      return true
    case 'unary':
    case 'cast':
      return hasCall(e.operand)
    case 'binary':
      return hasCall(e.left) || hasCall(e.right)
    case 'selval':
      return hasCall(e.condition) || hasCall(e.then) || hasCall(e.otherwise)
    default:
      return false
  }
}
