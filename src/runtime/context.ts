/** What a running route carries along: the message, the script's own values and how the route is to end. */
import type { ListenSocket, ReceivedFrom } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import type { Arming } from '../transaction/arming.ts'
import type { Transaction } from '../transaction/transaction.ts'
import { RouteMask } from '../define/route-kind.ts'
import type { PvValue } from '../define/value.ts'
import { AvpList } from './avp.ts'
import { BranchSet } from './branches.ts'
import type { Host, RouteTable } from './host.ts'
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

/** AVPs and XAVPs of a message; those of a transaction outlive it. Most messages of a stateless proxy have none. */
export class Attributes {
  private avpList: AvpList | undefined = undefined
  private xavpLists: XavpLists | undefined = undefined

  get avps(): AvpList {
    return (this.avpList ??= new AvpList())
  }

  get xavps(): XavpLists {
    return (this.xavpLists ??= new XavpLists())
  }
}

export class RouteContext {
  readonly host: Host
  readonly worker: Worker
  message: SipMessage
  /** The script that the message runs in: a reload in the meantime does not change it. */
  routes: RouteTable
  /** The kind of route that runs: one bit of `RouteMask`. */
  routeType: number = RouteMask.request
  /** `$rc`, `$retcode`, `$?`. */
  returnCode = 0
  /** What went wrong in the last statement, as Kamailio numbers it (0 for nothing): sl_reply_error() answers with it. */
  errorCode = 0
  /** What t_relay() failed with, which is answered when the script ends without another answer. */
  relayError = 0
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
  /** The transaction that the message belongs to, once somebody looked for it: null when there is none. */
  transaction: Transaction | null | undefined = undefined
  /** What the script asked for before there was a transaction. */
  arming: Arming | undefined = undefined
  /** Instances of parameter groups that cfg_select() chose. */
  cfgInstances: ReadonlyMap<string, number> | undefined = undefined
  /** Which of the transaction's branches the route is about; -1 for none. */
  branchIndex = -1
  /** By the places of ContextValues. */
  moduleValues: unknown[] | undefined = undefined
  // Made when a script first asks.
  private branchSet: BranchSet | undefined = undefined
  private attributeLists: Attributes | undefined = undefined

  constructor(host: Host, worker: Worker, message: SipMessage) {
    this.host = host
    this.worker = worker
    this.message = message
    this.routes = host.routes
  }

  /** False when the script never asked for further branches. */
  get hasBranches(): boolean {
    return this.branchSet !== undefined && this.branchSet.list.length > 0
  }

  get branches(): BranchSet {
    return (this.branchSet ??= new BranchSet())
  }

  get attributes(): Attributes {
    return (this.attributeLists ??= new Attributes())
  }

  set attributes(attributes: Attributes) {
    this.attributeLists = attributes
  }

  get avps(): AvpList {
    return this.attributes.avps
  }

  get xavps(): XavpLists {
    return this.attributes.xavps
  }
}
