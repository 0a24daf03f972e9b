/**
 * The headers of a message, read one by one and no further than somebody asks. What was read is kept as offsets, two
 * numbers a header: most headers of most messages are passed over and never become objects.
 */
import { Header, nameEndBefore } from './header.ts'
import { headerTypeAt, headerTypeOf, HeaderType } from './header-name.ts'
import { CSeq, parseCSeq } from './headers/cseq.ts'
import { isPlainAddress, parseNameAddr, type NameAddr } from './headers/name-addr.ts'
import { parseUsualVia, parseViaList, setBranch, setReceived, setRport, usualVia, type Via } from './headers/via.ts'
import { ParseError } from './parse-error.ts'
import { FROM_IS_PLAIN, type Scan } from './scan.ts'

/** Offsets fit into 16 bits. */
export const MESSAGE_BYTES_MAX = 65535
const HEADERS_MAX = 2048
/** Shared by all that have none; never changed. */
const NO_HEADERS: Header[] = []
const NO_PLACES: number[] = []

const CR = 13
const LF = 10
const SPACE = 32
const TAB = 9

/** Headers that may stand only once in a request: a second one ends the reading, as in Kamailio. As bits by type. */
const SINGLE =
  (1 << HeaderType.from) | (1 << HeaderType.to) | (1 << HeaderType.callId) | (1 << HeaderType.cseq) |
  (1 << HeaderType.maxForwards) | (1 << HeaderType.contentLength)
const SINGLE_LAST = HeaderType.contentLength
const TYPE_NAMES = ['', 'Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Max-Forwards', 'Route', 'Record-Route', 'Content-Length']

export class HeaderBlock {
  readonly text: string
  private readonly isRequest: boolean

  /** For each header read: start and value's start, value's end and type, 16 bits each. */
  private places: number[] = NO_PLACES
  /** Those that somebody asked for, in no order. */
  private made: Header[] = NO_HEADERS
  /** All of them, in order, once they were asked for. */
  private all: Header[] | undefined = undefined
  private next: number
  private bodyOffset = -1
  /** Types below 32 that were met, as bits; in place of type 0, whether a scan found that From is plain. */
  private seen = 0
  private headerError: ParseError | undefined = undefined
  /** Vias in order, each with the one behind it. */
  private via1: Via | undefined = undefined
  private viaLast: Via | undefined = undefined
  private cseqRead: CSeq | undefined = undefined
  /** Of a CSeq that was found by a scan: its number; end of that and start of the method, 0 for none. */
  private cseqScanned = 0
  private cseqWord = 0

  /** `headersStart` is the offset behind the first line. */
  constructor(text: string, isRequest: boolean, headersStart: number) {
    this.text = text
    this.isRequest = isRequest
    this.next = headersStart
  }

  /** Takes over what a look over the headers has found. */
  adopt(scan: Scan): void {
    this.places = scan.places()
    this.next = scan.next
    this.bodyOffset = scan.bodyStart
    this.seen = scan.seen
    this.cseqScanned = scan.cseqNumber
    this.cseqWord = scan.cseq
    const { viaCount } = scan
    let place = -1
    for (let index = 0; index < viaCount; index++) {
      place = this.placeOf(HeaderType.via, place + 1)
      const host = scan.viaHost(index)
      const via = usualVia(this, place, this.valueStart(place), host & 0xffff, host >>> 16, this.valueEnd(place))
      const branch = scan.viaBranch(index)
      if (branch !== 0) setBranch(via, branch & 0xffff, branch >>> 16)
      const rport = scan.viaRport(index)
      if (rport !== 0) {
        const nameEnd = (rport & 0xffff) + 5
        setRport(via, rport & 0xffff, nameEnd < rport >>> 16 ? nameEnd + 1 : nameEnd, rport >>> 16)
      }
      const received = scan.viaReceived(index)
      if (received !== 0) setReceived(via, received & 0xffff, (received & 0xffff) + 9, received >>> 16)
      this.addVia(via)
    }
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
    this.readAll()
    if (this.headerError !== undefined) return NO_HEADERS
    if (this.all === undefined) {
      const all: Header[] = []
      for (let place = 0; place < this.count; place++) all.push(this.madeAt(place) ?? this.make(place))
      this.all = all
    }
    return this.all
  }

  /** The first header of a type; reads no further than needed. */
  header(type: HeaderType): Header | undefined {
    const place = this.placeOf(type)
    return place < 0 ? undefined : this.headerAt(place)
  }

  /** The next header of the same type behind one; reads no further than needed. */
  headerAfter(previous: Header): Header | undefined {
    const place = this.placeOf(previous.type, previous.place + 1)
    return place < 0 ? undefined : this.headerAt(place)
  }

  /** Whether there is one of that type; the first is looked for, no further. */
  has(type: HeaderType): boolean {
    return (type < 32 && (this.seen & (1 << type)) !== 0) || this.placeOf(type) >= 0
  }

