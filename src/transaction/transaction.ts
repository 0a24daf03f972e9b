import { ownText } from '../base/own-text.ts'
import type { Attributes, Worker } from '../runtime/context.ts'
import type { RouteTable } from '../runtime/host.ts'
import type { Edits } from '../sip/edits.ts'
import type { ReceivedFrom, Target } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import { ParseError } from '../sip/parse-error.ts'
import { parseMessage } from '../sip/parse-message.ts'
import { ClientBranch } from './client-branch.ts'
import type { EndedTransaction } from './ended-transactions.ts'
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

/** Times of a transaction in milliseconds. */
export interface Times {
  readonly frMs: number
  readonly frInviteMs: number
  readonly retr1Ms: number
  readonly retr2Ms: number
  readonly waitMs: number
  readonly inviteLifetimeMs: number
  readonly otherLifetimeMs: number
}

/** Routes that a script has named for a transaction, and what its failure route is about. Most transactions have none. */
export interface Armed {
  onReply: string
  onFailure: string
  onBranch: string
  onBranchFailure: string
  /** What becomes of earlier replies behind the failure route: failure_reply_mode, or as t_drop_replies() asked. */
  dropMode: number
  /** The first of the branches that were made together last. */
  waveStart: number
  /** In a failure route: the branch whose failure it is about. */
  winner: ClientBranch | undefined
}

const NOT_ARMED: Armed = Object.freeze({
  onReply: '', onFailure: '', onBranch: '', onBranchFailure: '', dropMode: 0, waveStart: 0, winner: undefined,
})

/** Who made a request of this server, and is told what comes of it. */
export interface LocalOrigin {
  readonly onFinal?: ((status: number, reply: SipMessage | undefined, worker: Worker | undefined) => void | Promise<void>) | undefined
  readonly onProvisional?: ((reply: SipMessage) => void) | undefined
  /** The ACK to a 2xx is not sent here. */
  readonly isAckedByCaller?: boolean
  /** The socket that it is to leave by. */
  readonly socket?: SipMessage['forceSocket']
}

/** Changes a reply of another server as it comes, before a route sees it. */
export type ReplyEditor = (transaction: Transaction, reply: SipMessage) => void

/** Hears what becomes of one transaction. */
export interface TransactionObserver {
  /** A reply went upstream: one that came, up to the final one, or (from 200 on) one that was made here. */
  replySent(transaction: Transaction, status: number, reply: SipMessage | 'faked', worker: Worker | undefined): void
  /** All branches failed, this one best; the failure route comes next. */
  failed(transaction: Transaction, winner: ClientBranch, worker: Worker | undefined): void
  /** It is forgotten. */
  removed(transaction: Transaction): void
}

/** Sees each message of one transaction as it came or left; copies that timers send are left out. */
export interface TransactionTracer {
  requestSent(transaction: Transaction, text: string, target: Target): void
  replyCame(transaction: Transaction, reply: SipMessage): void
  replySent(transaction: Transaction, status: number, text: string, reply: SipMessage | 'faked'): void
  /** The ACK to a failure. */
  ackCame(transaction: Transaction, ack: SipMessage): void
  /** The CANCEL of its INVITE, which has a transaction of its own. */
  cancelCame(transaction: Transaction, cancel: SipMessage, own: Transaction): void
}

/** Bodies up to that many characters stay with requests that are over. */
const SMALL_BODY = 2048

