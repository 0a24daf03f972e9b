/** The part of dns-packet that the resolver uses. */
declare module 'dns-packet' {
  export interface Question {
    readonly name: string
    readonly type: string
    readonly class?: string
  }

  export interface Answer {
    readonly name: string
    readonly type: string
    readonly ttl?: number
    readonly data?: unknown
  }

  export interface Packet {
    readonly type?: 'query' | 'response'
    readonly id?: number
    readonly flags?: number
    readonly rcode?: string
    readonly flag_tc?: boolean
    readonly questions?: readonly Question[]
    readonly answers?: readonly Answer[]
  }

  export const RECURSION_DESIRED: number
  export function encode(packet: Packet): Buffer
  /** Throws when the bytes are no DNS message. */
  export function decode(bytes: Uint8Array): Packet
}
