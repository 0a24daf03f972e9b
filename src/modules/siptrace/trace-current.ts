/** One message as it is traced. */
import type { AvpList } from '../../runtime/avp.ts'
import type { Sending } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { bracketedEndText, endText, socketText } from './address-text.ts'
import type { Destination } from './destination.ts'
import { store, tracedUsers, type SipTrace, type Traced } from './trace.ts'

/** Call-ID, method and tags of a message; undefined, with a line in the log, when one of them cannot be read. */
export function attributesOf({ host }: SipTrace, message: SipMessage): Pick<Traced, 'callId' | 'method' | 'fromTag' | 'toTag'> | undefined {
  const from = message.from()
  const to = message.to()
  const callId = message.header(HeaderType.callId)?.body
  const cseq = message.cseq()
  const missing = from === undefined || from instanceof ParseError ? 'FROM header' :
    to === undefined || to instanceof ParseError ? 'To header' :
    callId === undefined ? 'call-id' : cseq === undefined || cseq instanceof ParseError ? 'cseq' : undefined
  if (missing !== undefined) {
    host.log.error('siptrace', `cannot parse ${missing}`)
    return undefined
  }
  const method = message.isRequest ? message.method : cseq instanceof ParseError ? '' : cseq?.method ?? ''
  return { callId: callId ?? '', method, fromTag: tagOf(from), toTag: tagOf(to) }
}

const tagOf = (party: ReturnType<SipMessage['from']>): string => (party === undefined || party instanceof ParseError ? '' : party.tag ?? '')

/** The message as it came, or in onsend_route as it leaves: 1, or -1 when nothing is traced. */
export function traceCurrent(
  state: SipTrace, message: SipMessage, avps: AvpList | undefined, sending: Sending | undefined,
  destination: Destination | undefined, correlationId = '',
): number {
  if (!state.isOn && tracedUsers(state, avps) === undefined) return -1
  const attributes = attributesOf(state, message)
  if (attributes === undefined) return -1
  const status = message.isRequest ? '' : message.statusText
  const ends = sending === undefined ? endsOf(state, message) : endsOfSending(state, sending)
  const traced = { ...attributes, ...ends, status, atMs: state.host.clock.now(), isReply: !message.isRequest }
  return store(state, traced, avps, destination, correlationId)
}

type Ends = Pick<Traced, 'text' | 'fromIp' | 'toIp' | 'direction'>

function endsOf({ params }: SipTrace, { text, received }: SipMessage): Ends {
  const { socket, sourceAddress, sourcePort } = received
  return {
    text, direction: 'in', fromIp: endText(socket.transport, sourceAddress, sourcePort),
    toIp: params.trace_local_ip || endText(socket.transport, socket.address, socket.port),
  }
}

function endsOfSending({ params }: SipTrace, { text, socket, address, port }: Sending): Ends {
  return {
    text, direction: 'out', fromIp: params.trace_local_ip || socketText(socket), toIp: bracketedEndText(socket.transport, address, port),
  }
}
