/** RPC commands: names, arguments and answers as Kamailio's, whatever transport carries them. */
import type { RpcCall } from './rpc-call.ts'

/** A double is written apart from whole numbers, since binrpc and JSON print them differently. */
export class RpcDouble {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** An ordered structure; names may repeat, as in Kamailio's dumps. */
export class RpcStruct {
  readonly entries: [name: string, value: RpcValue][] = []

  add(name: string, value: RpcValue): this {
    this.entries.push([name, value])
    return this
  }
}

/** A list whose members have names: in JSON an array of objects with one member each, in binrpc a structure. */
export class RpcNamedList {
  readonly entries: [name: string, value: RpcValue][] = []

  add(name: string, value: RpcValue): this {
    this.entries.push([name, value])
    return this
  }
}

/** Null is a text that is not set. */
export type RpcValue = number | string | null | RpcDouble | RpcStruct | RpcNamedList | readonly RpcValue[]

/** A refusal: code and text as Kamailio gives them. */
export class RpcFault {
  readonly code: number
  readonly reason: string
  constructor(code: number, reason: string) {
    this.code = code
    this.reason = reason
  }
}

/** The values added to the answer, in order; or a fault. */
export type RpcAnswer = readonly RpcValue[] | RpcFault

export interface RpcDef<S = unknown> {
  readonly summary: string
  /** Kamailio's RPC_RET_ARRAY: JSON shows all values as an array, else only the last. */
  readonly returnsArray?: boolean
  /** `call` reads arguments with Kamailio's rules for types; `params` are they as they came. */
  readonly run: (state: S, params: readonly (string | number)[], call: RpcCall) => RpcAnswer | Promise<RpcAnswer>
}

/** What a transport needs of the table of commands. */
export interface RpcMethods {
  /** All names, sorted. */
  names(): readonly string[]
  summary(method: string): string | undefined
  /** Undefined for a command that is not there. */
  returnsArray(method: string): boolean | undefined
  /** Undefined for a command that is not there. Nothing rejects: what goes wrong is a fault. */
  run(method: string, call: RpcCall): RpcAnswer | Promise<RpcAnswer> | undefined
}
