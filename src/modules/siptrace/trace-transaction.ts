/** The messages of a transaction that sip_trace() was told to follow. */
import type { AvpList } from '../../runtime/avp.ts'
import type { Target } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Transaction, TransactionTracer } from '../../transaction/transaction.ts'
import { endText, socketText } from './address-text.ts'
import type { Destination } from './destination.ts'
import { store, tracedUsers, type SipTrace } from './trace.ts'
import { attributesOf, traceCurrent } from './trace-current.ts'

/** What a row says of a message whose other end is not known. */
const NOWHERE = 'any:255.255.255.255:5060'

function avpsOf({ tracedUser, tableName }: SipTrace, { attributes }: Transaction): AvpList | undefined {
  return tracedUser === undefined && tableName === undefined ? undefined : attributes?.avps
}

export class TransactionTrace implements TransactionTracer {
  readonly #state: SipTrace
  /** One for each call of sip_trace(); undefined stands for duplicate_uri. */
  readonly destinations: (Destination | undefined)[]
  /** The request was to be traced when the transaction was made: what came later follows the requests alone. */
  readonly isFlagged: boolean

  constructor(state: SipTrace, destinations: readonly (Destination | undefined)[], isFlagged: boolean) {
    this.#state = state
    this.destinations = [...destinations]
    this.isFlagged = isFlagged
  }

  requestSent(transaction: Transaction, text: string, target: Target): void {
    const state = this.#state
    const method = text.slice(0, Math.max(0, text.indexOf(' ')))
    const isOwn = method === 'CANCEL' || method === 'ACK'
    if (isOwn && !this.isFlagged && tracedUsers(state, avpsOf(state, transaction)) === undefined) return
    const { request } = transaction
    const attributes = attributesOf(state, request)
    if (attributes === undefined) return
    const { socket, transport, address, port } = target
    const { received } = request
    const fromIp = socket === undefined
      ? endText(received.socket.transport, received.socket.address, received.socket.port)
      : socketText(socket)
    const traced = {
      ...attributes, method, text, status: '', direction: 'out', isReply: false, atMs: state.host.clock.now(),
      fromIp: state.params.trace_local_ip || fromIp, toIp: endText(transport, address, port),
    }
    for (const destination of this.destinations) store(state, traced, avpsOf(state, transaction), destination)
  }

  replyCame(transaction: Transaction, reply: SipMessage): void {
    const state = this.#state
    const avps = avpsOf(state, transaction)
    if (!this.isFlagged && tracedUsers(state, avps) === undefined) return
    const attributes = attributesOf(state, reply)
    if (attributes === undefined) return
    const { socket, sourceAddress, sourcePort } = reply.received
    const traced = {
      ...attributes, text: reply.text, status: String(reply.status), direction: 'in', isReply: true, atMs: state.host.clock.now(),
      fromIp: endText(socket.transport, sourceAddress, sourcePort),
      toIp: state.params.trace_local_ip || endText(socket.transport, socket.address, socket.port),
    }
    for (const destination of this.destinations) store(state, traced, avps, destination)
  }

  replySent(transaction: Transaction, status: number, text: string, reply: SipMessage | 'faked'): void {
    const state = this.#state
    const avps = avpsOf(state, transaction)
    if (!this.isFlagged && tracedUsers(state, avps) === undefined) return
    for (const destination of this.destinations) storeReply(state, transaction, status, text, reply, avps, destination)
  }

  ackCame(transaction: Transaction, ack: SipMessage): void {
    const state = this.#state
    for (const destination of this.destinations) traceCurrent(state, ack, avpsOf(state, transaction), undefined, destination)
  }

  cancelCame(transaction: Transaction, cancel: SipMessage, own: Transaction): void {
    const state = this.#state
    own.tracer ??= new CancelTrace(state, this.destinations)
    for (let count = this.destinations.length; count > 0; count--) {
      traceCurrent(state, cancel, avpsOf(state, transaction), undefined, undefined)
    }
  }
}

/** The answer to a CANCEL of a traced INVITE. */
class CancelTrace implements TransactionTracer {
  readonly #state: SipTrace
  readonly #destinations: readonly (Destination | undefined)[]

  constructor(state: SipTrace, destinations: readonly (Destination | undefined)[]) {
    this.#state = state
    this.#destinations = destinations
  }

  replySent(transaction: Transaction, status: number, text: string, reply: SipMessage | 'faked'): void {
    for (const destination of this.#destinations) storeReply(this.#state, transaction, status, text, reply, undefined, destination)
  }

  requestSent(): void {}
  replyCame(): void {}
  ackCame(): void {}
  cancelCame(): void {}
}

function storeReply(
  state: SipTrace, transaction: Transaction, status: number, text: string, reply: SipMessage | 'faked',
  avps: AvpList | undefined, destination: Destination | undefined,
): void {
  const { request } = transaction
  const message = reply === 'faked' ? request : reply
  const attributes = attributesOf(state, message)
  if (attributes === undefined) return
  const { socket } = request.received
  const { target } = transaction.response
  const traced = {
    ...attributes, text, status: String(status), direction: 'out', isReply: true, atMs: state.host.clock.now(),
    fromIp: state.params.trace_local_ip || endText(message.received.socket.transport, socket.address, socket.port),
    toIp: target === undefined ? NOWHERE : endText(target.transport, target.address, target.port),
  }
  store(state, traced, avps, destination)
}
