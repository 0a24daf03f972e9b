/** What happens to a message that came: checks, the route, and for replies the way back. */
import { RouteMask } from '../define/route-kind.ts'
import { Flow, RouteContext, type Worker } from '../runtime/context.ts'
import { forwardReply } from '../runtime/forward.ts'
import type { Host, RouteFunction } from '../runtime/host.ts'
import { placeholderFrom, placeholderRequest } from '../runtime/placeholder-request.ts'
import type { ReceivedFrom } from '../sip/endpoint.ts'
import { HeaderType } from '../sip/header-name.ts'
import type { SipMessage } from '../sip/message.ts'
import { ParseError } from '../sip/parse-error.ts'
import { parseForeign } from '../sip/parse-foreign.ts'
import { OTHER_PROTOCOL, parseMessage } from '../sip/parse-message.ts'
import type { Scan } from '../sip/scan.ts'
import { CoreStatistics } from './core-statistics.ts'
import { askRoute, type Verdict } from './gate.ts'
import type { LogScope } from './log-scope.ts'
import type { WorkerPool } from './worker-pool.ts'

export interface ReceiverOptions {
  readonly host: Host
  readonly workers: WorkerPool
  readonly logScope: LogScope
  readonly filters: readonly ((context: RouteContext) => boolean)[]
  /** Those who may take a reply before it is passed on along its Vias. */
  readonly replyTakers: readonly ((context: RouteContext) => boolean | Promise<boolean>)[]
  readonly scriptEndTasks: readonly ((context: RouteContext) => void)[]
  /** Those who may take a request of another protocol than SIP/2.0. */
  readonly foreignTakers: readonly ((message: SipMessage) => boolean)[]
  /** Ends a connection: where the next message starts is not to be trusted once one is no SIP. */
  readonly closeConnection: (connectionId: number) => void
}

export interface ReceiverRoutes {
  readonly request: RouteFunction | undefined
  readonly reply: RouteFunction | undefined
  readonly parseError: RouteFunction | undefined
  readonly messageReceived: RouteFunction | undefined
  readonly preRouting: RouteFunction | undefined
}

/** A datagram shorter than this cannot be a message. */
const MESSAGE_BYTES_MIN = 20

