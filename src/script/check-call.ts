import type { Arg, Fetch, FormatText, PrepareEnv, VariableHandle } from '../define/arg.ts'
import type { FunctionForm } from '../define/module.ts'
import { routeBits, RouteMask } from '../define/route-kind.ts'
import type { Call, Expression } from './ast.ts'
import { checkExpression } from './check-expression.ts'
import type { Checker, Place } from './check.ts'
import { isConstant } from './check-type.ts'
import type { ArgPlan } from './compile-plan.ts'
import { explain, ownerOf } from './check-owner.ts'
import { constantValue, simplify } from './compile-simplify.ts'
import { constantArguments } from './kamailio-constant-arguments.ts'
import { nearest } from './nearest.ts'
import { formsFor, requiredArgs, type FunctionEntry } from './registry.ts'

/** Finds the function, its form for so many arguments, and prepares the arguments. */
export function checkCall(checker: Checker, call: Call, place: Place): void {
  if (call.isCore && call.name === 'route') return checkRouteCall(checker, call, place)
  for (const argument of call.args) checkExpression(checker, argument, place)
  const entries = call.isCore ? coreEntries(checker, call.name) : checker.registry.functions(call.name)
  if (entries.length === 0) return reportUnknown(checker, call)
  const forms = formsFor(entries, call.args.length)
  if (forms.length === 0) return reportCount(checker, call, entries)
  const allowed = forms.find(({ form }) => (routeBits(form.routes) & placeBits(place)) !== 0)
  if (allowed === undefined) {
    const names = forms[0]?.form.routes
    const where = names === 'any' || names === undefined ? '' : `it may stand in: ${names.map(routeWord).join(', ')}`
    checker.error('KAH0313', `${call.name} may not stand in ${placeWord(place)}`, call.nameSpan, where || undefined)
    return
  }
  checkConstancy(checker, call, allowed.entry.module.definition.name)
  const { state } = allowed.entry.module
  const fetches: Fetch[] = []
  const env = noting(checker.env, fetches)
  const args = allowed.form.args.map((arg, index) => planArg({ ...checker, env }, call, arg, index, state))
  if (args.every((arg): arg is ArgPlan => arg !== undefined)) {
    checker.calls.set(call, { ...allowed, args, mayWait: mayCallWait(allowed.form, args, state), fetches })
    tellModule(allowed, args)
  }
}

/** Notes which variables of the arguments get their values from elsewhere. */
function noting(env: PrepareEnv, fetches: Fetch[]): PrepareEnv {
  const note = <T extends VariableHandle | FormatText | string>(found: T): T => {
    if (typeof found !== 'string' && found.fetch !== undefined) fetches.push(found.fetch)
    return found
  }
  return { ...env, variable: (text) => note(env.variable(text)), format: (text) => note(env.format(text)) }
}

/** The module hears of the call, unless the file is only checked. */
function tellModule(call: { readonly entry: FunctionEntry; readonly form: FunctionForm<never> }, args: readonly ArgPlan[]): void {
  const { form } = call
  const { state } = call.entry.module
  if (form.atStart !== undefined && state !== undefined) {
    form.atStart(state as never, ...args.map((arg) => (arg.kind === 'fixed' ? arg.value : undefined)))
  }
}

/** Whether this very call may wait: the module's settings or its fixed arguments may rule it out. */
function mayCallWait(form: FunctionForm<never>, args: readonly ArgPlan[], state: unknown): boolean {
  if (form.mayWaitIn !== undefined && state !== undefined && !form.mayWaitIn(state as never)) return false
  if (!form.mayWait || form.mayWaitWith === undefined) return form.mayWait
  return form.mayWaitWith(...args.map((arg) => (arg.kind === 'fixed' ? arg.value : undefined)))
}

function coreEntries(checker: Checker, name: string): readonly FunctionEntry[] {
  const entry = checker.registry.coreFunction(name)
  return entry === undefined ? [] : [entry]
}

/** The kinds of route whose functions may be called here. Event routes may call what request routes may. */
function placeBits(place: Place): number {
  switch (place.route) {
    case 'request': return RouteMask.request
    case 'reply': return RouteMask.coreReply
    case 'onreply': return place.isUnnamed ? RouteMask.coreReply : RouteMask.onreply
    case 'failure': return RouteMask.failure
    case 'branch': return RouteMask.branch
    case 'onsend': return RouteMask.onsend
    case 'event': return RouteMask.event | RouteMask.request | RouteMask.local | RouteMask.branchFailure
  }
}

function placeWord(place: Place): string {
  return place.route === 'request' ? 'request_route and route' : `${place.route}_route`
}

function routeWord(name: string): string {
  if (name === 'branchFailure') return 'event_route[tm:branch-failure:...]'
  return name === 'coreReply' ? 'reply_route' : `${name}_route`
}

