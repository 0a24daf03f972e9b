/** Peers that are trusted without credentials, by the address they send from. */
import { coreHash } from '../../base/core-hash.ts'
import type { TextMatcher } from '../../define/arg.ts'
import { extendedFromBasic } from '../../runtime/basic-regex.ts'
import { compileRegex } from '../../runtime/regex.ts'
import { TRANSPORT_NUMBERS, type TransportName } from '../../sip/endpoint.ts'

const SLOTS = 128

/** `none` is any but for senders of a known transport. */
export type PeerTransport = TransportName | 'any' | 'none'

export interface TrustedPeer {
  readonly source: string
  readonly transport: PeerTransport
  readonly from: Pattern | undefined
  readonly requestUri: Pattern | undefined
  readonly tag: string | undefined
  readonly priority: number
}

/** A basic regular expression; `matcher` is undefined where it is faulty. */
export interface Pattern {
  readonly source: string
  readonly matcher: TextMatcher | undefined
}

export function patternOf(source: string | null): Pattern | undefined {
  if (source === null) return undefined
  const matcher = compileRegex(extendedFromBasic(source), { ignoreCase: false })
  return { source, matcher: typeof matcher === 'string' ? undefined : matcher }
}

/** Any of the names in any case; undefined for what is no transport. */
export function transportOf(text: string): PeerTransport | undefined {
  const lower = text.toLowerCase()
  if (lower === 'any' || lower === 'none') return lower
  return TRANSPORT_NUMBERS.find((name) => name === lower)
}

export function transportNumber(transport: PeerTransport): number {
  return transport === 'any' || transport === 'none' ? 0 : TRANSPORT_NUMBERS.indexOf(transport)
}

/** The table in memory; a reload makes a new one. */
export class TrustedTable {
  readonly #slots = new Map<number, TrustedPeer[]>()

  /** Those of the highest priority come first, the others as they were added. */
  add(peer: TrustedPeer): void {
    const slot = coreHash(peer.source, '', SLOTS)
    const list = this.#slots.get(slot) ?? []
    const behind = list.findIndex((other) => other.priority < peer.priority)
    list.splice(behind < 0 ? list.length : behind, 0, peer)
    this.#slots.set(slot, list)
  }

  of(source: string): readonly TrustedPeer[] {
    return this.#slots.get(coreHash(source, '', SLOTS)) ?? []
  }

  /** Slots in order, for the dump. */
  get slots(): readonly (readonly [slot: number, peers: readonly TrustedPeer[]])[] {
    return [...this.#slots].sort(([left], [right]) => left - right)
  }
}
