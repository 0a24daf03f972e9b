/** The one table of RPC commands: what the loaded modules define, by name. */
import { RpcFault, type RpcAnswer, type RpcCall, type RpcDef, type RpcMethods } from '../define/define.ts'

/** Commands that wait for something at one moment, over all transports. */
const WAITING_MAX = 1000

interface Entry {
  readonly definition: RpcDef<never>
  readonly state: never
}

export class MethodTable implements RpcMethods {
  readonly #entries = new Map<string, Entry>()
  readonly #report: (text: string) => void
  #sorted: readonly string[] | undefined
  #waiting = 0

  /** `report` gets a line when a command fails in a way that it should not. */
  constructor(report: (text: string) => void) {
    this.#report = report
  }

  /** The first command of a name stays, as in Kamailio. */
  add(name: string, definition: RpcDef<never>, state: unknown): void {
    if (this.#entries.has(name)) return
    this.#entries.set(name, { definition, state: state as never })
    this.#sorted = undefined
  }

  names(): readonly string[] {
    return (this.#sorted ??= [...this.#entries.keys()].sort(byBytes))
  }

  summary(method: string): string | undefined {
    return this.#entries.get(method)?.definition.summary
  }

  returnsArray(method: string): boolean | undefined {
    const entry = this.#entries.get(method)
    return entry && entry.definition.returnsArray === true
  }

  run(method: string, call: RpcCall): RpcAnswer | Promise<RpcAnswer> | undefined {
    const entry = this.#entries.get(method)
    if (entry === undefined) return undefined
    if (this.#waiting >= WAITING_MAX) return new RpcFault(503, 'too many commands wait for their answers')
    try {
      const answer = entry.definition.run(entry.state, call.params, call)
      return answer instanceof Promise ? this.#settle(method, answer) : answer
    } catch (error) {
      return this.#failed(method, error)
    }
  }

  async #settle(method: string, answer: Promise<RpcAnswer>): Promise<RpcAnswer> {
    this.#waiting++
    try {
      return await answer
    } catch (error) {
      return this.#failed(method, error)
    } finally {
      this.#waiting--
    }
  }

  #failed(method: string, error: unknown): RpcFault {
    this.#report(`command ${method} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    return new RpcFault(500, 'Internal error')
  }
}

function byBytes(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0
}