  /** The number of the first header of a type, from `from` on; -1 for none. Reads no further than needed. */
  placeOf(type: HeaderType, from = 0): number {
    const { places } = this
    for (let place = from, at = 2 * from + 1; at < places.length; place++, at += 2) {
      if ((places[at] ?? 0) >> 16 === type) return place
    }
    for (;;) {
      const place = this.readHeader()
      if (place < 0) return -1
      if (place >= from && this.typeAt(place) === type) return place
    }
  }

  /** Of the header with that number: where its value starts and ends. */
  valueStart(place: number): number {
    return (this.places[2 * place] ?? 0) >>> 16
  }

  valueEnd(place: number): number {
    return (this.places[2 * place + 1] ?? 0) & 0xffff
  }

  /** Where the header with that number starts; for the number behind the last one read, where that ends. */
  startOf(place: number): number {
    const word = this.places[2 * place]
    return word === undefined ? this.next : word & 0xffff
  }

  headerAt(place: number): Header {
    const known = this.madeAt(place)
    if (known !== undefined) return known
    const header = this.make(place)
    if (this.made === NO_HEADERS) this.made = [header]
    else this.made.push(header)
    return header
  }

  private madeAt(place: number): Header | undefined {
    if (this.all !== undefined) return this.all[place]
    const { made } = this
    for (let index = 0; index < made.length; index++) if (made[index]?.place === place) return made[index]
    return undefined
  }

  private make(place: number): Header {
    const end = this.startOf(place + 1)
    return new Header(this.text, place, this.typeAt(place), this.startOf(place), this.valueStart(place), this.valueEnd(place), end)
  }

  /** How far the headers are read: nothing behind this offset has been looked at. */
  get readUpTo(): number {
    return this.bodyOffset < 0 ? this.next : this.bodyOffset
  }

  /** Offset of the body: behind the empty line, or the end of the text when there is none. */
  get bodyStart(): number {
    this.readAll()
    return this.bodyOffset < 0 ? this.text.length : this.bodyOffset
  }

  /** True when the empty line behind the headers is there. */
  get isComplete(): boolean {
    this.readAll()
    return this.bodyOffset >= 0
  }

  /** The first Via, found without reading further headers than needed. */
  firstVia(): Via | undefined {
    if (this.via1 === undefined) this.placeOf(HeaderType.via)
    return this.via1
  }

  /** The second Via, found without reading further headers than needed. */
  secondVia(): Via | undefined {
    const first = this.firstVia()
    if (first !== undefined && first.next === undefined) this.placeOf(HeaderType.via, first.place + 1)
    return first?.next
  }

  /** Every Via, several in one header taken apart; those in front of a header that cannot be read. */
  vias(): readonly Via[] {
    this.readAll()
    const all: Via[] = []
    for (let via = this.via1; via !== undefined; via = via.next) all.push(via)
    return all
  }

  /** False when From cannot be read: no branch can be made for such a request. */
  get isFromReadable(): boolean {
    if ((this.seen & FROM_IS_PLAIN) !== 0) return true
    const place = this.placeOf(HeaderType.from)
    if (place < 0) return false
    const isPlain = isPlainAddress(this.text, this.valueStart(place), this.valueEnd(place))
    return isPlain || !(this.nameAddr(HeaderType.from) instanceof ParseError)
  }

  cseq(): CSeq | undefined {
    if (this.cseqRead === undefined) {
      const place = this.placeOf(HeaderType.cseq)
      const word = this.cseqWord
      if (word === 0) return this.cseqRead
      this.cseqRead = new CSeq(this.text, this.valueStart(place), word & 0xffff, word >>> 16, this.valueEnd(place), this.cseqScanned)
    }
    return this.cseqRead
  }

  /** Whether CSeq names this method: told without an object for the header. */
  isCSeqOf(method: string): boolean {
    const word = this.cseqWord
    if (word === 0) return this.cseq()?.method === method
    const start = word >>> 16
    const place = this.placeOf(HeaderType.cseq)
    return this.valueEnd(place) - start === method.length && this.text.startsWith(method, start)
  }

  /** The number in CSeq; 0 where there is none. */
  get cseqNumber(): number {
    return this.cseqWord === 0 ? this.cseq()?.number ?? 0 : this.cseqScanned
  }

  /** The one address of the first header of a type, read once. */
  nameAddr(type: HeaderType): NameAddr | ParseError | undefined {
    const header = this.header(type)
    if (header === undefined) return undefined
    return (header.address ??= parseNameAddr(this.text, header.bodyStart, header.bodyEnd))
  }

  private get count(): number {
    return this.places.length >> 1
  }

  private typeAt(place: number): HeaderType {
    return headerTypeOf((this.places[2 * place + 1] ?? 0) >> 16)
  }

  private readAll(): void {
    while (this.readHeader() >= 0) continue
  }

