import type { ListenSocket, TransportName } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import { Retransmitter, type Awaiting } from './retransmitter.ts'
import type { Transaction } from './transaction.ts'

/** One destination of a transaction: the client side (RFC 3261 §17.1). */
export class ClientBranch implements Awaiting {
  readonly transaction: Transaction
  readonly index: number
  /** The request as it was sent there, sent again until somebody answers. */
  readonly request: Retransmitter
  /** The CANCEL of that request, once there is one. */
  cancel: Retransmitter | undefined = undefined

  uri = ''
  dstUri: string | undefined = undefined
  path: string | undefined = undefined
  socket: ListenSocket | undefined = undefined
  flags = 0
  q = -1
  instance = ''
  ruid = ''
  locationUserAgent = ''

  /** Status of the last reply; 0 for none. */
  lastStatus = 0
  /** The final reply, kept while others are awaited; `faked` for one that this server made up. */
  reply: SipMessage | 'faked' | undefined = undefined
  /** Of a request made here: the ACK to its 2xx, sent again with each copy of that. */
  ack: string | undefined = undefined
  /** Nobody replied in time. */
  isTimedOut = false
  /** A reply came, before the one in work. */
  hasReplied = false
  isCanceled = false
  /** The Reason of a CANCEL that waits for a provisional reply. */
  cancelReason: string | undefined = undefined
  /** The script dropped its reply (t_drop_replies): it takes no part in the choice any more. */
  isDropped = false
  /** A branch without request, which stands for a suspended transaction. */
  isBlind = false
  /** The contacts of its redirection were taken (uac_redirect). */
  isRedirectFollowed = false
  /** Runs until a final reply, not until the first one only. */
  isInviteTimerRunning = false
  onReply = ''
  /** The failure_route that was named when it was made. */
  onFailure = ''
  onBranchFailure = ''
  /** Further addresses that the name server gave for it (DNS failover). */
  alternatives: readonly { readonly transport: TransportName; readonly address: string; readonly port: number }[] = []

  constructor(transaction: Transaction, index: number) {
    this.transaction = transaction
    this.index = index
    this.request = new Retransmitter(transaction.layer, this)
  }

  expired(retransmitter: Retransmitter): void {
    if (retransmitter === this.request) this.transaction.layer.handlers.branchExpired(this)
  }

  stopTimers(): void {
    this.request.stop()
    this.cancel?.stop()
  }
}
