import type { Attributes } from '../runtime/context.ts'
import type { Edits } from '../sip/edits.ts'
import type { SipMessage } from '../sip/message.ts'
import { ClientBranch } from './client-branch.ts'
import type { TransactionLayer } from './layer.ts'
import { Retransmitter, type Awaiting } from './retransmitter.ts'

/** How far a transaction is: its request waits for an answer, a failure for its ACK, or all is over and copies are absorbed. */
export const Phase = { proceeding: 0, completed: 1, waiting: 2, gone: 3 } as const

/** What was done to a request in the script that made the transaction, as bits. */
export const Done = { forwarded: 1, replied: 2, released: 4, failedLater: 16, suspended: 32 } as const

/** What scripts switch for one transaction, as bits. */
export const Option = {
  canceled: 1,
  /** A 6xx came: no new branches until the failure route has run. */
  blocked6xx: 2,
  autoInvite100: 4,
  disable6xx: 8,
  disableFailover: 16,
  disableInternalReply: 32,
  noE2eCancelReason: 64,
  noAutoAck: 128,
  /** Requests made here, and replications: nobody upstream waits for an answer. */
  local: 256,
} as const

/** Who made a request of this server, and is told what comes of it. */
export interface LocalOrigin {
  readonly onFinal?: ((status: number, reply: SipMessage | undefined) => void) | undefined
  readonly onProvisional?: ((reply: SipMessage) => void) | undefined
  /** The ACK to a 2xx is not sent here. */
  readonly isAckedByCaller?: boolean
}

/** A request and all that came of it: the server side (RFC 3261 §17.2) and the branches it was sent to. */
export class Transaction implements Awaiting {
  readonly layer: TransactionLayer
  /** Unique while the transaction lives; with `hashIndex` it names the transaction to scripts and in the own Via. */
  readonly label: number
  readonly hashIndex: number
  /** Under which the table finds it for requests. */
  readonly key: number
  /** Another transaction with the same key. */
  nextOfKey: Transaction | undefined = undefined
  readonly request: SipMessage
  readonly isInvite: boolean
  readonly attributes: Attributes
  readonly branches: ClientBranch[] = []

  /** How the request was addressed when the transaction was made: failure routes start from there. */
  readonly newUri: string | undefined
  readonly dstUri: string | undefined
  readonly pathVector: string | undefined
  readonly forceSocket: SipMessage['forceSocket']

  /** Flags that the routes of the transaction see; the script's own are given when the request is sent on. */
  flags: number
  xflags: [number, number] | undefined

  phase: number = Phase.proceeding
  done = 0
  options = 0
  /** The last reply sent upstream, and after it the time that copies of the request are absorbed. */
  readonly response: Retransmitter
  /** Its status; 0 before the first. */
  status = 0
  /** The tag that To has in the reply: of an own reply, or of the one passed on. */
  toTag = ''
  /** The branch whose reply was passed on; -2 for an own reply, -1 for none. */
  relayedBranch = -1
  /** In a failure route: the branch whose failure it is about. */
  winner: ClientBranch | undefined = undefined
  /** What the script had changed when it sent the request on. */
  savedEdits: Edits | undefined = undefined

  /** Of a request that this server makes itself. */
  localRequest: LocalOrigin | undefined = undefined

  onReply = ''
  onFailure = ''
  /** What becomes of earlier replies behind the failure route: failure_reply_mode, or as t_drop_replies() asked. */
  dropMode = 0
  onBranch = ''
  /** Kept for branches that are added later. */
  onBranchLater = ''
  onBranchFailure = ''

  frMs: number
  frInviteMs: number
  retr1Ms: number
  retr2Ms: number
  /** When the client side ends whatever happens. */
  endOfLife: number

  /** Work that goes on in a route that waits: what comes meanwhile is done behind it. */
  busy: Promise<void> | undefined = undefined
  /** How much stands behind it. */
  queued = 0

  constructor(layer: TransactionLayer, label: number, hashIndex: number, key: number, request: SipMessage, attributes: Attributes) {
    this.layer = layer
    this.label = label
    this.hashIndex = hashIndex
    this.key = key
    this.request = request
    this.isInvite = request.method === 'INVITE'
    this.attributes = attributes
    this.newUri = request.newUri
    this.flags = request.flags
    this.xflags = request.xflags
    this.dstUri = request.dstUri
    this.pathVector = request.pathVector
    this.forceSocket = request.forceSocket
    this.response = new Retransmitter(layer, this)
    const { timers } = layer
    this.frMs = timers.frMs()
    this.frInviteMs = timers.frInviteMs()
    this.retr1Ms = timers.retr1Ms()
    this.retr2Ms = timers.retr2Ms()
    this.endOfLife = layer.now() + timers.maximumMs(this.isInvite)
  }

  has(option: number): boolean {
    return (this.options & option) !== 0
  }

  set(option: number, isOn = true): void {
    if (isOn) this.options |= option
    else this.options &= ~option
  }

  /** Takes the flags of a message that belongs to it. */
  keepFlags({ flags, xflags }: SipMessage): void {
    this.flags = flags
    this.xflags = xflags === undefined ? undefined : [...xflags]
  }

  /** Gives its flags to a message. */
  giveFlags(message: SipMessage): void {
    message.flags = this.flags
    message.xflags = this.xflags === undefined ? undefined : [...this.xflags]
  }

  addBranch(): ClientBranch {
    const branch = new ClientBranch(this, this.branches.length)
    this.branches.push(branch)
    return branch
  }

  stopBranches(): void {
    for (const branch of this.branches) branch.stopTimers()
  }

  /** The end of the time for an ACK, or for copies of the request. */
  expired(): void {
    if (this.phase === Phase.completed) this.layer.linger(this)
    else this.layer.remove(this)
  }
}
