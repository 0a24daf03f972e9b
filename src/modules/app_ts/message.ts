/** A message as a route in TypeScript sees it. */
import { LogLevel } from '../../base/log.ts'
import { ScriptExit } from '../../define/kemi.ts'
import type { ScriptFunction } from '../../kemi/javascript/script.ts'
import { fromBytes, toBytes } from '../../kemi/text.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { Headers } from './headers.ts'
import { then, type Maybe, type Native } from './native.ts'
import { Uri } from './uri.ts'
import type { Version } from './version.ts'

/** A route: what it returns does not matter, but for a promise, which is waited for. */
export type Route = (message: Message, ...args: readonly string[]) => unknown

export interface RelayOptions {
  /** Runs when no branch succeeded; it may send the request elsewhere. */
  readonly onFailure?: Route | string
  /** Runs for each reply. */
  readonly onReply?: Route | string
  /** Runs for each branch before it is sent. */
  readonly onBranch?: Route | string
  /** Milliseconds until a final reply to an INVITE. */
  readonly inviteTimeoutMs?: number
  /** Milliseconds until a first reply. */
  readonly timeoutMs?: number
  /** In place of the request's own destination: `udp:host:port`. */
  readonly to?: string
  /** False keeps the server from answering when the request cannot be sent. */
  readonly answerErrors?: boolean
}

export interface ReplyOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly contentType?: string
}

/** A From, To or Contact. */
export interface Address {
  readonly uri: Uri
  readonly displayName: string
  readonly tag: string
}

export interface Source {
  readonly address: string
  readonly port: number
  readonly transport: string
}

/** Numbers that are set or not. */
export interface Flags {
  has(flag: number): boolean
  add(flag: number): void
  delete(flag: number): void
}

const EMPTY = new Uri('')

export class Message {
  readonly #context: RouteContext
  readonly #native: Native
  readonly #version: Version
  #headers: Headers | undefined = undefined

  constructor(context: RouteContext, native: Native, version: Version) {
    this.#context = context
    this.#native = native
    this.#version = version
  }

  static contextOf(message: Message): RouteContext {
    return message.#context
  }

  get isRequest(): boolean {
    return this.#context.message.isRequest
  }

  get isReply(): boolean {
    return !this.#context.message.isRequest
  }

  /** Of a request; of a reply, that of the request it answers. */
  get method(): string {
    const { message } = this.#context
    return message.isRequest ? message.method : (message.cseq()?.method ?? '')
  }

  /** Of a reply; 0 for a request. */
  get status(): number {
    return this.#context.message.newStatus || this.#context.message.status
  }

