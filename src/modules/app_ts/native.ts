/** Functions of other modules, by their names in KSR, for the typed interface. */
import type { KemiValue, KsrTable } from '../../define/kemi.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { placeholderRequest } from '../../runtime/placeholder-request.ts'
import { fromBytes, toBytes } from '../../kemi/text.ts'
import type { Cell } from '../../kemi/javascript/ksr-object.ts'

export type Maybe<T> = T | Promise<T>

export class Native {
  readonly host: Host
  readonly cell: Cell
  #idle: RouteContext | undefined = undefined

  constructor(host: Host, cell: Cell) {
    this.host = host
    this.cell = cell
  }

  get table(): KsrTable {
    return this.host.ksr
  }

  /** The message that is worked on; where there is none, one that stands for it. */
  get context(): RouteContext {
    if (this.cell.context !== undefined) return this.cell.context
    if (this.#idle === undefined) {
      const shell = placeholderRequest(this.host)
      if (shell === undefined) throw new Error('the server has no socket yet')
      this.#idle = this.host.contextFor(shell).context
    }
    return this.#idle
  }

  has(module: string, name: string): boolean {
    return this.table.find(module, name) !== undefined
  }

  /** Calls KSR.module.name; texts are Unicode here. */
  call(context: RouteContext, module: string, name: string, ...args: readonly (string | number)[]): Maybe<KemiValue> {
    const fn = this.table.find(module, name)
    if (fn === undefined) throw new Error(`this needs the module ${module === '' ? 'core' : module} (KSR.${module}.${name})`)
    const result = args.length === 0 ? fn.call(context) : fn.call(context, ...args.map(bytes))
    return result instanceof Promise ? result.then(unicode) : unicode(result)
  }

  /** The same, for functions whose answer is a number. */
  number(context: RouteContext, module: string, name: string, ...args: readonly (string | number)[]): Maybe<number> {
    const result = this.call(context, module, name, ...args)
    return result instanceof Promise ? result.then(Number) : Number(result)
  }

  /** The same, for functions that never wait. */
  now(context: RouteContext, module: string, name: string, ...args: readonly (string | number)[]): number {
    const result = this.call(context, module, name, ...args)
    if (result instanceof Promise) throw new Error(`KSR.${module}.${name} waits`)
    return Number(result)
  }
}

function bytes(arg: string | number): string | number {
  return typeof arg === 'string' ? toBytes(arg) : arg
}

function unicode(value: KemiValue): KemiValue {
  return typeof value === 'string' ? fromBytes(value) : value
}

export function then<A, B>(value: Maybe<A>, next: (value: A) => B): Maybe<B> {
  return value instanceof Promise ? value.then(next) : next(value)
}
