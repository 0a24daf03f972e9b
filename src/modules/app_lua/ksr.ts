/** KSR in a Lua state: a table for each module, a C closure for each function. */
import type { KemiValue, KsrFunction, KsrTable } from '../../define/kemi.ts'
import { Flow } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { Type, UPVALUE, type LuaFunctions } from './runtime.ts'
import type { LuaState } from './state.ts'

/** What KSR.x.exit() raises; scripts that catch errors see it. */
export const EXIT = '~~ksr~exit~~'

/** Yielded by a function that waits. */
export const WAITING = '~~ksr~waiting~~'

const ORIGIN = 'app_lua'

export interface KsrOptions {
  readonly host: Host
  readonly table: KsrTable
  /** Tells each call in the log (`log_mode`). */
  readonly isTraced: boolean
}

export function putKsr(state: LuaState, lua: LuaFunctions, options: KsrOptions): void {
  const { memory, main } = state
  const { functions } = options.table
  const calls = functions.map((each) => callOf(state, lua, options, each))
  const dispatch = lua.addFunction((L = 0) => calls[lua._lua_tonumberx(L, UPVALUE, 0)]?.(L) ?? 0, 'ii')
  const put = (name: string, index: number): void => {
    memory.push(main, index)
    lua._lua_pushcclosure(main, dispatch, 1)
    memory.with(name, (pointer) => lua._lua_setfield(main, -2, pointer))
  }
  const module = (name: string, fill: () => void): void => {
    lua._lua_createtable(main, 0, 0)
    fill()
    memory.with(name, (pointer) => lua._lua_setfield(main, -2, pointer))
  }
  lua._lua_createtable(main, 0, 0)
  functions.forEach(({ module: owner, name }, index) => {
    if (owner === '') put(name, index)
  })
  for (const owner of new Set(functions.map(({ module: each }) => each))) {
    if (owner === '' || owner === 'x') continue
    module(owner, () => functions.forEach(({ module: each, name }, index) => {
      if (each === owner) put(name, index)
    }))
  }
  module('x', () => {
    calls.push(exit(state, lua, false), exit(state, lua, true), modf(state, lua, options))
    put('exit', calls.length - 3)
    put('drop', calls.length - 2)
    put('modf', calls.length - 1)
  })
  memory.with('KSR', (pointer) => lua._lua_setglobal(main, pointer))
}

type LuaCall = (L: number) => number

/** A function as Lua calls it: reads its arguments from the stack, leaves one value there. */
function callOf(state: LuaState, lua: LuaFunctions, { host, isTraced }: KsrOptions, each: KsrFunction): LuaCall {
  const { memory } = state
  const { args, call } = each
  const count = args.length
  const name = `${each.module}.${each.name}`
  const isText = args.map(({ type }) => type === 'str')
  const [isFirstText, isSecondText] = isText
  // What is missing or of another type is an empty text or 0, as for Kamailio.
  const argument = (L: number, index: number, isTextual: boolean | undefined): string | number =>
    (isTextual ? (memory.text(L, index) ?? '') : memory.int(L, index))
  const refuse = (L: number, reason: string): number => {
    host.log.error(ORIGIN, `${reason} for: ${name}`)
    memory.push(L, false)
    return 1
  }
  return (L) => {
    const { context } = state
    if (context === undefined) return withoutMessage(state, L, host)
    if (isTraced) host.log.debug(ORIGIN, `execution of method: ${name}`)
    let result: KemiValue | Promise<KemiValue>
    try {
      if (count === 0) result = call(context)
      else {
        const given = lua._lua_gettop(L)
        if (given < count) return refuse(L, count === 1 ? 'invalid number of parameters' : 'not enough parameters')
        if (count === 1) result = call(context, argument(L, 1, isFirstText))
        else if (count === 2) result = call(context, argument(L, 1, isFirstText), argument(L, 2, isSecondText))
        else result = call(context, ...isText.map((isTextual, index) => argument(L, index + 1, isTextual)))
      }
    } catch (error) {
      result = broken(host, name, error)
    }
    return give(state, lua, L, result, each)
  }
}

/** Leaves a result, or waits for it. */
function give(
  state: LuaState, lua: LuaFunctions, L: number, result: KemiValue | Promise<KemiValue>,
  { module, name, returns }: Pick<KsrFunction, 'module' | 'name' | 'returns'>,
): number {
  if (result instanceof Promise) {
    state.waiting = result.catch((error: unknown) => broken(state.context?.host, `${module}.${name}`, error))
    state.memory.push(L, WAITING)
    return lua._lua_yieldk(L, 1, 0, 0)
  }
  // A function that gives nothing gives false, as in Kamailio.
  if (returns === 'none') lua._lua_pushboolean(L, 0)
  else state.memory.push(L, result)
  return 1
}

/** A fault of the function itself: the script goes on with a failure. */
function broken(host: Host | undefined, name: string, error: unknown): number {
  host?.log.error(ORIGIN, `KSR.${name} failed: ${error instanceof Error ? error.message : String(error)}`)
  return -1
}

function withoutMessage(state: LuaState, L: number, host: Host): number {
  host.log.error(ORIGIN, 'invalid Lua environment attributes or parameters')
  state.memory.push(L, false)
  return 1
}

function exit(state: LuaState, lua: LuaFunctions, isDrop: boolean): LuaCall {
  return (L) => {
    if (isDrop && state.context !== undefined) state.context.flow |= Flow.drop
    state.memory.push(L, EXIT)
    return lua._lua_error(L)
  }
}

/** KSR.x.modf(name, ...): a function of the native script. */
function modf(state: LuaState, lua: LuaFunctions, { host, table }: KsrOptions): LuaCall {
  return (L) => {
    const { context, memory } = state
    if (context === undefined) return withoutMessage(state, L, host)
    const given = Array.from({ length: lua._lua_gettop(L) }, (_unused, index) => memory.text(L, index + 1) ?? '')
    const [name, ...args] = given
    if (name === undefined || lua._lua_type(L, 1) === Type.nil) {
      host.log.error(ORIGIN, 'name of module function not provided')
      memory.push(L, -1)
      return 1
    }
    let result: number | Promise<number>
    try {
      result = table.modf(context, name, args)
    } catch (error) {
      result = broken(host, 'x.modf', error)
    }
    return give(state, lua, L, result, { module: 'x', name: 'modf', returns: 'int' })
  }
}
