/** Where a message carries session descriptions: as its body, or in parts of a multipart/mixed one. */
import { HeaderType } from '../header-name.ts'
import type { SipMessage } from '../message.ts'
import { bodyParts, boundaryOf, mediaType } from '../multipart.ts'
import { ParseError } from '../parse-error.ts'
import type { SdpMedia } from './media.ts'
import { parseSdp, type SdpSession } from './session.ts'

/** The descriptions of a message. */
export interface MessageSdp {
  /** Offsets of each description in the message's text, in order. */
  readonly places: readonly { readonly start: number; readonly end: number }[]
  readonly sessions: readonly SdpSession[]
  /** The streams of all sessions. */
  readonly media: readonly SdpMedia[]
}

/** The descriptions a message carries; undefined when it has none, an error when one cannot be read. */
export function parseMessageSdp(message: SipMessage): MessageSdp | ParseError | undefined {
  const places = sdpPlaces(message)
  if (places === undefined || places instanceof ParseError) return places
  const sessions: SdpSession[] = []
  for (const { start, end } of places) {
    const found = parseSdp(message.text, start, end)
    if (found instanceof ParseError) return found
    for (const session of found) sessions.push(session)
  }
  const media: SdpMedia[] = []
  for (const session of sessions) for (const stream of session.media) media.push(stream)
  return { places, sessions, media }
}

function sdpPlaces(message: SipMessage): { start: number; end: number }[] | ParseError | undefined {
  const value = message.value(HeaderType.contentType)
  if (value === undefined) return undefined
  const start = message.bodyStart
  const end = start + message.body().length
  if (start === end) return undefined
  const type = mediaType(value)
  if (type === 'application/sdp') return [{ start, end }]
  // Kamailio looks into multipart/mixed alone.
  if (type !== 'multipart/mixed') return undefined
  const boundary = boundaryOf(message)
  if (boundary === undefined) return new ParseError('multipart', 'Content-Type names no boundary')
  const { parts, open } = bodyParts(message, boundary)
  if (parts.length === 0 && open === undefined) return new ParseError('multipart', 'the multipart body has no part', start)
  const places: { start: number; end: number }[] = []
  for (const part of parts) {
    // What stands in front of the next boundary line is the description, its line end included.
    if (part.contentType === 'application/sdp') places.push({ start: part.contentStart, end: part.next })
  }
  if (open?.contentType === 'application/sdp') places.push({ start: open.contentStart, end: open.next })
  return places.length > 0 ? places : undefined
}
