/** sip_trace(): the message of the route, and its transaction where that is wanted. */
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageNote } from '../../sip/message-note.ts'
import type { Destination } from './destination.ts'
import type { SipTrace } from './trace.ts'
import { traceCurrent } from './trace-current.ts'
import { TransactionTrace } from './trace-transaction.ts'

/** What sip_trace() is to take. */
export type Scope = 'message' | 'transaction' | 'dialog'

/** On a request whose transaction, to be made, is traced: once for each call of sip_trace(). */
export class TraceNote extends MessageNote {
  readonly destinations: (Destination | undefined)[] = []
}

export function noteOf(message: SipMessage): TraceNote | undefined {
  for (let note = message.notes; note !== undefined; note = note.nextNote) if (note instanceof TraceNote) return note
  return undefined
}

export interface TraceRequest {
  readonly scope: Scope
  readonly destination: Destination | undefined
  readonly correlationId: string
}

/** sip_trace() and sip_trace_mode(). */
export function trace(state: SipTrace, context: RouteContext, { scope, destination, correlationId }: TraceRequest): number {
  const avps = state.tracedUser === undefined && state.tableName === undefined ? undefined : context.avps
  const current = (): number => traceCurrent(state, context.message, avps, context.sending, destination, correlationId)
  if (scope === 'message') return current()
  const { log } = state.host
  const { message } = context
  const { tm } = state
  if (tm === undefined) {
    log.warning('siptrace', 'TM module not loaded! Tracing only current message!')
    return current()
  }
  if (isTracedAlready(state, message)) return 1
  if (scope === 'dialog') {
    log.warning('siptrace', 'DIALOG module not loaded! Tracing only current message!')
    return current()
  }
  if (!message.isRequest) {
    log.warning('siptrace', 'When tracing a transaction sip_trace() has to be initiated on the request message')
    return -1
  }
  follow(state, context, destination)
  return current()
}

/** CANCELs, and ACKs to failures, are part of a traced INVITE. */
function isTracedAlready({ tm }: SipTrace, message: SipMessage): boolean {
  if (tm === undefined || (message.method !== 'CANCEL' && message.method !== 'ACK')) return false
  const tracer = tm.layer.find(message, 'INVITE')?.tracer
  return tracer instanceof TransactionTrace && tracer.isFlagged
}

/** From now on the messages of the transaction are traced too, be it there already or not. */
function follow(state: SipTrace, { transaction, message }: RouteContext, destination: Destination | undefined): void {
  if (transaction) {
    const tracer = transaction.tracer instanceof TransactionTrace ? transaction.tracer : new TransactionTrace(state, [], false)
    tracer.destinations.push(destination)
    transaction.tracer = tracer
    return
  }
  let note = noteOf(message)
  if (note === undefined) {
    note = new TraceNote()
    message.addNote(note)
  }
  note.destinations.push(destination)
}
