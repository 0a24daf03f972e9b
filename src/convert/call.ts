/** Calls of functions and routes. */
import type { Arg } from '../define/arg.ts'
import { parseInteger } from '../runtime/prepare.ts'
import type { Call, Expression } from '../script/ast.ts'
import { isConstant } from '../script/check-type.ts'
import { constantValue, simplify } from '../script/compile-simplify.ts'
import type { CallPlan } from '../script/compile-plan.ts'
import { CORE_MODULE } from '../script/registry.ts'
import { routeKey, type Conversion, type KsrName } from './conversion.ts'
import { textOf } from './expression.ts'
import { renamedFormat, templateOf } from './format.ts'
import { isIdentifier, textLiteral } from './literals.ts'

/** Modules none of whose functions ends the script by giving 0. */
const NEVER_ENDS: ReadonlySet<string> = new Set([
  'xlog', 'rr', 'sl', 'textops', 'textopsx', 'maxfwd', 'path', 'permissions', 'auth', 'auth_db', 'cfgutils', 'domain', 'kex', 'statistics',
  'siputils', 'registrar', 'usrloc', 'dispatcher', 'avpops', 'pv',
])
/** Functions of these that may. */
const MAY_END: ReadonlySet<string> = new Set(['rand_get_prob'])
/** Functions of other modules that never do. */
const NEVER_ENDING =
  /^(?:t_(?:on|is|set|reset|any|was)_\w+|t_(?:check|grep)_status|nat_uac_test|fix_nated_\w+|\w+_alias|sht_(?:rm|lock|unlock)\w*)$/

/** Functions of the core that KSR has by another name. */
const coreNames: Readonly<Record<string, { readonly name: string; readonly isBool: boolean }>> = {
  setflag: { name: 'setflag', isBool: true },
  resetflag: { name: 'resetflag', isBool: true },
  isflagset: { name: 'isflagset', isBool: true },
  rewriteuri: { name: 'seturi', isBool: true },
  rewritehost: { name: 'sethost', isBool: true },
  rewriteuser: { name: 'setuser', isBool: true },
  force_rport: { name: 'force_rport', isBool: true },
  add_local_rport: { name: 'add_local_rport', isBool: true },
  set_forward_close: { name: 'set_forward_close', isBool: true },
  set_forward_no_connect: { name: 'set_forward_no_connect', isBool: true },
  set_reply_close: { name: 'set_reply_close', isBool: true },
  set_reply_no_connect: { name: 'set_reply_no_connect', isBool: true },
  'setbflag/1': { name: 'setbflag', isBool: true },
  'resetbflag/1': { name: 'resetbflag', isBool: true },
  'isbflagset/1': { name: 'isbflagset', isBool: true },
  isdsturiset: { name: 'isdsturiset', isBool: true },
  resetdsturi: { name: 'resetdsturi', isBool: true },
  setdsturi: { name: 'setdsturi', isBool: true },
}

export interface Called {
  readonly code: string
  /** Its result is true or false, a number, or nothing. */
  readonly gives: 'bool' | 'int' | 'none'
  /** It may give 0, which ends the script. */
  readonly mayEnd: boolean
  /** It sets `$rc`. */
  readonly setsCode: boolean
}

/** What a call is in TypeScript, before anybody looks at its result. */
export function called(conversion: Conversion, call: Call): Called {
  const route = conversion.program.routeCalls.get(call)
  if (route?.kind === 'known') return routeCall(conversion, route.name)
  const plan = conversion.program.calls.get(call)
  if (plan === undefined) {
    conversion.cannot(route === undefined ? call.name : 'route() of a computed name', call.span,
      route === undefined ? undefined : 'a table of functions, called by name, does that in TypeScript')
    return { code: '0', gives: 'int', mayEnd: false, setsCode: false }
  }
  const isCore = plan.entry.module.definition.name === CORE_MODULE
  const neverEnds = NEVER_ENDS.has(plan.entry.module.definition.name) ? !MAY_END.has(call.name) : NEVER_ENDING.test(call.name)
  const mayEnd = !isCore && !neverEnds
  const own = isCore ? ofCore(conversion, call, plan) : undefined
  if (own !== undefined) return { ...own, mayEnd: false, setsCode: false }
  const usual = usualCall(call)
  if (usual !== undefined) return { ...usual, mayEnd: false, setsCode: !isCore }
  const logged = logCall(conversion, call)
  if (logged !== undefined) return { code: logged, gives: 'int', mayEnd: false, setsCode: true }
  const typed = typedCall(conversion, call, plan)
  if (typed !== undefined) return { ...typed, mayEnd: mayEnd && typed.gives === 'int', setsCode: !isCore }
  const args = call.args.map((argument) => nativeArgument(conversion, call, argument))
  return {
    code: `await KSR.x.modf(${[textLiteral(call.name), ...args].join(', ')})`, gives: 'int', mayEnd, setsCode: !isCore,
  }
}