export class Receiver {
  readonly #host: Host
  readonly #workers: WorkerPool
  readonly #logScope: LogScope
  readonly #filters: readonly ((context: RouteContext) => boolean)[]
  readonly #replyTakers: readonly ((context: RouteContext) => boolean | Promise<boolean>)[]
  readonly #scriptEndTasks: readonly ((context: RouteContext) => void)[]
  readonly #foreignTakers: readonly ((message: SipMessage) => boolean)[]
  readonly #counts: CoreStatistics
  readonly #closeConnection: (connectionId: number) => void
  #routes: ReceiverRoutes = {
    request: undefined, reply: undefined, parseError: undefined, messageReceived: undefined, preRouting: undefined,
  }
  /** Messages that were parsed, and those shown to event_route[core:msg-received]: each have numbers ($mi) of their own. */
  #count = 0
  #seen = 0

  constructor(options: ReceiverOptions) {
    this.#host = options.host
    this.#workers = options.workers
    this.#logScope = options.logScope
    this.#filters = options.filters
    this.#replyTakers = options.replyTakers
    this.#scriptEndTasks = options.scriptEndTasks
    this.#foreignTakers = options.foreignTakers
    this.#closeConnection = options.closeConnection
    this.#counts = new CoreStatistics(options.host.statistics)
  }

  useRoutes(routes: ReceiverRoutes): void {
    this.#routes = routes
  }

  /** The next message is number 1. */
  countAnew(): void {
    this.#count = 0
  }

  /**
   * Takes a message from the network, with what the add-on found in its look over it, if it did. Never throws; what is
   * refused is counted and logged.
   */
  receive(text: string, received: ReceivedFrom, scan?: Scan): void {
    if (text.length < MESSAGE_BYTES_MIN && isKeepAlive(text)) return
    const { messageReceived } = this.#routes
    if (messageReceived === undefined) this.#read(text, received, scan)
    else this.#readWhereLet(text, received, messageReceived)
  }

  /** Lets event_route[core:msg-received] see the bytes, change them (`$(rcv(buf))`) or drop them before they are parsed. */
  #readWhereLet(text: string, received: ReceivedFrom, route: RouteFunction): void {
    const shell = placeholderFrom(received, ++this.#seen)
    if (shell === undefined) return
    const { context, release } = this.contextFor(shell)
    const packet = { text, received }
    context.packet = packet
    const goOn = ({ dropped, code }: Verdict): void => {
      release()
      if (!dropped && code >= 0) this.#read(packet.text, received)
    }
    const asked = askRoute(this.#host, route, context)
    if (asked instanceof Promise) void asked.then(goOn)
    else goOn(asked)
  }

  #read(text: string, received: ReceivedFrom, scan?: Scan): void {
    const message = parseMessage(text, received, ++this.#count, scan)
    if (message instanceof ParseError) {
      if (message.code === OTHER_PROTOCOL) this.#readForeign(text, received)
      else this.#refuse(text, received, message)
      return
    }
    const worker = this.#workers.take()
    const context = new RouteContext(this.#host, worker, message)
    this.#logScope.enter(context)
    const running = this.#routes.preRouting === undefined ? this.#route(context) : this.#routeWhereLet(context, this.#routes.preRouting)
    if (running instanceof Promise) {
      void running.then(
        () => this.#finish(worker),
        (error: unknown) => {
          this.#reportFailure(error)
          this.#finish(worker)
        },
      )
      this.#logScope.leave()
    } else this.#finish(worker)
  }

  /** HTTP and what is like it: goes to the module that knows it, and nowhere in silence where there is none, as in Kamailio. */
  #readForeign(text: string, received: ReceivedFrom): void {
    const message = parseForeign(text, received, this.#count)
    if (message instanceof ParseError) {
      this.#refuse(text, received, message)
      return
    }
    for (const take of this.#foreignTakers) if (take(message)) return
    this.#host.statistics.counter('refused', OTHER_PROTOCOL).increment()
  }

  #route(context: RouteContext): void | Promise<void> {
    return context.message.isRequest ? this.#request(context) : this.#reply(context)
  }

  /** event_route[core:pre-routing]: before the message's own route, which its `drop` keeps from running. */
  #routeWhereLet(context: RouteContext, route: RouteFunction): void | Promise<void> {
    const asked = askRoute(this.#host, route, context)
    if (asked instanceof Promise) return asked.then(({ dropped }) => (dropped ? undefined : this.#route(context)))
    if (!asked.dropped) return this.#route(context)
  }

  /** Runs an event route that no message asked for. */
  runWithoutMessage(route: RouteFunction): void {
    const shell = placeholderRequest(this.#host)
    if (shell === undefined) return
    const { context, release } = this.contextFor(shell)
    const running = this.#host.runEvent(route, context)
    if (running instanceof Promise) void running.finally(release)
    else release()
  }

  /** A context for an event route with a message of its own. */
  contextFor(message: SipMessage): { readonly context: RouteContext; release(): void } {
    const worker = this.#workers.take()
    const context = new RouteContext(this.#host, worker, message)
    context.routeType = RouteMask.event
    return { context, release: () => this.#workers.give(worker) }
  }

  #finish(worker: Worker): void {
    this.#workers.give(worker)
    this.#logScope.leave()
  }

  #request(context: RouteContext): void | Promise<void> {
    const { message } = context
    const problem = missingIn(message)
    if (problem !== undefined) {
      this.#refuse(message.text, message.received, problem)
      return
    }
    this.#counts.request(message)
    for (const filter of this.#filters) if (!filter(context)) return
    const { request } = this.#routes
    if (request === undefined) return
    context.routeType = RouteMask.request
    try {
      const result = request(context)
      if (result instanceof Promise) {
        return result.then(
          (code) => this.#scriptEnded(context, code),
          (error: unknown) => this.#scriptFailed(context, error),
        )
      }
      this.#scriptEnded(context, result)
    } catch (error) {
      this.#scriptFailed(context, error)
    }
  }

  #scriptEnded(context: RouteContext, result: number): void {
    if (result < 0) this.#host.log.warning('<core>', 'error while trying script')
    for (const task of this.#scriptEndTasks) task(context)
  }

  #scriptFailed(context: RouteContext, error: unknown): void {
    this.#reportFailure(error)
    for (const task of this.#scriptEndTasks) task(context)
  }

  #reply(context: RouteContext): void | Promise<void> {
    const { message } = context
    const problem = missingIn(message)
    if (problem !== undefined) {
      this.#refuse(message.text, message.received, problem)
      return
    }
    this.#counts.reply(message)
    const { reply } = this.#routes
    if (reply === undefined) return this.#passOn(context)
    context.routeType = RouteMask.coreReply
    try {
      const result = reply(context)
      if (result instanceof Promise) return result.then((code) => this.#replyEnded(context, code))
      return this.#replyEnded(context, result)
    } catch (error) {
      this.#reportFailure(error)
      return this.#passOn(context)
    }
  }

  #replyEnded(context: RouteContext, result: number): void | Promise<void> {
    if (result <= 0 || (context.flow & Flow.drop) !== 0) {
      this.#counts.droppedReplies.increment()
      return
    }
    return this.#passOn(context)
  }

  #passOn(context: RouteContext, from = 0): void | Promise<void> {
    for (let index = from; index < this.#replyTakers.length; index++) {
      const taken = this.#replyTakers[index]?.(context)
      if (taken instanceof Promise) return taken.then((isTaken) => (isTaken ? undefined : this.#passOn(context, index + 1)))
      if (taken === true) return
    }
    const sent = forwardReply(context)
    if (sent instanceof Promise) return sent.then((problem) => this.#replySent(problem))
    this.#replySent(sent)
  }

  #replySent(problem: string | undefined): void {
    if (problem === undefined) this.#host.statistics.forwardedReplies.increment()
    else this.#host.log.error('<core>', `forward_reply(): the reply is dropped: ${problem}`)
  }

  #refuse(text: string, received: ReceivedFrom, error: ParseError): void {
    this.#reportRefusal(text, received, error)
    if (received.connectionId !== 0) this.#closeConnection(received.connectionId)
  }

  #reportRefusal(text: string, received: ReceivedFrom, error: ParseError): void {
    this.#counts.malformed.increment()
    this.#host.statistics.counter('refused', error.code).increment()
    const { settings, log } = this.#host
    const start = text.slice(0, 120).replace(/[^\x20-\x7e]/g, '.')
    const { sourceAddress, sourcePort, socket } = received
    log.error(
      '<core>',
      `core parsing of SIP message failed (${sourceAddress}:${sourcePort}/${socket.transport}): ${error.reason}` +
        (error.offset >= 0 ? ` at byte ${error.offset}` : '') + (settings.sip_parser_log >= 0 ? ` [${start}]` : ''),
    )
    const { parseError } = this.#routes
    if (parseError === undefined) return
    const shell = placeholderFrom(received, this.#count)
    if (shell === undefined) return
    const { context, release } = this.contextFor(shell)
    context.packet = { text, received }
    const running = this.#host.runEvent(parseError, context)
    if (running instanceof Promise) void running.finally(release)
    else release()
  }

  #reportFailure(error: unknown): void {
    this.#counts.failedRequests.increment()
    this.#host.log.error('<core>', `a route failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
  }
}

function isKeepAlive(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 13 && code !== 10 && code !== 0 && code !== 32) return false
  }
  return true
}

/** What a message lacks that none may lack (RFC 3261 §8.1.1), or what keeps it from being read that far. */
function missingIn(message: SipMessage): ParseError | undefined {
  if (message.firstVia() === undefined) return message.error ?? new ParseError('via', 'there is no Via')
  if (!message.has(HeaderType.from)) return message.error ?? new ParseError('from', 'there is no From')
  if (!message.has(HeaderType.to)) return message.error ?? new ParseError('to', 'there is no To')
  if (!message.has(HeaderType.callId)) return message.error ?? new ParseError('call-id', 'there is no Call-ID')
  return message.has(HeaderType.cseq) ? undefined : message.error ?? new ParseError('cseq', 'there is no CSeq')
}
