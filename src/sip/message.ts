/**
 * A SIP message: the text that came, an index of its headers, the values that somebody asked for, and what the script
 * changed. The text itself never changes; edits are applied when the message is sent.
 */
import { Edits } from './edits.ts'
import type { ListenSocket, ReceivedFrom } from './endpoint.ts'
import type { Header } from './header.ts'
import { decimal, HeaderBlock } from './header-block.ts'
import { headerType, HeaderType } from './header-name.ts'
import type { CheckedCredentials } from './headers/digest-credentials.ts'
import { parseNameAddrList, type NameAddr } from './headers/name-addr.ts'
import type { CSeq } from './headers/cseq.ts'
import type { Via } from './headers/via.ts'
import { MessageFlag } from './message-flag.ts'
import type { MessageNote } from './message-note.ts'
import { methodId } from './method.ts'
import { ParseError } from './parse-error.ts'
import type { Scan } from './scan.ts'
import { parseMessageSdp, type MessageSdp } from './sdp/message-sdp.ts'
import { parseUri, type SipUri } from './uri.ts'

export class SipMessage {
  /** The received bytes, one character each. */
  readonly text: string
  readonly isRequest: boolean
  /** Offset behind the first line's end. */
  readonly headersStart: number
  /** Beside, not above: V8 makes an object of a derived class slower than two others. */
  private readonly block: HeaderBlock
  /** Where it came from; set_recv_socket() and set_source_address() change it. */
  received: ReceivedFrom
  /** Where it really came from. */
  readonly arrival: ReceivedFrom
  /** Counts messages since the start (`$mi`). */
  readonly id: number
  /** Empty for replies. */
  method = ''
  /** Offset of the Request-URI in the text. */
  requestUriStart = 0
  /** 0 for requests. */
  status = 0

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
  /** The connection to send on where `MessageFlag.useConnection` says so; 0 for none (Kamailio's otcpid). */
  outConnectionId = 0
  instance = ''
  regId = 0
  ruid = ''
  locationUserAgent = ''
  /** Credentials that were checked last, of Authorization and of Proxy-Authorization. */
  checkedAuthorization: CheckedCredentials | undefined = undefined
  checkedProxyAuthorization: CheckedCredentials | undefined = undefined
  /** Lumps for the next local reply: headers (each with its line end) and a body with its type. */
  replyHeaders: string[] | undefined = undefined
  replyBody: { readonly text: string; readonly contentType: string | undefined } | undefined = undefined
  /** The status line that the script gave a reply on its way (change_reply_status). */
  newStatus = 0
  newReason: string | undefined = undefined

  /** What modules keep with it; a fork of the message starts without. */
  notes: MessageNote | undefined = undefined

  private requestUriEnd = 0
  private versionStart = 0
  private versionEnd = 0
  private reasonStart = 0
  private reasonEnd = 0
  private editList: Edits | undefined = undefined
  /** Somebody keeps the list: the next change is made in a copy. */
  private areEditsFrozen = false
  private sdpRead: { readonly found: MessageSdp | ParseError | undefined } | undefined = undefined
  private uriText: string | undefined = undefined
  private uriParsed: SipUri | ParseError | undefined = undefined

  /** `headersStart` is the offset behind the first line, whose parts are told next. */
  constructor(text: string, received: ReceivedFrom, id: number, isRequest: boolean, headersStart: number, block?: HeaderBlock) {
    this.text = text
    this.isRequest = isRequest
    this.headersStart = headersStart
    this.block = block ?? new HeaderBlock(text, isRequest, headersStart)
    this.received = received
    this.arrival = received
    this.id = id
  }

  /** Tells where the parts of a request line stand. */
  setRequestLine(method: string, uriStart: number, uriEnd: number, versionStart: number, versionEnd: number): void {
    this.method = method
    this.requestUriStart = uriStart
    this.requestUriEnd = uriEnd
    this.versionStart = versionStart
    this.versionEnd = versionEnd
  }