  /** Reason phrase of a reply. */
  get reason(): string {
    return fromBytes(this.#context.message.reason)
  }

  /** The Request-URI. */
  get uri(): string {
    return fromBytes(this.#context.message.uri)
  }

  set uri(uri: string | Uri) {
    this.#context.message.setUri(toBytes(String(uri)))
  }

  /** The Request-URI by its parts; set `uri` to change it. */
  get requestUri(): Uri {
    return new Uri(this.uri)
  }

  /** Where the request is sent, where that is not its Request-URI. */
  get destination(): string | undefined {
    const { dstUri } = this.#context.message
    return dstUri === undefined ? undefined : fromBytes(dstUri)
  }

  set destination(uri: string | Uri | undefined) {
    this.#context.message.setDestination(uri === undefined ? undefined : toBytes(String(uri)))
  }

  get from(): Address {
    return addressOf(this.#context.message.from())
  }

  get to(): Address {
    return addressOf(this.#context.message.to())
  }

  get fromUri(): string {
    return this.from.uri.text
  }

  get toUri(): string {
    return this.to.uri.text
  }

  /** The first Contact. */
  get contact(): Address | undefined {
    const contacts = this.#context.message.addresses(HeaderType.contact)
    const first = contacts instanceof ParseError ? undefined : contacts[0]
    return first === undefined ? undefined : addressOf(first)
  }

  get callId(): string {
    return fromBytes(this.#context.message.callId() ?? '')
  }

  get cseq(): number {
    return this.#context.message.cseqNumber
  }

  get userAgent(): string {
    return this.#value(HeaderType.userAgent)
  }

  get contentType(): string {
    return this.#value(HeaderType.contentType)
  }

  #value(type: HeaderType): string {
    return fromBytes(this.#context.message.value(type) ?? '')
  }

  get body(): string {
    return fromBytes(this.#context.message.body())
  }

  /** Gives the message a new body; needs the module textops. */
  setBody(text: string, contentType: string): void {
    this.#native.now(this.#context, 'textops', 'set_body', text, contentType)
  }

  /** Where the message came from. */
  get source(): Source {
    const { sourceAddress, sourcePort, socket } = this.#context.message.received
    return { address: sourceAddress, port: sourcePort, transport: socket.transport }
  }

  /** The message as it came. */
  get text(): string {
    return fromBytes(this.#context.message.text)
  }

  get headers(): Headers {
    return (this.#headers ??= new Headers(this.#context))
  }

  /** Flags of the message, which stay with its transaction. */
  get flags(): Flags {
    const { message } = this.#context
    return {
      has: (flag) => ((message.flags >>> flag) & 1) === 1,
      add: (flag) => void (message.flags = (message.flags | (1 << flag)) >>> 0),
      delete: (flag) => void (message.flags = (message.flags & ~(1 << flag)) >>> 0),
    }
  }

  /** Flags of the branch, which registrations keep. */
  get branchFlags(): Flags {
    const { message } = this.#context
    return {
      has: (flag) => ((message.branchFlags >>> flag) & 1) === 1,
      add: (flag) => void (message.branchFlags = (message.branchFlags | (1 << flag)) >>> 0),
      delete: (flag) => void (message.branchFlags = (message.branchFlags & ~(1 << flag)) >>> 0),
    }
  }

  /** Whether the request is within a dialog: its To has a tag. */
  get isInDialog(): boolean {
    const to = this.#context.message.to()
    return to !== undefined && !(to instanceof ParseError) && (to.tag ?? '') !== ''
  }

  /** Number of the branch that the route is about; -1 for none. */
  get branchIndex(): number {
    return this.#context.branchIndex
  }

  /** What a variable of the native script holds: `$avp(x)`, `$T_reply_code`. */
  get(variable: string): string | number | null {
    const value = this.#native.table.variable(this.#context, toBytes(variable))?.get(this.#context) ?? null
    return typeof value === 'string' ? fromBytes(value) : value
  }

  /** Sets a variable of the native script; null sets it to nothing. */
  set(variable: string, value: string | number | null): void {
    const handle = this.#native.table.variable(this.#context, toBytes(variable))
    if (handle?.set(this.#context, typeof value === 'string' ? toBytes(value) : value) === true) return
    throw new Error(`${variable} cannot be set`)
  }

  /** Whether a URI or host is this server. */
  isMyself(uri: string | Uri): boolean {
    return this.#native.call(this.#context, '', 'is_myself', String(uri)) === true
  }

  /** Answers the request: within its transaction where there is one. Needs the module sl. */
  reply(status: number, reason?: string, options: ReplyOptions = {}): boolean {
    const { message } = this.#context
    for (const [name, value] of Object.entries(options.headers ?? {})) message.addReplyHeader(toBytes(`${name}: ${oneLine(value)}\r\n`))
    if (options.body !== undefined) {
      message.replyBody = { text: toBytes(options.body), contentType: options.contentType ?? 'text/plain' }
    }
    return this.#native.now(this.#context, 'sl', 'send_reply', status, reason ?? reasons[status] ?? 'Reply') > 0
  }

  /** Sends the request on and follows it as a transaction (module tm). False where it could not be sent, which is answered then. */
  relay(options: RelayOptions = {}): Maybe<boolean> {
    const native = this.#native
    const context = this.#context
    if (options.onFailure !== undefined) this.#arm('t_on_failure', options.onFailure)
    if (options.onReply !== undefined) this.#arm('t_on_reply', options.onReply)
    if (options.onBranch !== undefined) this.#arm('t_on_branch', options.onBranch)
    if (options.inviteTimeoutMs !== undefined || options.timeoutMs !== undefined) {
      native.now(context, 'tm', 't_set_fr', options.inviteTimeoutMs ?? 0, options.timeoutMs ?? 0)
    }
    const sent = options.to === undefined
      ? native.number(context, 'tm', 't_relay') : native.number(context, 'tm', 't_relay_to_proxy', options.to)
    return then(sent, (result) => {
      if (result < 0 && options.answerErrors !== false && native.has('sl', 'sl_reply_error')) native.now(context, 'sl', 'sl_reply_error')
      return result > 0
    })
  }

  #arm(name: string, route: Route | string): void {
    const key = typeof route === 'string' ? route : this.#version.keep(this.#context, route as ScriptFunction)
    this.#native.now(this.#context, 'tm', name, key)
  }

  /** Sends the message on without state: to its destination, or to a URI. */
  forward(uri?: string): Maybe<boolean> {
    const sent = uri === undefined
      ? this.#native.number(this.#context, '', 'forward') : this.#native.number(this.#context, '', 'forward_uri', uri)
    return then(sent, (result) => result > 0)
  }

  /** Adds a further destination. */
  addBranch(uri: string | Uri, q?: number): boolean {
    return this.#native.now(this.#context, 'corex', 'append_branch_uri_q', String(uri), q === undefined ? '' : String(q)) > 0
  }

  /** Adds a Record-Route, so that requests of the dialog come by here (module rr). */
  recordRoute(): void {
    this.#native.now(this.#context, 'rr', 'record_route')
  }

  /** Follows Route: true where the request is to be sent on (module rr). */
  looseRoute(): boolean {
    return this.#native.now(this.#context, 'rr', 'loose_route') > 0
  }

  /** Whether the request has a transaction already: it is a copy, or a CANCEL or ACK of one (module tm). */
  hasTransaction(): boolean {
    return this.#native.now(this.#context, 'tm', 't_check_trans') > 0
  }

  /** Whether the request is a copy of one that is worked on; the last reply goes out again then (module tm). */
  isRetransmission(): boolean {
    return this.#native.now(this.#context, 'tm', 't_check_trans') === 0
  }

  /** Whether one more hop is allowed; counts it (module maxfwd). */
  countHop(maximum = 70): boolean {
    return this.#native.now(this.#context, 'maxfwd', 'process_maxfwd', maximum) > 0
  }

  /** Whether the message is sound (module sanity); it is answered where it is not. */
  isSane(): boolean {
    return this.#native.now(this.#context, 'sanity', 'sanity_check_defaults') > 0
  }

  /** Checks the credentials against a table of users (module auth_db). */
  authenticate(realm: string, table = 'subscriber'): Maybe<boolean> {
    return then(this.#native.number(this.#context, 'auth_db', 'auth_check', realm, table, 1), (result) => result > 0)
  }

  /** Asks for credentials (module auth). */
  challenge(realm: string): void {
    this.#native.now(this.#context, 'auth', 'auth_challenge', realm, 0)
  }

  /** Ends the route here. */
  exit(): never {
    throw new ScriptExit(false)
  }

  /** Ends the route and drops the message: a reply goes nowhere, a branch is not sent. */
  drop(): never {
    throw new ScriptExit(true)
  }

  log(text: string): void {
    const { log } = this.#native.host
    log.write({ level: LogLevel.info, origin: '<script>: ', text: toBytes(`${text}\n`), isVerbatim: true })
  }
}

function addressOf(address: NameAddr | ParseError | undefined): Address {
  if (address === undefined || address instanceof ParseError) return { uri: EMPTY, displayName: '', tag: '' }
  const display = fromBytes(address.display)
  return {
    uri: new Uri(fromBytes(address.uri)),
    displayName: display.startsWith('"') ? display.slice(1, -1).replace(/\\(.)/g, '$1') : display,
    tag: fromBytes(address.params.find(({ name }) => name.toLowerCase() === 'tag')?.value ?? ''),
  }
}

/** A line end in a value would begin another header. */
export function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ')
}

const reasons: Readonly<Record<number, string>> = {
  100: 'Trying', 180: 'Ringing', 183: 'Session Progress', 200: 'OK', 202: 'Accepted', 300: 'Multiple Choices', 301: 'Moved Permanently',
  302: 'Moved Temporarily', 400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden', 404: 'Not Found',
  405: 'Method Not Allowed', 406: 'Not Acceptable', 407: 'Proxy Authentication Required', 408: 'Request Timeout', 410: 'Gone',
  415: 'Unsupported Media Type', 420: 'Bad Extension', 423: 'Interval Too Brief', 480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist', 482: 'Loop Detected', 483: 'Too Many Hops', 484: 'Address Incomplete', 486: 'Busy Here',
  487: 'Request Terminated', 488: 'Not Acceptable Here', 500: 'Server Internal Error', 501: 'Not Implemented', 503: 'Service Unavailable',
  504: 'Server Time-out', 600: 'Busy Everywhere', 603: 'Decline', 604: 'Does Not Exist Anywhere',
}