  /** Reads one more header; the answer is its number, or -1 when there is no further one that can be read. */
  private readHeader(): number {
    const { text, next: start, places } = this
    if (this.bodyOffset >= 0 || this.headerError !== undefined) return -1
    const first = text.charCodeAt(start)
    if (!(first > CR)) {
      if (first === CR || first === LF) {
        this.bodyOffset = first === CR && text.charCodeAt(start + 1) === LF ? start + 2 : start + 1
        return -1
      }
      // Without an empty line there is no body, but what came can be read.
      if (start >= text.length) return -1
    }
    if (places.length >= 2 * HEADERS_MAX) return this.refuse('too many headers', start)
    if (start > MESSAGE_BYTES_MAX) return this.refuse('the message is too large', start)
    const lineFeed = text.indexOf('\n', start)
    if (lineFeed < 0) return this.refuse('the headers do not end', start)
    const colon = text.indexOf(':', start)
    if (colon < 0 || colon > lineFeed) return this.refuse('a header line has no colon', start)
    const nameEnd = nameEndBefore(text, start, colon)
    if (nameEnd === start) return this.refuse('a header has no name', start)
    let bodyStart = colon + 1
    const type = headerTypeAt(text, start, nameEnd)
    if (type === HeaderType.other) {
      for (let at = start; at < nameEnd; at++) {
        if (!isNameCode(text.charCodeAt(at))) return this.refuse('a header name has a character that none has', at)
      }
    }

    // Folded lines belong to the value (RFC 3261 §7.3.1).
    let last = lineFeed
    let following = text.charCodeAt(last + 1)
    while (following === SPACE || following === TAB) {
      const more = text.indexOf('\n', last + 1)
      if (more < 0) return this.refuse('the headers do not end', start)
      last = more
      following = text.charCodeAt(last + 1)
    }
    // Nearly always one CR ends the line, and the value begins and ends in something visible.
    let bodyEnd = text.charCodeAt(last - 1) === CR ? last - 1 : last
    if (!(text.charCodeAt(bodyStart) > SPACE)) while (bodyStart < bodyEnd && isBlank(text.charCodeAt(bodyStart))) bodyStart++
    if (!(text.charCodeAt(bodyEnd - 1) > SPACE)) while (bodyEnd > bodyStart && isBlankOrNul(text.charCodeAt(bodyEnd - 1))) bodyEnd--
    if (type !== HeaderType.other && type <= SINGLE_LAST) {
      const problem = this.problemOf(type, start, bodyStart, bodyEnd)
      if (problem !== undefined) {
        this.headerError = problem
        return -1
      }
    }
    if (type !== HeaderType.other && type < 32) this.seen |= 1 << type
    const place = places.length >> 1
    if (places === NO_PLACES) this.places = [start | (bodyStart << 16), bodyEnd | (type << 16)]
    else places.push(start | (bodyStart << 16), bodyEnd | (type << 16))
    this.next = last + 1
    return place
  }

  /** What is wrong with a header that is looked at as soon as it is met; the others are read when somebody asks. */
  private problemOf(type: HeaderType, start: number, bodyStart: number, bodyEnd: number): ParseError | undefined {
    const { text } = this
    if (this.isRequest && (this.seen & (1 << type) & SINGLE) !== 0) {
      return new ParseError('header', `there is more than one ${TYPE_NAMES[type]}`, start)
    }
    switch (type) {
      case HeaderType.via:
        return this.readVias(bodyStart, bodyEnd)
      case HeaderType.to: {
        if (isPlainAddress(text, bodyStart, bodyEnd)) return undefined
        const address = parseNameAddr(text, bodyStart, bodyEnd)
        return address instanceof ParseError ? address : undefined
      }
      case HeaderType.cseq: {
        const cseq = parseCSeq(text, bodyStart, bodyEnd)
        if (cseq instanceof ParseError) return cseq
        if ((this.seen & (1 << type)) === 0) this.cseqRead = cseq
        return undefined
      }
      case HeaderType.contentLength:
        return decimal(text, bodyStart, bodyEnd) === undefined
          ? new ParseError('content-length', 'Content-Length is no number', bodyStart)
          : undefined
      default:
        return undefined
    }
  }

  private readVias(bodyStart: number, bodyEnd: number): ParseError | undefined {
    const place = this.count
    const usual = parseUsualVia(this, place, bodyStart, bodyEnd)
    if (usual !== undefined) {
      this.addVia(usual)
      return undefined
    }
    const vias = parseViaList(this, place, bodyStart, bodyEnd)
    if (vias instanceof ParseError) return vias
    for (const via of vias) this.addVia(via)
    return undefined
  }

  private addVia(via: Via): void {
    if (this.viaLast === undefined) this.via1 = via
    else this.viaLast.next = via
    this.viaLast = via
  }

  private refuse(reason: string, offset: number): -1 {
    this.headerError = new ParseError('header', reason, offset)
    return -1
  }
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
