import { uriParam, type SipUri } from '../../sip/uri.ts'
import { isTransport } from '../../runtime/forward.ts'
import { TRANSPORT_NUMBERS, type ListenSocket } from '../../sip/endpoint.ts'
import type { Attributes } from './attributes.ts'
import { Latency } from './latency.ts'

/** Bits of a destination's state, as they stand in lists; the last is for good. */
export const State = { inactive: 1, trying: 2, disabled: 4, probing: 8, noDns: 16 } as const

export const STATES = State.inactive | State.trying | State.disabled | State.probing

/** No call goes there. */
export const UNUSABLE = State.inactive | State.disabled

/** As a list has it. */
export interface Entry {
  readonly setId: number
  readonly uri: string
  readonly flags: number
  readonly priority: number
  readonly attributes: string
}

export class Destination {
  readonly uri: string
  readonly priority: number
  readonly attributes: Attributes
  readonly host: string
  /** 0 where the URI has none. */
  readonly port: number
  /** Kamailio's number of the transport that the URI names, 0 for none. */
  readonly transportNumber: number
  readonly socket: ListenSocket | undefined
  readonly latency: Latency
  flags: number
  /** Canonical; empty while it is not known. A host with an SRV record has the port and transport of that. */
  address = ''
  foundPort: number | undefined
  foundTransportNumber: number | undefined
  /** When the timer looked it up last, in milliseconds since 1970; 0 for never. */
  lookedUpAtMs = 0
  /** Failures or successes in a row, for the thresholds. */
  messageCount = 0
  /** Relative weight as it is now: congestion lowers it. */
  rweight: number
  /** Calls that were sent there (algorithm 10). */
  load = 0

  constructor(entry: Entry, uri: SipUri, attributes: Attributes, socket: ListenSocket | undefined) {
    this.uri = uri.text
    this.priority = entry.priority
    this.attributes = attributes
    this.host = uri.host
    this.port = uri.port
    const transport = uriParam(uri, 'transport')?.toLowerCase()
    this.transportNumber = isTransport(transport) ? TRANSPORT_NUMBERS.indexOf(transport) : 0
    this.socket = socket
    this.flags = entry.flags
    this.rweight = attributes.rweight
    this.latency = new Latency(attributes.latency)
  }

  get isUsable(): boolean {
    return (this.flags & UNUSABLE) === 0
  }

  /** Whether no further call fits. */
  get isFull(): boolean {
    return this.attributes.maxload > 0 && this.load >= this.attributes.maxload
  }
}

/** `AP`, `IX` ...: state, then whether it is pinged. */
export function stateLetters(flags: number): string {
  const first = (flags & State.inactive) !== 0 ? 'I' : (flags & State.disabled) !== 0 ? 'D' : (flags & State.trying) !== 0 ? 'T' : 'A'
  return first + ((flags & State.probing) !== 0 ? 'P' : 'X')
}
