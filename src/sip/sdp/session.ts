/** Session descriptions (RFC 4566) as they stand in a message, by offsets, so that they can be edited in place. */
import { ParseError } from '../parse-error.ts'
import { sdpLines, type SdpLine } from './line.ts'
import { attributesOf, connectionOf, directionOf, parseMedia, type SdpAttribute, type SdpConnection, type SdpMedia } from './media.ts'

export class SdpSession {
  readonly text: string
  /** Of the `v=` line. */
  readonly start: number
  /** Behind the last line. */
  readonly end: number
  /** The lines in front of the first stream, `v=` first. */
  readonly lines: readonly SdpLine[]
  readonly origin: SdpLine
  readonly connection: SdpConnection | undefined
  readonly media: readonly SdpMedia[]

  constructor(
    text: string,
    lines: readonly SdpLine[],
    origin: SdpLine,
    connection: SdpConnection | undefined,
    media: readonly SdpMedia[],
  ) {
    this.text = text
    this.lines = lines
    this.origin = origin
    this.connection = connection
    this.media = media
    this.start = lines[0]?.start ?? 0
    this.end = media[media.length - 1]?.end ?? lines[lines.length - 1]?.end ?? 0
  }

  /** Attributes of the session as a whole. */
  attributes(name?: string): readonly SdpAttribute[] {
    return attributesOf(this.text, this.lines, name)
  }
}

const SESSIONS_MAX = 64
const MEDIA_MAX = 256

/**
 * The sessions between two offsets; each begins with its `v=` line. As in Kamailio a session must have `o=`, at least
 * one `m=`, and a `c=` for each stream, of its own or of the session; `s=` and `t=` may be missing.
 */
export function parseSdp(text: string, from: number, to: number): readonly SdpSession[] | ParseError {
  const lines = sdpLines(text, from, to)
  const sessions: SdpSession[] = []
  let first = nextOfType(lines, 'v', 0)
  if (first === lines.length) return new ParseError('sdp', 'there is no v= line', from)
  while (first < lines.length) {
    if (sessions.length >= SESSIONS_MAX) return new ParseError('sdp', 'too many sessions', lines[first]?.start)
    const next = nextOfType(lines, 'v', first + 1)
    const session = parseSession(text, lines.slice(first, next))
    if (session instanceof ParseError) return session
    sessions.push(session)
    first = next
  }
  return sessions
}

function parseSession(text: string, lines: readonly SdpLine[]): SdpSession | ParseError {
  const start = lines[0]?.start
  const origin = lines.find((line) => line.type === 'o')
  if (origin === undefined) return new ParseError('sdp', 'the session has no o= line', start)
  let first = nextOfType(lines, 'm', 0)
  if (first === lines.length) return new ParseError('sdp', 'the session has no m= line', start)
  const own = lines.slice(0, first)
  const connection = connectionOf(text, own)
  const shared = { connection, direction: directionOf(text, own, 'sendrecv') }
  const media: SdpMedia[] = []
  while (first < lines.length) {
    if (media.length >= MEDIA_MAX) return new ParseError('sdp', 'too many streams', lines[first]?.start)
    const next = nextOfType(lines, 'm', first + 1)
    const stream = parseMedia(text, lines.slice(first, next), shared)
    if (stream instanceof ParseError) return stream
    media.push(stream)
    first = next
  }
  return new SdpSession(text, own, origin, connection, media)
}

function nextOfType(lines: readonly SdpLine[], type: string, from: number): number {
  let index = from
  while (index < lines.length && lines[index]?.type !== type) index++
  return index
}
