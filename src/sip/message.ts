/**
 * A SIP message: the text that came, an index of its headers, the values that somebody asked for, and what the script
 * changed. The text itself never changes; edits are applied when the message is sent.
 */
import { Edits } from './edits.ts'
import type { ListenSocket, ReceivedFrom } from './endpoint.ts'
import { Header } from './header.ts'
import { headerType, HeaderType, headerTypeAt, usualNameEnd, usualType } from './header-name.ts'
import { parseCSeq, type CSeq } from './headers/cseq.ts'
import { isPlainAddress, parseNameAddr, parseNameAddrList, type NameAddr } from './headers/name-addr.ts'
import { parseViaList, type Via } from './headers/via.ts'
import { MessageFlag } from './message-flag.ts'
import { methodId } from './method.ts'
import { ParseError } from './parse-error.ts'
import { parseMessageSdp, type MessageSdp } from './sdp/message-sdp.ts'
import { parseUri, type SipUri } from './uri.ts'

export const MESSAGE_BYTES_MAX = 65535
const HEADERS_MAX = 2048
const NO_HEADERS: readonly Header[] = []

const CR = 13
const LF = 10
const SPACE = 32
const TAB = 9
const COLON = 58

/** Headers that may stand only once in a request: a second one ends the reading, as in Kamailio. As bits by type. */
const SINGLE =
  (1 << HeaderType.from) | (1 << HeaderType.to) | (1 << HeaderType.callId) | (1 << HeaderType.cseq) |
  (1 << HeaderType.maxForwards) | (1 << HeaderType.contentLength)
const SINGLE_LAST = HeaderType.contentLength
const TYPE_NAMES = ['', 'Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Max-Forwards', 'Route', 'Record-Route', 'Content-Length']

/** The first line's parts. */
export interface FirstLine {
  readonly isRequest: boolean
  readonly method: string
  readonly requestUri: string
  readonly requestUriStart: number
  readonly version: string
  readonly status: number
  /** Its three digits as written. */
  readonly statusText: string
  readonly reason: string
  /** Behind the line end. */
  readonly end: number
}

export class SipMessage {
  /** The received bytes, one character each. */
  readonly text: string
  /** Where it came from; set_recv_socket() and set_source_address() change it. */
  received: ReceivedFrom
  /** Where it really came from. */
  readonly arrival: ReceivedFrom
  /** Counts messages since the start (`$mi`). */
  readonly id: number
  readonly isRequest: boolean
  /** Empty for replies. */
  readonly method: string
  /** As it came. */
  readonly requestUri: string
  /** `SIP/2.0` as written. */
  readonly version: string
  /** 0 for requests. */
  readonly status: number
  /** The three digits as they came (`099`); empty for requests. */
  readonly statusText: string
  readonly reason: string
  /** Offset of the Request-URI in the text. */
  readonly requestUriStart: number
  /** Offset behind the first line's end. */
  readonly headersStart: number

  /** When it came, in milliseconds since 1970. */
  receivedAtMs = 0
  newUri: string | undefined = undefined
  dstUri: string | undefined = undefined
  pathVector: string | undefined = undefined
  forceSocket: ListenSocket | undefined = undefined
  advertisedAddress: string | undefined = undefined
  advertisedPort = 0
  /** udp_mtu_try_proto() of this message. */
  mtuTransport: string | undefined = undefined
  /** Flags of setflag() as an unsigned 32-bit number. */
  flags = 0
  /** Extended flags 0 to 63, 32 in each number. */
  xflags: [number, number] | undefined = undefined
  /** Flags of the first branch (setbflag()). */
  branchFlags = 0
  /** Bits of `MessageFlag`. */
  msgFlags = 0
  instance = ''
  regId = 0
  ruid = ''
  locationUserAgent = ''
  /** The user of the credentials that a module of authentication has checked. */
  authorizedUser: string | undefined = undefined
  /** Lumps for the next local reply: headers (each with its line end) and a body with its type. */
  replyHeaders: string[] | undefined = undefined
  replyBody: { readonly text: string; readonly contentType: string | undefined } | undefined = undefined
  /** The status line that the script gave a reply on its way (change_reply_status). */
  newStatus = 0
  newReason: string | undefined = undefined

  private editList: Edits | undefined = undefined
  private readonly read: Header[] = []
  private nextHeader: number
  private bodyOffset = -1
  /** Types of `SINGLE` that were met in a request, as bits. */
  private singles = 0
  private headerError: ParseError | undefined = undefined
  private viaList: readonly Via[] | ParseError | undefined = undefined
  private sdpRead: { readonly found: MessageSdp | ParseError | undefined } | undefined = undefined
  private uriText: string | undefined = undefined
  private uriParsed: SipUri | ParseError | undefined = undefined

