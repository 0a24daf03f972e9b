/** Bodies of requests and of the replies this server makes. */
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { headersEnd } from '../../sip/build-request.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { bodyParts, boundaryOf, mediaType, type BodyPart } from '../../sip/multipart.ts'

/** Kamailio's own boundary where the script names none. */
const BOUNDARY = 'unique-boundary-1'

/** 1 when there is a body, of that type where one is given. */
export function hasBody(message: SipMessage, type: string | undefined): number {
  const length = message.contentLength()
  if (message.bodyStart >= message.text.length || length === 0) return -1
  if (type === undefined || type === '') return 1
  const value = message.value(HeaderType.contentType)
  return value !== undefined && mediaType(value) === mediaType(type) ? 1 : -1
}

/** Gives the message a new body; Content-Type is added or replaced. */
export function setBody(context: RouteContext, text: string, type: string): number {
  if (text === '') return refuse(context, 'set_body(): the body is empty')
  if (type === '') return refuse(context, 'set_body(): the content type is empty')
  const { message } = context
  replaceBody(message, message.bodyStart + message.body().length, text, `Content-Type: ${type}\r\n`)
  return 1
}

/** Another Content-Type is taken out where it is, and stands behind the other headers, as Kamailio leaves it. */
function replaceBody(message: SipMessage, end: number, text: string, headers: string): void {
  const { edits } = message
  edits.withdrawFrom(message.bodyStart)
  edits.needsContentLength = true
  edits.replace(message.bodyStart, end, text)
  const type = message.header(HeaderType.contentType)
  if (type !== undefined && headers === `Content-Type: ${type.body}\r\n`) return
  if (type !== undefined && edits.removalAt(type.start) === undefined) edits.remove(type.start, type.end)
  edits.insert(headersEnd(message), headers)
}

export function setReplyBody(context: RouteContext, text: string, type: string): number {
  if (text === '' || type === '') return refuse(context, 'set_reply_body(): the body or its type is empty')
  context.message.replyBody = { text, contentType: type }
  return 1
}

/** Makes the body multipart: of the one that is there, or of a given text. */
export function setMultipartBody(
  context: RouteContext,
  text: string | undefined,
  type: string | undefined,
  boundary: string | undefined,
): number {
  const { message } = context
  const delimiter = boundary === undefined || boundary === '' ? BOUNDARY : boundary
  const ownType = message.value(HeaderType.contentType)
  const content = text === undefined || text === '' ? message.text.slice(message.bodyStart) : text
  const contentType = type === undefined || type === '' ? ownType : type
  if (content === '' || contentType === undefined) return refuse(context, 'set_body_multipart(): there is no body to make multipart')
  const body = `--${delimiter}\r\nContent-Type: ${contentType}\r\n\r\n${content}\r\n--${delimiter}\r\n`
  replaceBody(message, message.text.length, body, `Content-Type: multipart/mixed;boundary="${delimiter}"\r\nMime-Version: 1.0\r\n`)
  return 1
}

/** Adds a part in front of the closing boundary. */
export function appendBodyPart(context: RouteContext, text: string, type: string, disposition: string | undefined): number {
  const { message } = context
  const boundary = boundaryOf(message)
  if (boundary === undefined) return refuse(context, 'append_body_part(): Cannot get boundary. Is body multipart?')
  if (text === '' || type === '') return refuse(context, 'append_body_part(): the part or its type is empty')
  const { closing } = bodyParts(message, boundary)
  const header = disposition === undefined || disposition === '' ? '' : `Content-Disposition: ${disposition}\r\n`
  const part = `Content-Type: ${type}\r\n${header}\r\n${text}\r\n`
  if (closing >= 0) message.edits.insert(closing, `--${boundary}\r\n${part}`)
  else message.edits.insert(message.text.length, `${part}--${boundary}\r\n`)
  return 1
}

function partOf(message: SipMessage, type: string): BodyPart | undefined {
  const boundary = boundaryOf(message)
  if (boundary === undefined) return undefined
  const wanted = mediaType(type)
  return bodyParts(message, boundary).parts.find((part) => part.contentType === wanted)
}

/** Puts the content of the first part of that type into a variable, or with `isRaw` its headers too. */
export function readBodyPart(context: RouteContext, type: string, target: VariableHandle, isRaw: boolean): number {
  const { message } = context
  // Kamailio takes a body that is not multipart for the part, whatever its type.
  if (boundaryOf(message) === undefined) return target.set(context, message.text.slice(message.bodyStart)) ? 1 : -1
  const part = partOf(message, type)
  if (part === undefined) return -1
  return target.set(context, message.text.slice(isRaw ? part.start : part.contentStart, part.end)) ? 1 : -1
}

export function removeBodyPart(context: RouteContext, type: string): number {
  const { message } = context
  const part = partOf(message, type)
  if (part === undefined) return -1
  const behind = message.text.indexOf('--', part.end)
  message.edits.remove(part.boundaryStart, behind < 0 ? part.end : behind)
  return 1
}

/** Leaves only the content of the first part of that type. */
export function filterBody(context: RouteContext, type: string): number {
  const { message } = context
  const part = partOf(message, type)
  if (part === undefined) return -1
  message.edits.remove(message.bodyStart, part.contentStart)
  message.edits.remove(part.end, message.text.length)
  return 1
}

/** Bytes written in hexadecimal, spaces and line ends between them allowed; undefined for anything else. */
export function bytesOfHex(text: string): string | undefined {
  const digits = text.replace(/[\s]+/g, '')
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) return undefined
  return Buffer.from(digits, 'hex').toString('latin1')
}

function refuse(context: RouteContext, reason: string): number {
  context.host.log.error('textops', reason)
  return -1
}

/** How the caller put the audio on hold: 1 by a null address (RFC 2543), 2 by direction (RFC 3264), -1 not at all. */
export function audioHold(message: SipMessage): number {
  if (hasBody(message, undefined) < 0) return -1
  let isAudio = false
  let session = ''
  let address = ''
  const isNull = (): boolean => (address || session) === '0.0.0.0'
  let result = -1
  for (const line of message.body().split(/\r?\n/)) {
    if (line.startsWith('m=')) {
      if (isAudio && result < 0 && isNull()) return 1
      isAudio = line.startsWith('m=audio')
      address = ''
    } else if (line.startsWith('c=')) {
      const value = line.split(' ')[2] ?? ''
      if (isAudio) address = value
      else session = value
    } else if (isAudio && (line === 'a=sendonly' || line === 'a=inactive')) result = 2
  }
  if (isAudio && isNull()) return 1
  return result
}