  /** Tells where the parts of a status line stand; the three digits of the status are one character behind the version. */
  setStatusLine(status: number, versionStart: number, versionEnd: number, reasonStart: number, reasonEnd: number): void {
    this.status = status
    this.requestUriStart = versionStart
    this.requestUriEnd = versionStart
    this.versionStart = versionStart
    this.versionEnd = versionEnd
    this.reasonStart = reasonStart
    this.reasonEnd = reasonEnd
  }

  /**
   * The same message for another route: what came is shared, what scripts change is each one's own. It starts with the
   * changes made so far, but for the lumps of local replies.
   */
  fork(): SipMessage {
    const twin = new SipMessage(this.text, this.received, this.id, this.isRequest, this.headersStart, this.block)
    twin.method = this.method
    twin.status = this.status
    twin.requestUriStart = this.requestUriStart
    twin.requestUriEnd = this.requestUriEnd
    twin.versionStart = this.versionStart
    twin.versionEnd = this.versionEnd
    twin.reasonStart = this.reasonStart
    twin.reasonEnd = this.reasonEnd
    twin.receivedAtMs = this.receivedAtMs
    twin.newUri = this.newUri
    twin.dstUri = this.dstUri
    twin.pathVector = this.pathVector
    twin.forceSocket = this.forceSocket
    twin.advertisedAddress = this.advertisedAddress
    twin.advertisedPort = this.advertisedPort
    twin.mtuTransport = this.mtuTransport
    twin.flags = this.flags
    twin.xflags = this.xflags === undefined ? undefined : [...this.xflags]
    twin.branchFlags = this.branchFlags
    twin.msgFlags = this.msgFlags
    twin.outConnectionId = this.outConnectionId
    twin.instance = this.instance
    twin.regId = this.regId
    twin.ruid = this.ruid
    twin.locationUserAgent = this.locationUserAgent
    twin.checkedAuthorization = this.checkedAuthorization
    twin.checkedProxyAuthorization = this.checkedProxyAuthorization
    twin.editList = this.editList?.clone()
    return twin
  }

  /** Whether all that it says beyond its text is how it is addressed: the text, read again, gives the same. */
  get isAsItCame(): boolean {
    return (this.msgFlags & ~MessageFlag.uriIsTaken) === 0 && this.received === this.arrival &&
      this.advertisedAddress === undefined && this.advertisedPort === 0 && this.mtuTransport === undefined &&
      this.branchFlags === 0 && this.outConnectionId === 0 &&
      this.instance === '' && this.ruid === '' && this.regId === 0 && this.locationUserAgent === '' &&
      this.checkedAuthorization === undefined && this.checkedProxyAuthorization === undefined &&
      this.replyHeaders === undefined && this.replyBody === undefined
  }

  addNote(note: MessageNote): void {
    note.nextNote = this.notes
    this.notes = note
  }

  /** As it came; empty for replies. */
  get requestUri(): string {
    return this.text.slice(this.requestUriStart, this.requestUriEnd)
  }

  /** `SIP/2.0` as written. */
  get version(): string {
    return this.text.slice(this.versionStart, this.versionEnd)
  }

  /** The three digits of the status as they came (`099`); empty for requests. */
  get statusText(): string {
    return this.isRequest ? '' : this.text.substr(this.versionEnd + 1, 3)
  }

  get reason(): string {
    return this.text.slice(this.reasonStart, this.reasonEnd)
  }

  /** 0 for replies. */
  get methodId(): number {
    return this.isRequest ? methodId(this.method) : 0
  }

  get edits(): Edits {
    if (this.areEditsFrozen) {
      this.areEditsFrozen = false
      this.editList = this.editList?.clone()
    }
    return (this.editList ??= new Edits())
  }

  set edits(edits: Edits) {
    this.areEditsFrozen = false
    this.editList = edits
  }

  /** Goes back to edits of before; none when undefined. */
  restoreEdits(edits: Edits | undefined): void {
    this.editList = edits
  }

  /** The edits made so far, which later ones leave as they are; undefined when there are none. */
  freezeEdits(): Edits | undefined {
    if (!this.hasEdits) return undefined
    this.areEditsFrozen = true
    return this.editList
  }

  get hasEdits(): boolean {
    return this.editList !== undefined && !this.editList.isEmpty
  }