function checkRouteCall(checker: Checker, call: Call, place: Place): void {
  const [target] = call.args
  if (target === undefined) return
  const written = isConstant(target) ? String(constantValue(target) ?? '') : undefined
  const name = target.kind === 'word' ? target.text : written
  if (name === undefined) {
    checkExpression(checker, target, place)
    checker.routeCalls.set(call, { kind: 'computed', name: simplify(target) })
    return
  }
  // `route(0)` is request_route itself.
  const known = name === '0' && !checker.routeNames.has('0') ? '' : name
  if (checker.routeNames.has(known)) {
    checker.routeCalls.set(call, { kind: 'known', name: known })
    return
  }
  const meant = nearest(name, checker.routeNames)
  const hint = meant ? `did you mean route(${meant})?` : `write it: route[${name}] { ... }`
  checker.error('KAH0330', `there is no route[${name}]`, target.span, hint)
}

function reportUnknown(checker: Checker, call: Call): void {
  const { registry } = checker
  const span = call.nameSpan
  const owner = ownerOf(registry, 'function', call.name)
  if (owner?.isHere === true) {
    checker.error('KAH0311', `${call.name} belongs to module ${owner.module}, which is not loaded`, span, owner.hint)
    return
  }
  if (owner !== undefined) {
    checker.error('KAH0310', `unknown function ${call.name} (${owner.note})`, span)
    return
  }
  const meant = nearest(call.name, registry.functionNames())
  const hint = meant === undefined ? undefined : `did you mean ${meant}?`
  checker.error('KAH0310', `unknown function ${call.name}`, span, hint)
}

function reportCount(checker: Checker, call: Call, entries: readonly FunctionEntry[]): void {
  const counts = new Set<number>()
  for (const { definition } of entries) {
    for (const form of definition.forms) {
      for (let count = requiredArgs(form); count <= form.args.length; count++) counts.add(count)
    }
  }
  const sorted = [...counts].sort((a, b) => a - b)
  const last = sorted.pop() ?? 0
  const list = sorted.length === 0 ? String(last) : `${sorted.join(', ')} or ${last}`
  const noun = last === 1 && sorted.length === 0 ? 'argument' : 'arguments'
  checker.error('KAH0312', `${call.name} takes ${list === '0' ? 'no' : list} ${noun}, not ${call.args.length}`, call.span)
}

/** Some functions of Kamailio prepare their arguments once: a variable without quotes is refused. */
function checkConstancy(checker: Checker, call: Call, module: string): void {
  const names = Object.hasOwn(constantArguments, module) ? constantArguments[module] : undefined
  if (!names?.split(' ').includes(`${call.name}/${call.args.length}`)) return
  for (const argument of call.args) {
    if (isConstant(argument)) continue
    const isVariable = argument.kind === 'variable'
    const hint = isVariable ? `put it in quotes: "${argument.text}"` : 'assign it to a variable, and write that in quotes'
    checker.error('KAH0315', `the arguments of ${call.name} must be known before the script runs`, argument.span, hint)
  }
}

function planArg(checker: Checker, call: Call, arg: Arg, index: number, state: unknown): ArgPlan | undefined {
  const argument = call.args[index]
  if (argument === undefined) return { kind: 'absent' }
  const text = textOf(checker, call, argument)
  if (text === undefined) return { kind: 'computed', arg, expression: simplify(argument) }
  const prepared = checker.prepareArg(arg, text, checker.env, state)
  if (typeof prepared === 'string') {
    const { message, hint } = explain(checker, prepared)
    checker.error('KAH0314', `${call.name}: ${message}`, argument.span, hint)
    return undefined
  }
  if ('fixed' in prepared) return { kind: 'fixed', value: prepared.fixed }
  return { kind: 'evaluate', evaluate: prepared.evaluate, isInt: arg.kind === 'int' }
}

const flagFunctions: ReadonlySet<string> = new Set(['setflag', 'resetflag', 'isflagset'])
const avpFlagFunctions: ReadonlySet<string> = new Set(['setavpflag', 'resetavpflag', 'isavpflagset'])

/** The text of a constant argument; undefined when it is known at run time only. */
function textOf(checker: Checker, call: Call, e: Expression): string | undefined {
  if (e.kind === 'word') {
    const flags = call.isCore && flagFunctions.has(call.name) ? checker.flags
      : call.isCore && avpFlagFunctions.has(call.name) ? checker.avpFlags : undefined
    const number = flags?.get(e.text)
    return number === undefined ? e.text : String(number)
  }
  if (e.kind === 'address') return e.text
  // Functions of the core take variables and attributes as they are written.
  if (call.isCore && (e.kind === 'variable' || e.kind === 'avp') && avpFlagFunctions.has(call.name)) return e.text
  const value = isConstant(e) ? constantValue(e) : undefined
  return value === undefined ? undefined : String(value)
}
