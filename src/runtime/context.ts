/** What a running route carries along: the message, the script's own values and how the route is to end. */
import type { ListenSocket, ReceivedFrom } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import { RouteMask } from '../define/route-kind.ts'
import type { PvValue } from '../define/value.ts'
import { AvpList } from './avp.ts'
import { BranchSet } from './branches.ts'
import type { Host } from './host.ts'
import { XavpLists } from './xavp.ts'

/** How a route ends, as bits (Kamailio's run flags). */
export const Flow = { exit: 1, return: 2, drop: 4, break: 8 } as const

/**
 * What Kamailio keeps per worker process: `$var(x)` outlives the message. A message that waits keeps its worker, so
 * that another one cannot change its variables; the first free worker takes the next message.
 */
export interface Worker {
  /** 0 for the first. */
  readonly index: number
  /** Values of `$var`, `$vn`, `$vz` by slot. */
  readonly variables: PvValue[]
}

/** A message on its way out, as onsend_route sees it (`$snd(...)`). */
export interface Sending {
  readonly text: string
  readonly socket: ListenSocket
  /** Numeric address, IPv6 without brackets. */
  readonly address: string
  readonly port: number
}

/** Bytes that just came, before they are parsed (`$rcv(...)` in event routes of the network). */
export interface Packet {
  text: string
  readonly received: ReceivedFrom
}

export class RouteContext {
  readonly host: Host
  readonly worker: Worker
  message: SipMessage
  /** The kind of route that runs: one bit of `RouteMask`. */
  routeType: number = RouteMask.request
  /** `$rc`, `$retcode`, `$?`. */
  returnCode = 0
  /** What went wrong last, as Kamailio numbers it (0 for nothing): sl_reply_error() answers with it. */
  errorCode = 0
  /** Bits of `Flow`. */
  flow = 0
  /** Depth of route() calls, bounded by `max_recursive_level`. */
  depth = 0
  /** Where the script is: line of the configuration file (`$cfg(line)`) and name of the running route. */
  line = 0
  file = ''
  routeName = ''
  /** Flags of setsflag() and `$sf`: they last as long as the script runs on this message. */
  scriptFlags = 0
  /** Set in onsend_route. */
  sending: Sending | undefined = undefined
  /** Set in event routes that see bytes before they are a message. */
  packet: Packet | undefined = undefined
  // Most messages of a stateless proxy have none of these: they are made when a script first asks.
  private branchSet: BranchSet | undefined = undefined
  private avpList: AvpList | undefined = undefined
  private xavpLists: XavpLists | undefined = undefined

  constructor(host: Host, worker: Worker, message: SipMessage) {
    this.host = host
    this.worker = worker
    this.message = message
  }

  get branches(): BranchSet {
    return (this.branchSet ??= new BranchSet())
  }

  get avps(): AvpList {
    return (this.avpList ??= new AvpList())
  }

  set avps(list: AvpList) {
    this.avpList = list
  }

  get xavps(): XavpLists {
    return (this.xavpLists ??= new XavpLists())
  }

  set xavps(lists: XavpLists) {
    this.xavpLists = lists
  }
}
