/** What programs are told of the message, as variables of their environment: headers as SIP_HF_NAME, and a few facts more. */
import { createHash } from 'node:crypto'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'

/** Headers whose variable is not called as they are written: those with short names. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [HeaderType.via, 'VIA'], [HeaderType.contentType, 'CONTENT_TYPE'], [HeaderType.from, 'FROM'], [HeaderType.callId, 'CALLID'],
  [HeaderType.supported, 'SUPPORTED'], [HeaderType.contentLength, 'CONTENT_LENGTH'], [HeaderType.contact, 'CONTACT'],
  [HeaderType.to, 'TO'], [HeaderType.event, 'EVENT'],
])

/** How old versions of bash begin a function that they then execute. */
const FUNCTION = '() {'

export function environmentOf(message: SipMessage, isBashSafe: boolean): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, values] of headerValues(message)) {
    found[`SIP_HF_${name}`] = values.map((value) => (isBashSafe && value.startsWith(FUNCTION) ? value.slice(2) : value)).join(',')
  }
  const to = message.to()
  found['SIP_SRCIP'] = message.received.sourceAddress
  found['SIP_RURI'] = message.uri
  found['SIP_ORUI'] = message.requestUri
  const user = parseUri(message.uri)
  if (!(user instanceof ParseError)) found['SIP_USER'] = user.user
  const originalUser = parseUri(message.requestUri)
  if (!(originalUser instanceof ParseError)) found['SIP_OUSER'] = originalUser.user
  found['SIP_TID'] = transactionId(message)
  found['SIP_DID'] = to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
  return found
}

/** Values of the same header are together, later ones directly behind the first, as Kamailio has them. */
function headerValues(message: SipMessage): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const header of message.headers()) {
    const name = NAMES.get(header.type) ?? header.name.toUpperCase().replace(/[^A-Z0-9]/g, '_')
    const known = found.get(name)
    if (known === undefined) found.set(name, [header.body])
    else known.splice(1, 0, header.body)
  }
  return found
}

/** By which Kamailio knows transactions of clients older than RFC 3261. */
function transactionId(message: SipMessage): string {
  const [from, to, cseq, via] = [message.from(), message.to(), message.cseq(), message.firstVia()]
  if (from === undefined || from instanceof ParseError || cseq === undefined || cseq instanceof ParseError || via === undefined) return ''
  const isInvite = message.method === 'INVITE' || message.method === 'ACK' || message.method === 'CANCEL'
  const toTag = isInvite || to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
  const host = via.text.slice(via.hostStart, via.hostEnd)
  const port = /:(\d+)$/.exec(host)?.[1] ?? ''
  const parts = [
    from.tag ?? '', toTag, message.header(HeaderType.callId)?.body ?? '', message.requestUri, cseq.numberText,
    port === '' ? host : host.slice(0, -port.length - 1), port, via.branchStart < 0 ? '' : via.text.slice(via.branchStart, via.branchEnd),
  ]
  return createHash('md5').update(parts.map((part) => part.trim()).join(''), 'latin1').digest('hex')
}
