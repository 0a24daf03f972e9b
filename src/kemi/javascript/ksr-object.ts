/** KSR as JavaScript sees it: an object of objects of functions, which work on the message that is current in `cell`. */
import type { Log } from '../../base/log.ts'
import { ScriptExit, type KemiValue, type KsrFunction, type KsrTable } from '../../define/kemi.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Budget } from '../budget.ts'
import { fromBytes, toBytes } from '../text.ts'

/** What a script's functions work on, and how long they may. */
export interface Cell {
  context: RouteContext | undefined
  readonly budget: Budget
}

export type KsrObject = { [name: string]: unknown }

export interface KsrObjectOptions {
  readonly table: KsrTable
  readonly cell: Cell
  readonly log: Log
  /** Where lines of the log come from: the module's name. */
  readonly origin: string
}

export function createKsrObject({ table, cell, log, origin }: KsrObjectOptions): KsrObject {
  const ksr: KsrObject = {}
  const moduleOf = (name: string): KsrObject => {
    if (name === '') return ksr
    const known = ksr[name]
    if (typeof known === 'object' && known !== null) return known as KsrObject
    const made: KsrObject = {}
    ksr[name] = made
    return made
  }
  for (const fn of table.functions) moduleOf(fn.module)[fn.name] = wrap(fn, cell, log, origin)
  const x = moduleOf('x')
  x['exit'] = () => {
    throw new ScriptExit(false)
  }
  x['drop'] = () => {
    throw new ScriptExit(true)
  }
  x['modf'] = (name: unknown, ...args: readonly unknown[]) => {
    const { context } = cell
    if (context === undefined) return withoutMessage(log, origin, 'x.modf')
    return table.modf(context, toText(name), args.map((arg) => (typeof arg === 'number' ? toInt(arg) : toText(arg))))
  }
  return ksr
}

function toText(value: unknown): string {
  return toBytes(typeof value === 'string' ? value : String(value))
}

/** As Duktape converts: what is beyond 32 bits to the nearest there is, what is no number to 0. */
function toInt(value: unknown): number {
  const number = Number(value)
  if (Number.isNaN(number)) return 0
  return number > 0x7fff_ffff ? 0x7fff_ffff : number < -0x8000_0000 ? -0x8000_0000 : Math.trunc(number)
}

/** What a script gets. Functions that answer nothing give false, as Kamailio's JavaScript does. */
function answer(value: KemiValue): unknown {
  if (typeof value === 'string') return fromBytes(value)
  if (typeof value === 'object' && value !== null) return tree(value)
  return value === undefined ? false : value
}

function tree(value: KemiValue): unknown {
  if (typeof value === 'string') return fromBytes(value)
  if (Array.isArray(value)) return value.map(tree)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [fromBytes(name), tree(inner)]))
}

function result(value: KemiValue | Promise<KemiValue>): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return value instanceof Promise ? value.then(answer) : answer(value)
}

function withoutMessage(log: Log, origin: string, name: string): false {
  log.error(origin, `KSR.${name}: there is no message to work on`)
  return false
}

/** Made for each number of arguments: these are called many times for each message. */
function wrap(fn: KsrFunction, cell: Cell, log: Log, origin: string): (...given: readonly unknown[]) => unknown {
  const name = fn.module === '' ? fn.name : `${fn.module}.${fn.name}`
  const { call, args } = fn
  const [first, second, third] = args.map(({ type }) => (type === 'int' ? toInt : toText))
  const wrong = (): false => {
    log.error(origin, `invalid number of parameters for: ${name}`)
    return false
  }
  const lost = (): false => withoutMessage(log, origin, name)
  if (first === undefined) {
    return (...given) => {
      if (given.length !== 0) return wrong()
      const { context } = cell
      return context === undefined ? lost() : result(call(context))
    }
  }
  if (second === undefined) {
    return (...given) => {
      if (given.length !== 1) return wrong()
      const { context } = cell
      return context === undefined ? lost() : result(call(context, first(given[0])))
    }
  }
  if (third === undefined) {
    return (...given) => {
      if (given.length !== 2) return wrong()
      const { context } = cell
      return context === undefined ? lost() : result(call(context, first(given[0]), second(given[1])))
    }
  }
  return (...given) => {
    if (given.length !== args.length) return wrong()
    const { context } = cell
    if (context === undefined) return lost()
    return result(call(context, ...args.map(({ type }, index) => (type === 'int' ? toInt(given[index]) : toText(given[index])))))
  }
}
