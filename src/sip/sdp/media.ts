/** A media stream: its `m=` line and those behind it (RFC 4566 §5.14), by their offsets. */
import { ParseError } from '../parse-error.ts'
import { sdpWords, type SdpLine, type SdpWord } from './line.ts'

export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** `c=IN IP4 192.0.2.1`. */
export interface SdpConnection {
  readonly line: SdpLine
  readonly family: 4 | 6
  /** Without `/ttl/count`. */
  readonly address: string
  readonly addressStart: number
  readonly addressEnd: number
}

/** `a=name` or `a=name:value`. */
export interface SdpAttribute {
  readonly line: SdpLine
  readonly name: string
  /** Empty for one without a value. */
  readonly value: string
}

/** `a=rtpmap:0 PCMU/8000/1`. */
export interface RtpMap {
  readonly line: SdpLine
  readonly payload: string
  readonly codec: string
  /** What follows the codec's slash: `8000/1`. */
  readonly rate: string
}

export class SdpMedia {
  readonly text: string
  /** The `m=` line first. */
  readonly lines: readonly SdpLine[]
  /** Of the `m=` line. */
  readonly start: number
  /** Behind the last line. */
  readonly end: number
  /** `audio`. */
  readonly type: SdpWord
  /** Digits only; `/count` stands behind it in the text. */
  readonly port: SdpWord
  /** `RTP/AVP`; empty when the line ends in front of it. */
  readonly transport: SdpWord
  /** Payload ids or formats, in order. */
  readonly payloads: readonly SdpWord[]
  /** The stream's own, or else the session's. */
  readonly connection: SdpConnection
  readonly direction: MediaDirection

  constructor(
    text: string,
    lines: readonly SdpLine[],
    words: { readonly type: SdpWord; readonly port: SdpWord; readonly transport: SdpWord; readonly payloads: readonly SdpWord[] },
    connection: SdpConnection,
    direction: MediaDirection,
  ) {
    this.text = text
    this.lines = lines
    this.start = lines[0]?.start ?? 0
    this.end = lines[lines.length - 1]?.end ?? 0
    this.type = words.type
    this.port = words.port
    this.transport = words.transport
    this.payloads = words.payloads
    this.connection = connection
    this.direction = direction
  }

  /** True when media may flow: the port is not 0 and the direction is not `inactive`. */
  get isActive(): boolean {
    return Number(this.port.text) !== 0 && this.direction !== 'inactive'
  }

  /** Attributes of that name, or all. */
  attributes(name?: string): readonly SdpAttribute[] {
    return attributesOf(this.text, this.lines, name)
  }

  rtpMaps(): readonly RtpMap[] {
    const maps: RtpMap[] = []
    for (const { line, value } of this.attributes('rtpmap')) {
      const blank = value.indexOf(' ')
      if (blank < 0) continue
      const encoding = value.slice(blank + 1).trim()
      const slash = encoding.indexOf('/')
      maps.push({
        line,
        payload: value.slice(0, blank),
        codec: slash < 0 ? encoding : encoding.slice(0, slash),
        rate: slash < 0 ? '' : encoding.slice(slash + 1),
      })
    }
    return maps
  }

  /** The payload ids that `a=rtpmap` gives this codec, in any case. */
  payloadsOfCodec(codec: string): readonly string[] {
    const wanted = codec.toLowerCase()
    return this.rtpMaps().filter((map) => map.codec.toLowerCase() === wanted).map((map) => map.payload)
  }
}

/** Attributes among lines, of that name or all. */
export function attributesOf(text: string, lines: readonly SdpLine[], name?: string): readonly SdpAttribute[] {
  const found: SdpAttribute[] = []
  for (const line of lines) {
    if (line.type !== 'a') continue
    // Taken out first: a search in the whole text would run to its end for each line without a colon.
    const whole = text.slice(line.valueStart, line.valueEnd)
    const colon = whole.indexOf(':')
    const written = colon < 0 ? whole : whole.slice(0, colon)
    if (name !== undefined && written !== name) continue
    found.push({ line, name: written, value: colon < 0 ? '' : whole.slice(colon + 1) })
  }
  return found
}

/** The connection among lines; undefined when there is none that can be read. */
export function connectionOf(text: string, lines: readonly SdpLine[]): SdpConnection | undefined {
  const line = lines.find((candidate) => candidate.type === 'c')
  if (line === undefined) return undefined
  const [network, family, address] = sdpWords(text, line.valueStart, line.valueEnd)
  if (network?.text !== 'IN' || address === undefined || (family?.text !== 'IP4' && family?.text !== 'IP6')) return undefined
  const slash = address.text.indexOf('/')
  const addressEnd = slash < 0 ? address.end : address.start + slash
  return {
    line,
    family: family.text === 'IP4' ? 4 : 6,
    address: text.slice(address.start, addressEnd),
    addressStart: address.start,
    addressEnd,
  }
}

const DIRECTIONS: readonly MediaDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive']

/** The last direction among lines, or the one given. */
export function directionOf(text: string, lines: readonly SdpLine[], otherwise: MediaDirection): MediaDirection {
  let direction = otherwise
  for (const line of lines) {
    if (line.type !== 'a') continue
    const value = text.slice(line.valueStart, line.valueEnd)
    direction = DIRECTIONS.find((candidate) => candidate === value) ?? direction
  }
  return direction
}

/** A stream from its lines, `m=` first; connection and direction are the session's where the stream has none. */
export function parseMedia(
  text: string,
  lines: readonly SdpLine[],
  session: { readonly connection: SdpConnection | undefined; readonly direction: MediaDirection },
): SdpMedia | ParseError {
  const [line] = lines
  if (line === undefined) return new ParseError('sdp', 'a stream has no line')
  const connection = connectionOf(text, lines) ?? session.connection
  if (connection === undefined) return new ParseError('sdp', 'a stream has no c= line', line.start)
  const [type, portAndCount, transport, ...payloads] = sdpWords(text, line.valueStart, line.valueEnd)
  if (type === undefined || portAndCount === undefined) return new ParseError('sdp', 'the m= line has no port', line.start)
  return new SdpMedia(
    text,
    lines,
    { type, port: withoutCount(portAndCount), transport: transport ?? nothingAt(line.valueEnd), payloads },
    connection,
    directionOf(text, lines, session.direction),
  )
}

function withoutCount(port: SdpWord): SdpWord {
  const slash = port.text.indexOf('/')
  return slash < 0 ? port : { text: port.text.slice(0, slash), start: port.start, end: port.start + slash }
}

function nothingAt(offset: number): SdpWord {
  return { text: '', start: offset, end: offset }
}