/** Whether the call is an `await` in any form. */
export function waits(conversion: Conversion, call: Call): boolean {
  const route = conversion.program.routeCalls.get(call)
  if (route?.kind === 'known') return conversion.routes.get(routeKey('request', route.name))?.isAsync === true
  const plan = conversion.program.calls.get(call)
  if (plan === undefined) return false
  if (plan.entry.module.definition.name === CORE_MODULE && ofCore(conversion, call, plan) !== undefined) return false
  if (usualCall(call) !== undefined || logCall(conversion, call) !== undefined) return false
  const name = typedName(conversion, call, plan)
  return name === undefined || name.mayWait
}

function routeCall(conversion: Conversion, name: string): Called {
  const route = conversion.routes.get(routeKey('request', name))
  const code = `${route?.name ?? name}()`
  return {
    code: route?.isAsync === true ? `await ${code}` : code,
    gives: route?.givesNumber === true ? 'int' : 'none', mayEnd: false, setsCode: true,
  }
}

function ofCore(conversion: Conversion, call: Call, plan: CallPlan): Pick<Called, 'code' | 'gives'> | undefined {
  const known = coreNames[`${call.name}/${call.args.length}`] ?? (Object.hasOwn(coreNames, call.name) ? coreNames[call.name] : undefined)
  const args = call.args.map((argument, index) => {
    const given = plan.args[index]
    // A flag by its name.
    if (argument.kind === 'word' && given?.kind === 'fixed' && typeof given.value === 'number') return given.value
    return constantOf(argument)
  })
  if (known === undefined || args.some((value) => value === undefined || String(value).includes('$'))) return undefined
  const code = args.map((value, index) =>
    conversion.constantAt(call.args[index]) ?? (typeof value === 'number' ? String(value) : textLiteral(value ?? '')))
  return { code: `KSR.${known.name}(${code.join(', ')})`, gives: known.isBool ? 'bool' : 'int' }
}

function constantOf(e: Expression): string | number | undefined {
  return isConstant(e) ? constantValue(e) : undefined
}

const METHODS = new Set('INVITE ACK BYE CANCEL REGISTER MESSAGE SUBSCRIBE PUBLISH NOTIFY OPTIONS INFO UPDATE PRACK REFER'.split(' '))

/** Tests that KSR has under names of its own. */
function usualCall(call: Call): Pick<Called, 'code' | 'gives'> | undefined {
  const [first] = call.args
  if (call.name !== 'is_method' || call.args.length !== 1 || first?.kind !== 'string' || !/^[A-Z|]+$/.test(first.value)) return undefined
  return { code: METHODS.has(first.value) ? `KSR.is_${first.value}()` : `KSR.is_method(${textLiteral(first.value)})`, gives: 'bool' }
}

const LEVELS = /^L_(?:ALERT|BUG|CRIT2?|ERR|WARN|NOTICE|INFO|DBG)$/

/** xlog() and its kin: their texts are formats in KSR as well. */
function logCall(conversion: Conversion, { name, args }: Call): string | undefined {
  const values = args.map(constantOf)
  const text = values.at(-1)
  if (typeof text !== 'string') return undefined
  const format = textLiteral(renamedFormat(conversion, text))
  if (/^x(?:alert|crit|err|warn|notice|info|dbg)$/.test(name) && args.length === 1) return `KSR.xlog.${name}(${format})`
  if (name !== 'xlog' || args.length > 2) return undefined
  const level = args.length === 1 ? 'L_ERR' : String(values[0])
  return LEVELS.test(level) ? `KSR.xlog.xlog('${level}', ${format})` : undefined
}

/** What KSR's function wants behind the arguments that the cfg gives. */
const added: Readonly<Record<string, { readonly name: string; readonly behind: string }>> = {
  'save/1': { name: 'save', behind: '0' },
}

/** The function of KSR whose arguments this call can give as they are meant. */
function typedName(conversion: Conversion, call: Call, plan: CallPlan): KsrName | undefined {
  const more = added[`${call.name}/${call.args.length}`]
  const name = more === undefined ? conversion.ksr.get(plan.form)?.find(({ types }) => types.length === call.args.length)
    : namedWith(conversion, plan, more.name, call.args.length + 1)
  if (name === undefined || !isIdentifier(name.name)) return undefined
  const fits = call.args.every((argument, index) => {
    const arg = plan.form.args[index]
    return arg !== undefined && typedArgument(conversion, call, arg, argument, name.types[index] ?? 'str') !== undefined
  })
  return fits ? name : undefined
}