function withoutLargeBody(text: string): string {
  const end = text.indexOf('\r\n\r\n') + 4
  return end >= 4 && text.length - end > SMALL_BODY ? ownText(text.slice(0, end)) : text
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** Shared by all that have none; never changed. */
const NO_BRANCHES: ClientBranch[] = []

/** A request and all that came of it: the server side (RFC 3261 §17.2) and the branches it was sent to. */
export class Transaction implements Awaiting {
  readonly layer: TransactionLayer
  /** Unique while the transaction lives; with `hashIndex` it names the transaction to scripts and in the own Via. */
  readonly label: number
  /** Under which the table finds it for requests; -1 for a request of this server. */
  readonly key: number
  /** The next in the list of its key, which may have other keys as well. */
  nextOfKey: Transaction | undefined = undefined
  /** The next in the lists of LiveTransactions. */
  nextOfLabel: Transaction | undefined = undefined
  readonly method: string
  attributes: Attributes | undefined
  branches: ClientBranch[] = NO_BRANCHES

  /** Flags that the routes of the transaction see; the script's own are given when the request is sent on. */
  flags: number
  xflags: [number, number] | undefined
  /** How the request was addressed when the transaction was made: failure routes start from there. */
  readonly newUri: string | undefined
  readonly dstUri: string | undefined
  readonly pathVector: string | undefined
  readonly forceSocket: SipMessage['forceSocket']

  phase: number = Phase.proceeding
  done = 0
  options = 0
  /** The last reply sent upstream, and after it the time that copies of the request are absorbed. */
  readonly response: Retransmitter
  /** Its status; 0 before the first. */
  status = 0
  /** The branch whose reply was passed on; -2 for an own reply, -1 for none. */
  relayedBranch = -1
  /** What the script had changed when it sent the request on. */
  savedEdits: Edits | undefined = undefined
  /** Of a request that this server makes itself. */
  localRequest: LocalOrigin | undefined = undefined
  armed: Armed = NOT_ARMED
  /** The script that made it, where its routes are found; a reload in the meantime does not change it. */
  routes: RouteTable | undefined = undefined
  /** The version of a reloaded script that its routes are of; nobody looks at it here. */
  script: unknown = undefined
  /** Of a module that follows it. */
  observer: TransactionObserver | undefined = undefined
  /** Of a module that copies its messages. */
  tracer: TransactionTracer | undefined = undefined
  /** Of a module that changed the request, and takes that back in each reply. */
  replyEditor: ReplyEditor | undefined = undefined
  times: Times
  /** When the client side ends whatever happens, by the layer's clock. */
  endOfLife: number
  /** When it is forgotten, once it is over. */
  endOfWait = 0

  /** Work that goes on in a route that waits: what comes meanwhile is done behind it. */
  busy: Promise<void> | undefined = undefined
  /** How much stands behind it. */
  queued = 0

  private text: string
  private readonly received: ReceivedFrom
  private readonly messageId: number
  private readonly receivedAtMs: number
  private message: SipMessage | undefined

  constructor(layer: TransactionLayer, label: number, key: number, request: SipMessage, attributes: Attributes | undefined) {
    this.layer = layer
    this.label = label
    this.key = key
    this.text = request.text
    this.received = request.received
    this.messageId = request.id
    this.receivedAtMs = request.receivedAtMs
    this.message = request
    this.method = request.method
    this.attributes = attributes
    this.newUri = request.newUri
    this.flags = request.flags
    this.xflags = request.xflags
    this.dstUri = request.dstUri
    this.pathVector = request.pathVector
    this.forceSocket = request.forceSocket
    this.response = new Retransmitter(layer, this)
    const { times } = layer
    this.times = times
    this.endOfLife = layer.now() + (this.isInvite ? times.inviteLifetimeMs : times.otherLifetimeMs)
  }

  get isInvite(): boolean {
    return this.method === 'INVITE'
  }

  get hashIndex(): number {
    return (this.key < 0 ? this.label : this.key) & 0xffff
  }

  /** The message number (`$mi`) of the request. */
  get requestId(): number {
    return this.messageId
  }

  /** The request. While others answer, and once all is over, only its text is kept, and read again for whoever asks. */
  get request(): SipMessage {
    if (this.message !== undefined) return this.message
    const message = parseMessage(this.text, this.received, this.messageId)
    if (message instanceof ParseError) throw new Error('a request that could be read once cannot be read again')
    message.receivedAtMs = this.receivedAtMs
    if (this.phase < Phase.waiting) this.message = message
    return message
  }

  /**
   * The script that sent the request on has ended: what was read of the request goes, the text stays. Most calls end without a
   * look at it, and what lives on while they ring is what the garbage collector has to move.
   */
  setAside(): void {
    if (this.message?.text === this.text && this.message.isAsItCame) this.message = undefined
  }

  /** Of a request made here: from now on it is as it was sent, for failure routes. */
  standAs(text: string): void {
    const message = parseMessage(text, this.received, this.messageId)
    if (message instanceof ParseError) return
    this.text = text
    this.message = message
  }

  /** The routes named for it, to be changed. */
  arm(): Armed {
    if (this.armed === NOT_ARMED) this.armed = { ...NOT_ARMED }
    return this.armed
  }

  /** The tag of To in the last reply; empty for none. */
  get toTag(): string {
    const reply = this.response.text === '' ? undefined : parseMessage(this.response.text, this.received, 0)
    const to = reply === undefined || reply instanceof ParseError ? undefined : reply.to()
    return to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
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
    branch.onFailure = this.armed.onFailure
    if (this.branches === NO_BRANCHES) this.branches = [branch]
    else this.branches.push(branch)
    return branch
  }

  stopBranches(): void {
    for (const branch of this.branches) branch.stopTimers()
  }

  /**
   * Keeps no more than what copies of the request and late replies need: there are many more transactions that wait for
   * those than any others.
   */
  shrink(): void {
    this.savedEdits = undefined
    // Late replies are changed as the first ones were, by what the request says.
    if (this.replyEditor === undefined) this.message = undefined
    const isFollowed = this.observer !== undefined || this.tracer !== undefined || this.replyEditor !== undefined
    if (this.armed.onReply === '' && !isFollowed) this.attributes = undefined
    if (this.isInvite) {
      // The request as it was sent stays: late failures are acknowledged from it.
      for (const branch of this.branches) branch.reply = undefined
    } else if (this.has(Option.local)) {
      // Nobody is sent it again. DMQ's bodies are large, and many.
      this.text = withoutLargeBody(this.text)
      for (const branch of this.branches) branch.request.text = withoutLargeBody(branch.request.text)
    } else if (this.armed === NOT_ARMED && this.observer === undefined && this.tracer === undefined) {
      this.stopBranches()
      this.branches = NO_BRANCHES
    }
  }

  /** True when numbers and texts say all that may still be asked of a transaction that is over. */
  get isPackable(): boolean {
    if (this.armed !== NOT_ARMED || this.observer !== undefined || this.tracer !== undefined || this.has(Option.local)) return false
    if (this.key < 0 || this.busy !== undefined || this.replyEditor !== undefined) return false
    // How many CANCELs there are is counted by their ends.
    if (!this.isInvite) return this.method !== 'CANCEL'
    const [branch] = this.branches
    if (branch === undefined || this.branches.length > 1) return false
    return isSuccess(branch.lastStatus) && isSuccess(this.status) && branch.onReply === ''
  }

  /** Where the request came from. */
  get origin(): ReceivedFrom {
    return this.received
  }

  pack(): EndedTransaction {
    const { key, label, messageId, status, relayedBranch, options, done, received } = this
    return {
      key, label, messageId, status, relayedBranch, options, done, received,
      hasBranch: this.isInvite, request: this.text, response: this.response.text, target: this.response.target, endsAt: this.endOfWait,
    }
  }

  /** Becomes as it was when it was packed. */
  unpack(ended: EndedTransaction): void {
    this.phase = Phase.waiting
    this.status = ended.status
    this.relayedBranch = ended.relayedBranch
    this.options = ended.options
    this.done = ended.done
    this.endOfWait = ended.endsAt
    this.response.text = ended.response
    this.response.target = ended.target
    if (ended.hasBranch) this.addBranch().lastStatus = ended.status
  }

  /** The end of the time for an ACK, or for copies of the request. */
  expired(): void {
    if (this.phase === Phase.completed) this.layer.linger(this)
    else this.layer.remove(this)
  }
}
