/** The request as t_write_req() and t_write_unix() write it for another program: a line for each field (Kamailio's tw_info). */
import type { RouteContext } from '../../runtime/context.ts'
import { RouteMask } from '../../define/route-kind.ts'
import { defaultPort } from '../../sip/endpoint.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam } from '../../sip/uri.ts'
import type { Transaction } from '../../transaction/transaction.ts'
import type { Appended } from './written-appends.ts'

const VERSION = '0.3'
/** Stands for what is not there. */
const NONE = '.'

/** Bits of P-MsgFlags beside force_rport(): always, in failure routes, where the branch timed out, where it had replied. */
const WrittenFlag = { always: 0x80, failure: 0x10, timedOut: 0x20, replied: 0x40 } as const

/** The text; a ParseError says which header cannot be read. */
export function writtenRequest(
  context: RouteContext, transaction: Transaction, action: string, appended: Appended | undefined,
): string | ParseError {
  const { message } = context
  const from = message.from()
  const to = message.to()
  if (from === undefined || from instanceof ParseError) return from ?? new ParseError('from', 'From is missing')
  if (to === undefined || to instanceof ParseError) return to ?? new ParseError('to', 'To is missing')
  const path = pathOf(message, from)
  if (path instanceof ParseError) return path
  const uri = message.parsedUri()
  if (uri instanceof ParseError) return uri
  const { socket } = message.received
  const hasBody = message.method === 'INVITE' || appended?.addsBody === true
  const lines = [
    VERSION, `sip_request.${action}`, message.method, uri.user, uri.host, socket.address,
    socket.port === defaultPort(socket.transport) ? NONE : String(socket.port),
    message.requestUri, path.target, addressText(message, from), message.value(HeaderType.to) ?? '', message.callId() ?? '',
    from.tag ?? '', to.tag ?? '', message.cseq()?.numberText ?? '', `${transaction.hashIndex}:${transaction.label}`,
    path.routes, path.nextHop, `P-MsgFlags: ${flagsText(context, transaction)}`, ...(appended?.lines(context) ?? []),
    NONE, hasBody ? message.body() : NONE,
  ]
  return `${lines.join('\n')}\n`
}

/** Display name and URI, without parameters of the header. */
function addressText({ text }: SipMessage, { start, uriEnd, hasBrackets }: NameAddr): string {
  return text.slice(start, hasBrackets ? uriEnd + 1 : uriEnd)
}

/** Hexadecimal, the lowest digit first. */
function flagsText({ message, routeType }: RouteContext, { armed }: Transaction): string {
  let flags: number = WrittenFlag.always | (message.msgFlags & MessageFlag.forceRport)
  if (routeType === RouteMask.failure) {
    flags |= WrittenFlag.failure
    if (armed.winner?.isTimedOut === true) flags |= WrittenFlag.timedOut
    if (armed.winner?.hasReplied === true) flags |= WrittenFlag.replied
  }
  return [...flags.toString(16)].reverse().join('')
}

interface Path {
  /** Where requests to the caller go: its Contact, or a strict router on the way. */
  readonly target: string
  readonly routes: string
  readonly nextHop: string
}

/** How the caller is reached within the dialog. With a loose router its URI stands twice in the routes, as Kamailio has it. */
function pathOf(message: SipMessage, from: NameAddr): Path | ParseError {
  const contacts = message.addresses(HeaderType.contact)
  if (contacts instanceof ParseError) return contacts
  const recorded = message.addresses(HeaderType.recordRoute)
  if (recorded instanceof ParseError) return recorded
  const contact = lastOfFirst(message, contacts) ?? from.uri
  const uris = recorded.map(({ uri }) => `<${uri}>`)
  const first = recorded[0]
  if (first === undefined) return { target: contact, routes: NONE, nextHop: NONE }
  const uri = parseUri(first.uri)
  if (uri instanceof ParseError) return uri
  if (uriParam(uri, 'lr') === undefined) {
    return { target: first.uri, routes: [...uris.slice(1), `<${contact}>`].join(','), nextHop: NONE }
  }
  return { target: contact, routes: [`<${first.uri}>`, ...uris].join(','), nextHop: first.uri }
}

/** The last contact of the first Contact header, as Kamailio takes it; undefined for `*` and none. */
function lastOfFirst(message: SipMessage, contacts: readonly NameAddr[]): string | undefined {
  const header = message.header(HeaderType.contact)
  if (header === undefined || contacts[0]?.isStar === true) return undefined
  return contacts.findLast(({ start }) => start < header.end)?.uri
}
