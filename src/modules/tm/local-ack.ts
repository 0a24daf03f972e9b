/** The ACK to a 2xx of a request of this server (RFC 3261 §13.2.2.4): to the Contact, along the route of the reply. */
import { queryOfUri } from '../../runtime/forward.ts'
import { userAgentLine } from '../../runtime/server-header.ts'
import { addressFamily } from '../../base/address.ts'
import { defaultPort, type Target } from '../../sip/endpoint.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam } from '../../sip/uri.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { Option } from '../../transaction/transaction.ts'
import { sentRequest } from './cancel.ts'
import { runAckSent } from './events.ts'
import type { Tm } from './state.ts'

/** Sends it, again for each copy of the 2xx. A reply without Contact gets none. */
export function acknowledgeSuccess(tm: Tm, branch: ClientBranch, reply: SipMessage): void {
  const { transaction } = branch
  if (transaction.localRequest?.isAckedByCaller === true || transaction.has(Option.noAutoAck)) return
  const sent = sentRequest(branch)
  const to = reply.header(HeaderType.to)
  const { target } = branch.request
  const path = pathOf(reply)
  if (sent === undefined || to === undefined || target === undefined || path === undefined) return
  branch.ack ??= ackText(tm, sent, path, reply.text.slice(to.start, to.end))
  tm.layer.transmit(branch.ack, ackTarget(tm, branch, reply, path.firstHop, target))
  runAckSent(tm, transaction, branch.ack)
}

interface Path {
  readonly requestUri: string
  /** URI of whom it is sent to. */
  readonly firstHop: string
  /** The Route header line; empty for none. */
  readonly route: string
}

/** The dialog's route (RFC 3261 §12.2.1.1): a strict router at its start takes the place of the Request-URI. */
function pathOf(reply: SipMessage): Path | undefined {
  const contacts = reply.addresses(HeaderType.contact)
  const contact = contacts instanceof ParseError || contacts[0]?.isStar === true ? undefined : contacts[0]?.uri
  if (contact === undefined) return undefined
  const recorded = reply.addresses(HeaderType.recordRoute)
  const routes = recorded instanceof ParseError ? [] : [...recorded].reverse()
  const [first] = routes
  if (first === undefined) return { requestUri: contact, firstHop: contact, route: '' }
  const values = routes.map(({ start, end }) => reply.text.slice(start, end))
  const uri = first.parsedUri()
  const isLoose = uri instanceof ParseError || uriParam(uri, 'lr') !== undefined
  if (isLoose) return { requestUri: contact, firstHop: first.uri, route: `Route: ${values.join(', ')}\r\n` }
  return { requestUri: first.uri, firstHop: first.uri, route: `Route: ${[...values.slice(1), `<${contact}>`].join(', ')}\r\n` }
}

/** In the order that Kamailio writes it: Via, From, Call-ID, To of the reply, CSeq, the route of the dialog, User-Agent. */
function ackText(tm: Tm, sent: SipMessage, { requestUri, route }: Path, to: string): string {
  const line = (type: HeaderType): string => {
    const header = sent.header(type)
    return header === undefined ? '' : sent.text.slice(header.start, header.end)
  }
  return (
    `ACK ${requestUri} SIP/2.0\r\n${line(HeaderType.via)}${line(HeaderType.from)}${line(HeaderType.callId)}${to}` +
    `CSeq: ${sent.cseq()?.numberText ?? ''} ACK\r\n${route}${userAgentLine(tm.host)}Content-Length: 0\r\n\r\n`
  )
}

const AckGoes = { byItsRoute: 0, toTheFirstHop: 1, backToTheSender: 2 } as const

/**
 * Where it goes, as local_ack_mode says. A name that would have to be looked up is not worth the wait: the first hop of
 * the request knows.
 */
function ackTarget(tm: Tm, branch: ClientBranch, reply: SipMessage, firstHop: string, first: Target): Target {
  const { local_ack_mode } = tm.params
  if (local_ack_mode === AckGoes.toTheFirstHop) return first
  const { sourceAddress, sourcePort } = reply.received
  if (local_ack_mode === AckGoes.backToTheSender) return { ...first, address: sourceAddress, port: sourcePort }
  const uri = parseUri(firstHop)
  if (uri instanceof ParseError) return first
  const { host, port, transport = 'udp' } = queryOfUri(uri)
  if (addressFamily(host) !== branch.transaction.origin.socket.family || transport !== first.transport) return first
  return { ...first, address: host, port: port || defaultPort(transport) }
}