  constructor(text: string, received: ReceivedFrom, id: number, line: FirstLine) {
    this.text = text
    this.received = received
    this.arrival = received
    this.id = id
    this.isRequest = line.isRequest
    this.method = line.method
    this.requestUri = line.requestUri
    this.requestUriStart = line.requestUriStart
    this.version = line.version
    this.status = line.status
    this.statusText = line.statusText
    this.reason = line.reason
    this.headersStart = line.end
    this.nextHeader = line.end
  }

  /** 0 for replies. */
  get methodId(): number {
    return this.isRequest ? methodId(this.method) : 0
  }

  get edits(): Edits {
    return (this.editList ??= new Edits())
  }

  set edits(edits: Edits) {
    this.editList = edits
  }

  get hasEdits(): boolean {
    return this.editList !== undefined && !this.editList.isEmpty
  }

  /** What is wrong with the headers read so far. */
  get error(): ParseError | undefined {
    return this.headerError
  }

  /**
   * All headers, in order. None at all when one of them cannot be read (`error` tells): what looks at every header does
   * not trust such a message, as in Kamailio; `header()` finds those in front of the faulty one.
   */
  headers(): readonly Header[] {
    while (this.bodyOffset < 0 && this.readHeader() !== undefined) continue
    return this.headerError === undefined ? this.read : NO_HEADERS
  }

  /** The first header of a type; reads no further than needed. */
  header(type: HeaderType): Header | undefined {
    const headers = this.read
    for (let index = 0; index < headers.length; index++) {
      const header = headers[index]
      if (header !== undefined && header.type === type) return header
    }
    while (this.bodyOffset < 0) {
      const header = this.readHeader()
      if (header === undefined) return undefined
      if (header.type === type) return header
    }
    return undefined
  }

  /** The next header of the same type behind one; reads no further than needed. */
  headerAfter(previous: Header): Header | undefined {
    let index = this.read.indexOf(previous) + 1
    for (;;) {
      const header = this.read[index] ?? (this.bodyOffset < 0 ? this.readHeader() : undefined)
      if (header === undefined) return undefined
      if (header.type === previous.type) return header
      index++
    }
  }

  /** How far the headers are read: nothing behind this offset has been looked at. */
  get readUpTo(): number {
    return this.bodyOffset < 0 ? this.nextHeader : this.bodyOffset
  }

  headersOf(type: HeaderType): readonly Header[] {
    return this.headers().filter((header) => header.type === type)
  }

  /** Headers of that name, full or compact, in any case. */
  headersNamed(name: string): readonly Header[] {
    const type = headerType(name)
    if (type !== HeaderType.other) return this.headersOf(type)
    const lower = name.toLowerCase()
    return this.headers().filter(
      (header) => header.type === HeaderType.other && header.nameLength === lower.length && header.name.toLowerCase() === lower,
    )
  }

  /** The value of the first header of a type, without surrounding space; undefined when there is none. */
  value(type: HeaderType): string | undefined {
    return this.header(type)?.body
  }

  /** Offset of the body: behind the empty line, or the end of the text when there is none. */
  get bodyStart(): number {
    if (this.bodyOffset < 0) this.headers()
    return this.bodyOffset < 0 ? this.text.length : this.bodyOffset
  }

  /** True when the empty line behind the headers is there. */
  get isComplete(): boolean {
    this.headers()
    return this.bodyOffset >= 0
  }

  /** The body that came: as many bytes as Content-Length says, where it says so. */
  body(): string {
    const length = this.contentLength()
    const start = this.bodyStart
    const rest = this.text.length - start
    return this.text.substr(start, length === undefined || length > rest ? rest : length)
  }

  via(index: number): Via | undefined {
    const vias = this.vias()
    return vias instanceof ParseError ? undefined : vias[index]
  }

  /** Every Via, several in one header taken apart. */
  vias(): readonly Via[] | ParseError {
    if (this.viaList !== undefined) return this.viaList
    const all: Via[] = []
    for (let header = this.header(HeaderType.via); header !== undefined; header = this.headerAfter(header)) {
      const found = this.viasOf(header)
      if (found instanceof ParseError) return (this.viaList = found)
      for (const via of found) all.push(via)
    }
    return (this.viaList = all)
  }

