/** The arguments of an RPC command, read with the rules of the transport they came by. */
import { RpcDouble, RpcFault, type RpcAnswer } from './rpc.ts'

/** An argument as it came; null for what is neither text nor number (JSON's true, null, arrays). */
export type RpcArgument = string | number | RpcDouble | null

/** binrpc has types and refuses the wrong one; JSON takes what it can and stops in silence. */
export type RpcTransport = 'binrpc' | 'json'

type Wanted = 'integer' | 'string' | 'float'

export class RpcCall {
  readonly transport: RpcTransport
  readonly given: readonly RpcArgument[]
  /** Module ctl's `autoconversion`: texts for numbers and numbers for texts. */
  readonly converts: boolean
  /** What a command answers when an argument is missing or wrong and it has no words of its own. */
  failed: RpcAnswer = []

  constructor(transport: RpcTransport, given: readonly RpcArgument[], converts = false) {
    this.transport = transport
    this.given = given
    this.converts = converts
  }

  /** All arguments, whatever they are. */
  get params(): readonly (string | number)[] {
    return this.given.map((value) => (value instanceof RpcDouble ? value.value : value ?? ''))
  }

  get count(): number {
    return this.given.length
  }

  /** A text; undefined when it is missing or none. */
  text(index: number): string | undefined {
    const value = this.given[index]
    if (typeof value === 'string') return value
    if (this.converts && value !== undefined) return this.anyText(index)
    return this.#fail(index, 'string')
  }

  /** A text, or a number as a text (Kamailio's `.s`). */
  anyText(index: number): string | undefined {
    const value = this.given[index]
    if (typeof value === 'string') return value
    if (typeof value === 'number') return wholeText(value)
    if (value instanceof RpcDouble && (this.transport === 'json' || this.converts)) return wholeText(value.value)
    return this.#fail(index, 'string')
  }

  /** A whole number. JSON takes a text for 0, or for the number it begins with where texts are converted. */
  int(index: number): number | undefined {
    const value = this.given[index]
    if (typeof value === 'number') return toInt(value)
    if (this.transport === 'json' && value !== undefined) return value instanceof RpcDouble ? toInt(value.value) : this.#leading(value)
    if (this.converts && value !== undefined) return this.anyInt(index)
    return this.#fail(index, 'integer')
  }

  /** A whole number, or a text that is one (Kamailio's `.d`). */
  anyInt(index: number): number | undefined {
    const value = this.given[index]
    if (typeof value === 'number') return toInt(value)
    if (value instanceof RpcDouble) return toInt(value.value)
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    return Number.isNaN(number) ? this.#fail(index, typeof value === 'string' ? 'string' : 'integer') : toInt(number)
  }

  /** A number with a fraction; binrpc has a type for it, JSON takes whole numbers too and a text for 0. */
  double(index: number): number | undefined {
    const value = this.given[index]
    if (value instanceof RpcDouble) return value.value
    if (typeof value === 'number' && (this.transport === 'json' || this.converts)) return value
    if (this.transport === 'json' && value !== undefined) {
      return this.converts && typeof value === 'string' ? Number.parseFloat(value) || 0 : 0
    }
    return this.#fail(index, 'float')
  }

  /** The number that a text begins with, where texts are converted; else 0. */
  #leading(value: string | null): number {
    return this.converts && value !== null ? toInt(Number.parseInt(value, 10) || 0) : 0
  }

  #fail(index: number, wanted: Wanted): undefined {
    const found = index < this.given.length ? "record doesn't match type" : 'end of packet encountered'
    this.failed = this.transport === 'json'
      ? []
      : new RpcFault(400, `error at parameter ${index}: expected ${wanted} type but ${found}`)
    return undefined
  }
}

/** As C converts: towards 0, and beyond 32 bits to the least number there is. */
function toInt(value: number): number {
  const whole = Math.trunc(value)
  return whole > 0x7fff_ffff || whole < -0x8000_0000 ? -0x8000_0000 : whole
}

function wholeText(value: number): string {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)).toString() : '0'
}
