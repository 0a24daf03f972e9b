/** Where the session description of a message stands, for what edits it line by line without reading it. */
import { HeaderType } from '../header-name.ts'
import type { SipMessage } from '../message.ts'
import { bodyParts, boundaryOf, mediaType } from '../multipart.ts'

/** Offsets in the message's text, without the line ends behind it. */
export interface DescriptionBody {
  readonly start: number
  readonly end: number
}

/** The description; otherwise why there is none, as lines for the log. */
export function descriptionBody(message: SipMessage): DescriptionBody | readonly string[] {
  const body = wholeBody(message)
  if (!('start' in body)) return body
  let { end } = body
  while (end > body.start && /[\r\n]/.test(message.text.charAt(end - 1))) end--
  return end > body.start ? { start: body.start, end } : ['empty body']
}

/** The body, or the first part that is a description. A body without Content-Type is taken for one. */
function wholeBody(message: SipMessage): DescriptionBody | readonly string[] {
  const start = message.bodyStart
  const length = message.contentLength()
  if (length === undefined) return ['failed to get the content length in message']
  if (length === 0) return ['message body has length zero']
  if (start + length > message.text.length) return ['content-length exceeds packet-length']
  const body = { start, end: start + length }
  const value = message.value(HeaderType.contentType)
  if (value === undefined) return body
  const type = mediaType(value)
  if (type.startsWith('multipart/mixed')) return partOf(message) ?? []
  if (/^application\s*\/\s*sdp\s*$/.test(type)) return body
  return [/^application\s*\/\s*sdp/.test(type) ? 'bad end for type!' : 'invalid type for a message', 'content type mismatching']
}

function partOf(message: SipMessage): DescriptionBody | undefined {
  const boundary = boundaryOf(message)
  const found = boundary === undefined ? undefined : bodyParts(message, boundary)
  const part = found?.parts.find(({ contentType }) => contentType === 'application/sdp')
  return part === undefined ? undefined : { start: part.contentStart, end: part.next }
}