  /** The second Via, found without reading further headers than needed. */
  secondVia(): Via | ParseError | undefined {
    const header = this.header(HeaderType.via)
    if (header === undefined) return undefined
    const first = this.viasOf(header)
    if (first instanceof ParseError) return first
    if (first.length > 1) return first[1]
    const next = this.headerAfter(header)
    if (next === undefined) return undefined
    const found = this.viasOf(next)
    return found instanceof ParseError ? found : found[0]
  }

  /** The first Via, found without reading further headers than needed. */
  firstVia(): Via | ParseError | undefined {
    const header = this.header(HeaderType.via)
    if (header === undefined) return undefined
    const vias = this.viasOf(header)
    return vias instanceof ParseError ? vias : vias[0]
  }

  private viasOf(header: Header): readonly Via[] | ParseError {
    return (header.vias ??= parseViaList(this.text, header))
  }

  from(): NameAddr | ParseError | undefined {
    return this.nameAddr(HeaderType.from)
  }

  to(): NameAddr | ParseError | undefined {
    return this.nameAddr(HeaderType.to)
  }

  callId(): string | undefined {
    return this.value(HeaderType.callId)
  }

  cseq(): CSeq | ParseError | undefined {
    const header = this.header(HeaderType.cseq)
    if (header === undefined) return undefined
    const parsed = (header.parsed ??= parseCSeq(this.text, header))
    return parsed as CSeq | ParseError
  }

  /** A single address: From, To, Refer-To, P-Asserted-Identity's first ... */
  address(type: HeaderType): NameAddr | ParseError | undefined {
    return this.nameAddr(type)
  }

  /** Every address of all headers of a type: Contact, Route, Record-Route, Path, Diversion ... */
  addresses(type: HeaderType): readonly NameAddr[] | ParseError {
    const all: NameAddr[] = []
    for (const header of this.headersOf(type)) {
      const found = parseNameAddrList(this.text, header.bodyStart, header.bodyEnd)
      if (found instanceof ParseError) return found
      for (const address of found) all.push(address)
    }
    return all
  }

  /** Content-Length as a number; undefined when it is absent or no number. */
  contentLength(): number | undefined {
    const header = this.header(HeaderType.contentLength)
    if (header === undefined) return undefined
    return decimal(this.text, header.bodyStart, header.bodyEnd)
  }

  /** Whether somebody asked for the session descriptions before. */
  get hasReadSdp(): boolean {
    return this.sdpRead !== undefined
  }

  /** The session descriptions in the body that came, read once; undefined when there are none. */
  sdp(): MessageSdp | ParseError | undefined {
    return (this.sdpRead ??= { found: parseMessageSdp(this) }).found
  }

  /** The Request-URI as it stands now: rewritten, or as it came. */
  get uri(): string {
    return this.newUri ?? this.requestUri
  }

  /** The same, parsed; kept until the URI changes. */
  parsedUri(): SipUri | ParseError {
    const text = this.uri
    if (this.uriParsed === undefined || this.uriText !== text) {
      this.uriParsed = parseUri(text)
      this.uriText = text
    }
    return this.uriParsed
  }

  /** Sets the Request-URI; the destination stays. */
  setUri(uri: string): void {
    this.newUri = uri
    this.msgFlags |= MessageFlag.uriIsNew
  }

  setDestination(uri: string | undefined): void {
    this.dstUri = uri
    this.msgFlags |= MessageFlag.uriIsNew
  }

  addReplyHeader(text: string): void {
    ;(this.replyHeaders ??= []).push(text)
  }

  /** False when From cannot be read: no branch can be made for such a request. */
  get isFromReadable(): boolean {
    const header = this.header(HeaderType.from)
    if (header === undefined) return false
    return isPlainAddress(this.text, header.bodyStart, header.bodyEnd) || !(this.from() instanceof ParseError)
  }

  private nameAddr(type: HeaderType): NameAddr | ParseError | undefined {
    const header = this.header(type)
    if (header === undefined) return undefined
    return (header.parsed ??= parseNameAddr(this.text, header.bodyStart, header.bodyEnd)) as NameAddr | ParseError
  }

