/** One load of a script, and functions that its routes hand over for later. */
import type { Exports } from '../../kemi/javascript/module-loader.ts'
import type { ScriptVersion } from '../../kemi/javascript/runner.ts'
import type { ScriptFunction } from '../../kemi/javascript/script.ts'
import type { RouteContext } from '../../runtime/context.ts'

/** What Kamailio calls a route, and what it is called in TypeScript. */
const usualNames: Readonly<Record<string, string>> = {
  ksr_request_route: 'requestRoute', ksr_reply_route: 'replyRoute', ksr_onsend_route: 'onsendRoute',
}

/** Functions that one message handed over. */
const HANDED_MAX = 32

export class Version implements ScriptVersion {
  readonly #exports: Exports
  readonly #names = new Map<unknown, string>()

  constructor(exports: Exports) {
    this.#exports = exports
    for (const [name, value] of Object.entries(exports)) if (typeof value === 'function') this.#names.set(value, name)
  }

  function(name: string): ScriptFunction | undefined {
    const value = this.#exports[usualNames[name] ?? name] ?? this.#exports[name]
    return typeof value === 'function' ? (value as ScriptFunction) : undefined
  }

  /** A name for a function that runs later: its own where the script exports it, else one that the message's transaction knows. */
  keep(context: RouteContext, fn: ScriptFunction): string {
    const known = this.#names.get(fn)
    if (known !== undefined) return known
    const { transaction } = context
    const held = transaction?.script ?? context.arming?.script
    const handed = held instanceof Handed ? held : new Handed(this)
    if (transaction !== null && transaction !== undefined) transaction.script = handed
    else (context.arming ??= {}).script = handed
    return handed.keep(fn)
  }
}

/** A version with the functions that a message handed over; it lives as long as the transaction. */
export class Handed implements ScriptVersion {
  readonly version: Version
  readonly #functions: ScriptFunction[] = []

  constructor(version: Version) {
    this.version = version
  }

  keep(fn: ScriptFunction): string {
    const at = this.#functions.indexOf(fn)
    if (at >= 0) return `#${at}`
    if (this.#functions.length >= HANDED_MAX) throw new Error(`a message may hand over ${HANDED_MAX} functions`)
    return `#${this.#functions.push(fn) - 1}`
  }

  function(name: string): ScriptFunction | undefined {
    return name.startsWith('#') ? this.#functions[Number(name.slice(1))] : this.version.function(name)
  }
}
