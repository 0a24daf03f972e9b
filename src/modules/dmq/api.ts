/** Channels between nodes, for modules that copy what they keep to other servers. */
import { apiKey } from '../../define/define.ts'
import type { DmqNode } from './node.ts'
import type { Replica } from './replica.ts'

export { Replica, type ReplicaEntry, type ReplicaKeeper } from './replica.ts'
export { contentHash } from './content-hash.ts'
export { bytesOf, parseBody, textOf, wholeOf, type JsonObject, type JsonValue } from './json.ts'
export type { DmqNode } from './node.ts'

/** What a node answers a message with. */
export interface ChannelReply {
  readonly code: number
  readonly reason: string
  readonly contentType?: string
  readonly body?: string
}

export const OK: ChannelReply = { code: 200, reason: 'OK' }
export const BAD_REQUEST: ChannelReply = { code: 400, reason: 'Bad Request' }
export const SERVER_ERROR: ChannelReply = { code: 500, reason: 'Server Internal Error' }

export interface Channel {
  readonly name: string
  /** A message from a node; `from` is undefined where it names itself as nobody known. */
  take(body: string, from: DmqNode | undefined): ChannelReply
  /** The first other node was found: the time to ask for all there is. */
  joined?(): void
}

export interface Outgoing {
  readonly channel: string
  readonly body: string
  readonly contentType: string
  readonly maxForwards?: number
}

export interface DmqApi {
  addChannel(channel: Channel): void
  /** To all active nodes; to those alone that compare nothing with `isPlainOnly`. */
  broadcast(message: Outgoing, isPlainOnly?: boolean): void
  /** To one node; `answered` gets the status, 408 when there was no answer. False when there is no room to wait. */
  send(message: Outgoing, node: DmqNode, answered?: (status: number, body: string) => void): boolean
  /** From now on what the replica holds is compared with other nodes of our own kind, and made the same. */
  addReplica(replica: Replica): void
  /** Whether any active node compares nothing: it gets plain messages. */
  readonly hasPlainNodes: boolean
}

export const dmqApi = apiKey<DmqApi>('dmq')