  private readHeader(): Header | undefined {
    const { text } = this
    const start = this.nextHeader
    if (this.headerError !== undefined) return undefined
    const first = text.charCodeAt(start)
    if (first === CR && text.charCodeAt(start + 1) === LF) {
      this.bodyOffset = start + 2
      return undefined
    }
    if (first === LF || first === CR) {
      this.bodyOffset = start + 1
      return undefined
    }
    const headers = this.read
    if (headers.length >= HEADERS_MAX) return this.refuse('too many headers', start)
    // Without an empty line there is no body, but what came can be read.
    if (start >= text.length) return undefined
    const lineFeed = text.indexOf('\n', start)
    if (lineFeed < 0) return this.refuse('the headers do not end', start)
    let bodyStart = usualNameEnd(text, start)
    let type: HeaderType
    let nameEnd: number
    if (bodyStart > 0) {
      nameEnd = bodyStart - 2
      type = usualType(text, start, bodyStart - start)
    } else {
      const colon = text.indexOf(':', start)
      if (colon < 0 || colon > lineFeed) return this.refuse('a header line has no colon', start)
      nameEnd = colon
      while (nameEnd > start && isSpace(text.charCodeAt(nameEnd - 1))) nameEnd--
      if (nameEnd === start || text.charCodeAt(start) === COLON) return this.refuse('a header has no name', start)
      bodyStart = colon + 1
      type = headerTypeAt(text, start, nameEnd)
    }

    // Folded lines belong to the value (RFC 3261 §7.3.1).
    let last = lineFeed
    let next = text.charCodeAt(last + 1)
    while (next === SPACE || next === TAB) {
      const more = text.indexOf('\n', last + 1)
      if (more < 0) return this.refuse('the headers do not end', start)
      last = more
      next = text.charCodeAt(last + 1)
    }
    // Nearly always one CR ends the line, and the value begins and ends in something visible.
    let bodyEnd = text.charCodeAt(last - 1) === CR ? last - 1 : last
    if (!(text.charCodeAt(bodyStart) > SPACE)) while (bodyStart < bodyEnd && isBlank(text.charCodeAt(bodyStart))) bodyStart++
    if (!(text.charCodeAt(bodyEnd - 1) > SPACE)) while (bodyEnd > bodyStart && isBlankOrNul(text.charCodeAt(bodyEnd - 1))) bodyEnd--
    const header = new Header(text, start, nameEnd, bodyStart, bodyEnd, last + 1, type)
    const problem = this.problemOf(header)
    if (problem !== undefined) {
      this.headerError = problem
      return undefined
    }
    headers.push(header)
    this.nextHeader = last + 1
    return header
  }

  /** What is wrong with a header that is looked at as soon as it is met; the others are read when somebody asks. */
  private problemOf(header: Header): ParseError | undefined {
    const { text } = this
    const { type } = header
    if (type === HeaderType.other) {
      for (let at = header.start; at < header.nameEnd; at++) {
        if (!isNameCode(text.charCodeAt(at))) return new ParseError('header', 'a header name has a character that none has', at)
      }
      return undefined
    }
    if (type > SINGLE_LAST) return undefined
    const bit = 1 << type
    if (this.isRequest && (bit & SINGLE) !== 0) {
      if ((this.singles & bit) !== 0) return new ParseError('header', `there is more than one ${TYPE_NAMES[type]}`, header.start)
      this.singles |= bit
    }
    let parsed: unknown
    if (type === HeaderType.via) parsed = this.viasOf(header)
    else if (type === HeaderType.cseq) parsed = header.parsed = parseCSeq(text, header)
    else if (type === HeaderType.contentLength) return lengthProblem(text, header)
    else if (type === HeaderType.to && !isPlainAddress(text, header.bodyStart, header.bodyEnd)) {
      parsed = header.parsed = parseNameAddr(text, header.bodyStart, header.bodyEnd)
    }
    return parsed instanceof ParseError ? parsed : undefined
  }

  private refuse(reason: string, offset: number): undefined {
    this.headerError = new ParseError('header', reason, offset)
    return undefined
  }
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === CR || code === LF
}

function isBlankOrNul(code: number): boolean {
  return isBlank(code) || code === 0
}

/** Letters, digits, `-`, `_`, `.`, `+` and `~`: fewer than RFC 3261 allows, as in Kamailio. */
function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) ||
    code === 45 || code === 95 || code === 46 || code === 43 || code === 126
  )
}

function lengthProblem(text: string, header: Header): ParseError | undefined {
  if (decimal(text, header.bodyStart, header.bodyEnd) !== undefined) return undefined
  return new ParseError('content-length', 'Content-Length is no number', header.bodyStart)
}

/** The digits between two offsets as a number; undefined when there is anything else, or more than 2^31. */
export function decimal(text: string, start: number, end: number): number | undefined {
  if (end <= start || end - start > 10) return undefined
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value <= 0x7fff_ffff ? value : undefined
}