  /** Takes over what a look over the headers has found. */
  adopt(scan: Scan): void {
    this.block.adopt(scan)
  }

  /** What is wrong with the headers read so far. */
  get error(): ParseError | undefined {
    return this.block.error
  }

  /**
   * All headers, in order. None at all when one of them cannot be read (`error` tells): what looks at every header does
   * not trust such a message, as in Kamailio; `header()` finds those in front of the faulty one.
   */
  headers(): readonly Header[] {
    return this.block.headers()
  }

  /** The first header of a type; reads no further than needed. */
  header(type: HeaderType): Header | undefined {
    return this.block.header(type)
  }

  /** The next header of the same type behind one; reads no further than needed. */
  headerAfter(previous: Header): Header | undefined {
    return this.block.headerAfter(previous)
  }

  headersOf(type: HeaderType): readonly Header[] {
    return this.headers().filter((header) => header.type === type)
  }

  /** Whether there is one of that type; the first is looked for, no further. */
  has(type: HeaderType): boolean {
    return this.block.has(type)
  }

  /** The number of the first header of a type; -1 for none. Reads no further than needed. */
  placeOf(type: HeaderType): number {
    return this.block.placeOf(type)
  }

  /** Where the value of the header with that number starts. */
  valueStart(place: number): number {
    return this.block.valueStart(place)
  }

  /** Where the value of the header with that number ends. */
  valueEnd(place: number): number {
    return this.block.valueEnd(place)
  }

  /** Where the header with that number starts; for the number behind the last one read, where that ends. */
  startOf(place: number): number {
    return this.block.startOf(place)
  }

  /** How far the headers are read: nothing behind this offset has been looked at. */
  get readUpTo(): number {
    return this.block.readUpTo
  }

  /** Offset of the body: behind the empty line, or the end of the text when there is none. */
  get bodyStart(): number {
    return this.block.bodyStart
  }

  /** True when the empty line behind the headers is there. */
  get isComplete(): boolean {
    return this.block.isComplete
  }

  /** The first Via, found without reading further headers than needed. */
  firstVia(): Via | undefined {
    return this.block.firstVia()
  }

  /** The second Via, found without reading further headers than needed. */
  secondVia(): Via | undefined {
    return this.block.secondVia()
  }

  /** Every Via, several in one header taken apart; those in front of a header that cannot be read. */
  vias(): readonly Via[] {
    return this.block.vias()
  }

  cseq(): CSeq | undefined {
    return this.block.cseq()
  }

  /** Whether CSeq names this method. */
  isCSeqOf(method: string): boolean {
    return this.block.isCSeqOf(method)
  }

  /** The number in CSeq; 0 where there is none. */
  get cseqNumber(): number {
    return this.block.cseqNumber
  }

  /** False when From cannot be read: no branch can be made for such a request. */
  get isFromReadable(): boolean {
    return this.block.isFromReadable
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

  /** The body that came: as many bytes as Content-Length says, where it says so. */
  body(): string {
    const length = this.contentLength()
    const start = this.bodyStart
    const rest = this.text.length - start
    return this.text.substr(start, length === undefined || length > rest ? rest : length)
  }

  via(index: number): Via | undefined {
    return this.vias()[index]
  }

  from(): NameAddr | ParseError | undefined {
    return this.block.nameAddr(HeaderType.from)
  }

  to(): NameAddr | ParseError | undefined {
    return this.block.nameAddr(HeaderType.to)
  }

  callId(): string | undefined {
    return this.value(HeaderType.callId)
  }

  /** A single address: From, To, Refer-To, P-Asserted-Identity's first ... */
  address(type: HeaderType): NameAddr | ParseError | undefined {
    return this.block.nameAddr(type)
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
    const place = this.placeOf(HeaderType.contentLength)
    return place < 0 ? undefined : decimal(this.text, this.valueStart(place), this.valueEnd(place))
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
    this.msgFlags &= ~MessageFlag.uriIsTaken
  }

  setDestination(uri: string | undefined): void {
    this.dstUri = uri
    this.msgFlags &= ~MessageFlag.uriIsTaken
  }

  addReplyHeader(text: string): void {
    ;(this.replyHeaders ??= []).push(text)
  }
}
