/** The body that goes to an engine: a description, the first one of a multipart body, or a fragment with further ICE candidates. */
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { bodyParts, boundaryOf } from '../../sip/multipart.ts'

/** Offsets in the message's text. */
export interface OfferBody {
  readonly start: number
  readonly end: number
  /** RFC 8840: candidates that come after the offer. */
  readonly isFragment: boolean
  /** There is no Content-Type: the body is taken for a description, with a warning. */
  readonly isUntyped: boolean
}

/** The body; otherwise why there is none, as lines for the log. */
export function offerBody(message: SipMessage): OfferBody | readonly string[] {
  const { bodyStart: start } = message
  const length = message.contentLength()
  if (length === undefined) return ['failed to get the content length in message']
  if (length === 0) return ['message body has length zero']
  const excess = start + length - message.text.length
  if (excess > 0) return [`content-length exceeds packet-length by ${excess}`]
  const whole = { start, end: start + length, isFragment: false, isUntyped: false }
  const type = message.value(HeaderType.contentType)
  if (type === undefined) return { ...whole, isUntyped: true }
  if (/^multipart\/mixed/i.test(type)) return descriptionPart(message, whole)
  const kind = kindOf(type)
  if (kind === 'sdp' || kind === 'fragment') return { ...whole, isFragment: kind === 'fragment' }
  return [kind, 'content type mismatching']
}

/** `sdp`, `fragment`, or why it is neither. */
function kindOf(type: string): string {
  const application = /^application[ \t]*/i.exec(type)
  if (application === null) return isCutShort(type) ? 'body ended :-(!' : 'invalid type for a message'
  const slash = application[0].length
  if (type[slash] !== '/') return 'no / found after primary type'
  const subtype = type.slice(slash + 1).replace(/^[ \t]+/, '')
  if (subtype.length < 3) return 'body ended :-(!'
  if (/^sdp/i.test(subtype)) return /^...($|[; \t\r\n])/.test(subtype) ? 'sdp' : 'bad end for type!'
  return /^trickle-ice-sdpfrag/i.test(subtype) ? 'fragment' : 'invalid type for a message'
}

/** Kamailio looks at four letters, four and three: the type ends before it has seen that it is another one. */
function isCutShort(type: string): boolean {
  const seen = type.length - (type.length < 8 ? type.length % 4 : type.length < 11 ? (type.length - 8) : 0)
  return type.length < 11 && 'application'.startsWith(type.slice(0, seen).toLowerCase())
}

function descriptionPart(message: SipMessage, whole: OfferBody): OfferBody | readonly string[] {
  const boundary = boundaryOf(message)
  const found = boundary === undefined ? undefined : bodyParts(message, boundary)
  if (found === undefined) return []
  const parts = found.open === undefined ? found.parts : [...found.parts, found.open]
  const part = parts.find(({ contentType }) => contentType === 'application/sdp')
  if (part === undefined) return parts.length === 0 ? ['empty multipart content'] : []
  if (part !== found.open) return { ...whole, start: part.contentStart, end: part.end }
  // No boundary behind it: it ends where the body does, without the last line end.
  const text = message.text.slice(part.contentStart, whole.end)
  return { ...whole, start: part.contentStart, end: part.contentStart + text.replace(/\r?\n$/, '').length }
}