function typedCall(conversion: Conversion, call: Call, plan: CallPlan): Pick<Called, 'code' | 'gives'> | undefined {
  const name = typedName(conversion, call, plan)
  if (name === undefined) return undefined
  const more = added[`${call.name}/${call.args.length}`]
  const args = call.args.map((argument, index) => {
    const arg = plan.form.args[index]
    return arg === undefined ? '' : typedArgument(conversion, call, arg, argument, name.types[index] ?? 'str') ?? ''
  })
  if (more !== undefined) args.push(more.behind)
  const { module, name: fn, returns, mayWait } = name
  const code = `KSR.${module === '' ? '' : `${module}.`}${fn}(${args.join(', ')})`
  const gives = returns === 'bool' ? 'bool' : returns === 'none' ? 'none' : 'int'
  return { code: mayWait ? `await ${code}` : code, gives }
}

function namedWith({ ksr }: Conversion, plan: CallPlan, wanted: string, count: number): KsrName | undefined {
  for (const form of plan.entry.definition.forms) {
    const name = ksr.get(form)?.find(({ name: each, types }) => each === wanted && types.length === count)
    if (name !== undefined) return name
  }
  return undefined
}

/** Undefined where only the native script's own way with arguments will do. */
function typedArgument(conversion: Conversion, call: Call, arg: Arg, argument: Expression, type: 'str' | 'int'): string | undefined {
  const value = argument.kind === 'word' || argument.kind === 'address' ? argument.text : constantOf(argument)
  if (value === undefined) return undefined
  const text = String(value)
  // A select, where functions take one.
  if (text.startsWith('@')) return undefined
  const route = armedRoute(conversion, call, text)
  if (route !== undefined) return textLiteral(route)
  if (type === 'int') {
    const number = parseInteger(text)
    return number === undefined ? undefined : (conversion.constantAt(argument) ?? String(number))
  }
  switch (arg.kind) {
    case 'str':
    case 'format':
      return text.includes('$') ? templateOf(conversion, text) : (conversion.constantAt(argument) ?? textLiteral(text))
    case 'int':
    case 'constant':
      return parseInteger(text) === undefined ? undefined : textLiteral(text)
    case 'literal':
    case 'regex':
      return textLiteral(text)
    case 'variable':
    case 'writable':
      return textLiteral(renamedFormat(conversion, text))
    case 'route':
    case 'custom':
      return text.includes('$') ? undefined : textLiteral(text)
  }
}

/** The function that stands for a route which tm is told of. */
function armedRoute(conversion: Conversion, { name }: Call, route: string): string | undefined {
  const what = /^t_on_(failure|branch_failure|branch|reply)$/.exec(name)?.[1]
  if (what === undefined || route.includes('$')) return undefined
  const found = what === 'branch_failure'
    ? conversion.routes.get(routeKey('event', `tm:branch-failure:${route}`))
    : conversion.routes.get(routeKey(what === 'reply' ? 'onreply' : what === 'failure' ? 'failure' : 'branch', route))
  return found?.name
}

/** As the native script takes it: variables in texts are replaced by the function's own rules. */
function nativeArgument(conversion: Conversion, call: Call, argument: Expression): string {
  if (argument.kind === 'word' || argument.kind === 'address') return textLiteral(argument.text)
  const value = constantOf(argument)
  if (value === undefined) return textOf(conversion, simplify(argument))
  const text = renamedFormat(conversion, String(value))
  const route = armedRoute(conversion, call, text)
  if (route !== undefined) return textLiteral(route)
  return typeof value === 'number' ? (conversion.constantAt(argument) ?? String(value)) : textLiteral(text)
}

/** A call whose number is wanted. */
export function numberOfCall(conversion: Conversion, call: Call): string {
  const { code, gives, mayEnd, setsCode } = called(conversion, call)
  if (conversion.keptCalls.has(call) && setsCode) {
    const kept = `${conversion.use('returned')}(${code})`
    return mayEnd ? `${conversion.ender('done')}(${kept})` : kept
  }
  return gives === 'int' && !mayEnd ? `(${code})` : `${conversion.ender('done')}(${code})`
}

/** A call as a condition. */
export function truthOfCall(conversion: Conversion, call: Call): string {
  const { code, gives, mayEnd, setsCode } = called(conversion, call)
  if (conversion.keptCalls.has(call) && setsCode) return `${numberOfCall(conversion, call)} > 0`
  if (gives === 'bool') return code.startsWith('await') ? `(${code})` : code
  if (gives === 'none') conversion.cannot(`the result of ${call.name}`, call.span)
  if (mayEnd) return `${conversion.ender('ok')}(${code})`
  return code.startsWith('await') ? `(${code}) > 0` : `${code} > 0`
}

/** A call as a statement; `isEnd`: the script ends behind it anyway. */
export function callStatement(conversion: Conversion, call: Call, isEnd: boolean): string {
  const { code, mayEnd, setsCode } = called(conversion, call)
  const kept = conversion.keptCalls.has(call) && setsCode ? `${conversion.use('returned')}(${code})` : code
  return mayEnd && !isEnd ? `${conversion.ender('done')}(${kept})` : kept
}
