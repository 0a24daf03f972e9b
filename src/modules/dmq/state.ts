/** What the module keeps for a server: itself as a node, the other nodes, and who listens on which channel. */
import type { CounterMap } from './counters.ts'
import type { RouteFunction, Host } from '../../runtime/host.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { SlApi } from '../sl/api.ts'
import type { TmApi } from '../tm/api.ts'
import type { Channel } from './api.ts'
import type { Comparing } from './comparing.ts'
import type { DmqNode, NodeLine } from './node.ts'
import type { NodeList } from './node-list.ts'
import type { DmqParams } from './params.ts'

/** Addresses of notification_address as they are written, and read. */
export interface NotificationAddress {
  readonly text: string
  readonly line: NodeLine
}

export interface Dmq {
  readonly host: Host
  readonly params: DmqParams
  readonly channels: Map<string, Channel>
  readonly counters: CounterMap
  readonly nodes: NodeList
  readonly self: NodeLine
  readonly addresses: readonly NotificationAddress[]
  readonly comparing: Comparing
  /** From `start` on. */
  socket: ListenSocket | undefined
  local: DmqNode | undefined
  tm: TmApi | undefined
  sl: SlApi | undefined
  /** Whether modules have asked the others for all there is. */
  isJoined: boolean
  /** When a refused message was last told of in the log, on the monotonic clock. */
  refusalToldAtMs: number
  readonly events: { up: RouteFunction | undefined; down: RouteFunction | undefined; disabled: RouteFunction | undefined }
  readonly stops: (() => void)[]
}

export const CHANNELS_MAX = 256
