/** A Diameter node: its peers and acceptors, what it sends and what it is asked. */
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { StreamProblem, type StreamConnection, type StreamListener, type StreamPorts } from '../base/streams.ts'
import { TimerWheel } from '../base/timer-wheel.ts'
import { AuthSession } from './auth-session.ts'
import { AvpFlag, findAvp, textAvp, textOf, unsignedAvp, type Avp } from './avp.ts'
import { applicationAnswer, applicationRequest, Code, DisconnectCause, type Identifiers } from './capabilities.ts'
import type { DiameterConfig, DiameterLog, DiameterTls, PeerConfig } from './config.ts'
import { Link, type LinkOwner } from './link.ts'
import { Command, encodeMessage, isRequest, readdress, ResultCode, type DiameterMessage } from './message.ts'
import { Peer, type PeerNode } from './peer.ts'
import { choosePeer } from './routing.ts'
import { Sessions } from './session.ts'
import { DiameterFailure, Transaction, Transactions, type Outcome } from './transactions.ts'
import { WaitingBytes } from './waiting-bytes.ts'
import { WorkQueue } from './work-queue.ts'

const CONNECTIONS_MAX = 2048
/** Connections that have not said who they are; for further ones the oldest goes: whoever is honest says it at once. */
const STRANGERS_MAX = 256
/** Messages that a connection may bring before it says whose it is. */
const STRANGE_MESSAGES_MAX = 20
/** A DNS name has no more. */
const IDENTITY_BYTES_MAX = 255
/** Peers that nobody configured. */
const DYNAMIC_PEERS_MAX = 4096
const TRANSACTIONS_MAX = 100_000
/** Where the registry has them (RFC 6733 §11.1). */
const USUAL_PORT = 3868
/** Termination-Cause DIAMETER_SESSION_TIMEOUT (RFC 6733 §8.15). */
const SESSION_TIMEOUT_CAUSE = 8
const FAREWELL_MS = 1_000
const FAREWELL_LOOK_MS = 20

export interface NodeWorld {
  readonly clock: Clock
  readonly random: Random
  readonly streams: StreamPorts
  readonly log: DiameterLog
  /** Addresses of a host; empty with a reason when there are none. */
  addressesOf(host: string): Promise<{ readonly found: readonly string[]; readonly reason: string }>
}

export interface NodeOptions {
  readonly tls: DiameterTls | undefined
  /** Answers that take longer are told, 0 for none. */
  readonly latencyThresholdMs: number
  /** Connections that are left unread for longer are told. */
  readonly queueLatencyThresholdMs: number
  /** In percent of the queue; 0 for never. */
  readonly queueLengthThreshold: number
  /** Whether the log shows the peers at each look at them. */
  readonly logsPeers: boolean
}

/** AVPs that answer a request; undefined leaves it to the next handler, or unanswered. */
export type RequestHandler = (request: DiameterMessage, peer: Peer) => AnswerAvps | Promise<AnswerAvps>
type AnswerAvps = readonly Avp[] | undefined

export interface NodeFigures {
  timeouts: number
  replies: number
  replyMs: number
}

export interface SendOptions {
  /** A peer by name; undefined leaves it to the routes. */
  readonly peer?: string | undefined
  /** The peer that the session went to before. */
  readonly preferred?: Peer | undefined
  /** Who says in the log that it cannot be sent: Kamailio's functions that wait for the answer, and that do not. */
  readonly caller?: 'AAASendMessage' | 'AAASendRecvMessage'
}

export class DiameterNode implements PeerNode, Identifiers {
  readonly config: DiameterConfig
  readonly log: DiameterLog
  readonly ids: Identifiers = this
  readonly figures: NodeFigures = { timeouts: 0, replies: 0, replyMs: 0 }
  readonly sessions: Sessions
  readonly #world: NodeWorld
  readonly #options: NodeOptions
  /** By name in lower case, in the order of the configuration. */
  readonly #peers = new Map<string, Peer>()
  /** The oldest first. */
  readonly #strangers = new Map<Link, { readonly cancel: () => void; messages: number }>()
  readonly #waiting = new WaitingBytes()
  readonly #handlers: RequestHandler[] = []
  readonly #wheel: TimerWheel
  readonly #transactions: Transactions
  readonly #queue: WorkQueue
  #listeners: StreamListener[] = []
  #cancelTick: () => void = () => undefined
  #isStopping = false
  #isLong = false
  #hopByHop: number
  #endToEnd: number

  constructor(config: DiameterConfig, world: NodeWorld, options: NodeOptions) {
    this.config = config
    this.log = world.log
    this.#world = world
    this.#options = options
    this.#wheel = new TimerWheel(world.clock)
    this.#transactions = new Transactions(this.#wheel)
    this.#queue = new WorkQueue(config.workers, config.queueLength - 1, {
      now: () => world.clock.monotonic(),
      onBlocked: (milliseconds) => this.#reportBlocked(milliseconds),
      onLength: (length) => this.#reportLength(length),
    })
    this.#hopByHop = world.random.integer(0x1_0000_0000)
    // RFC 6733 §3: the low 12 bits of the time, and chance, so that a restart does not repeat them.
    this.#endToEnd = ((this.now() & 0xfff) << 20 | world.random.integer(0x10_0000)) >>> 0
    this.sessions = new Sessions(config, { clock: world.clock, random: world.random, wheel: this.#wheel })
    this.sessions.terminate = (session) => this.#terminate(session)
    for (const peer of config.peers) this.#peers.set(peer.fqdn.toLowerCase(), new Peer(this, peer, false))
  }

  get peers(): readonly Peer[] {
    return [...this.#peers.values()]
  }

  get queueLength(): number {
    return this.#queue.length
  }

  peer(fqdn: string): Peer | undefined {
    return this.#peers.get(fqdn.toLowerCase())
  }

  now(): number {
    return Math.floor(this.#world.clock.now() / 1000)
  }

  nowMicroseconds(): number {
    return Math.floor(this.#world.clock.now() * 1000)
  }

  get routes(): DiameterConfig['routes'] {
    return this.config.routes
  }

  nextHopByHop(): number {
    this.#hopByHop = (this.#hopByHop + 1) >>> 0
    return this.#hopByHop
  }

  nextEndToEnd(): number {
    this.#endToEnd = (this.#endToEnd + 1) >>> 0
    return this.#endToEnd
  }

  /** Handlers are asked in this order until one answers. */
  onRequest(handler: RequestHandler): void {
    this.#handlers.push(handler)
  }

  /** Opens the acceptors; peers are connected to at once. */
  async start(): Promise<void> {
    for (const { port, bind } of this.config.acceptors) await this.#listen(port, bind)
    this.#look()
  }

  /** Says farewell to the peers, and closes what is left a second later. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#cancelTick()
    this.#queue.clear()
    for (const peer of this.peers) peer.disconnect(DisconnectCause.rebooting)
    const until = this.#world.clock.monotonic() + FAREWELL_MS
    while (this.peers.some(({ state }) => state === 'Closing') && this.#world.clock.monotonic() < until) {
      await new Promise<void>((resolve) => {
        this.#world.clock.after(FAREWELL_LOOK_MS, resolve)
      })
    }
    for (const peer of this.peers) peer.close()
    // With it go the connections that it accepted.
    for (const listener of this.#listeners) listener.close()
    for (const link of [...this.#strangers.keys()]) link.drop()
    for (const transaction of this.#transactions.all()) this.#end(transaction, new DiameterFailure('stopped', this.#elapsed(transaction)))
    this.sessions.close()
    this.#wheel.close()
  }

  /** A request of an application, with what all of them begin with. */
  request(applicationId: number, commandCode: number, sessionId: string, avps: readonly Avp[]): DiameterMessage {
    return applicationRequest(this.config, this, applicationId, commandCode, sessionId, avps)
  }

  /** Sends a request to its peer, or to the one that the routes say. */
  send(message: DiameterMessage, options: SendOptions = {}): Promise<Outcome> {
    const preferred = options.preferred ?? this.#stickyPeer(message)
    const peer = this.#choose(message, preferred === undefined ? options : { ...options, preferred })
    if (peer instanceof DiameterFailure) return Promise.resolve(peer)
    if (this.#transactions.size >= TRANSACTIONS_MAX) return Promise.resolve(new DiameterFailure('too many'))
    return new Promise((resolve) => {
      const bytes = encodeMessage(message)
      const transaction = new Transaction({
        message, bytes, peer, hopByHop: message.hopByHop, isDirect: options.peer !== undefined,
        startedAtMs: this.#world.clock.monotonic(), finish: resolve,
      }, this.#onTimeout)
      this.#transactions.add(transaction, this.config.transactionTimeoutSeconds * 1000)
      this.sessions.sent(message, peer)
      // Where the peer does not read, its connection is closed, and that has seen to the request.
      peer.send(bytes)
    })
  }

  // What peers need of the node.

  async connect(peer: Peer): Promise<Link | undefined> {
    this.log.info(`I_Snd_Conn_Req(): Peer ${peer.fqdn} `)
    const { found, reason } = await this.#world.addressesOf(peer.fqdn)
    if (found.length === 0) {
      this.log.warning(`peer_connect(): Error opening connection to ${peer.fqdn}:${peer.port} >${reason}`)
      return undefined
    }
    for (const host of found) {
      if (this.#isStopping) return undefined
      this.log.info(`peer_connect(): Trying to connect to ${host} port ${peer.port}`)
      const link = await this.#connectTo(peer, host)
      if (link instanceof Link) return link
      const started = link.code === 'ETIMEDOUT' ? 'Timeout or error opening' : 'Error opening'
      this.log.error(`peer_connect(): ${started} connection to to ${host} port ${peer.port} >${link.reason}`)
    }
    return undefined
  }

  onMessage(peer: Peer, message: DiameterMessage, link: Link): void {
    this.sessions.received(message)
    if (isRequest(message)) this.#queue.add(link, () => this.#answer(peer, message))
    else this.#takeAnswer(peer, message)
  }

  onClosed(peer: Peer): void {
    for (const transaction of this.#transactions.of(peer)) this.#failOver(transaction)
  }

  forget(peer: Peer): void {
    this.#peers.delete(peer.fqdn.toLowerCase())
  }

  #choose(message: DiameterMessage, { peer: name, preferred, caller = 'AAASendRecvMessage' }: SendOptions): Peer | DiameterFailure {
    if (name === undefined) {
      const chosen = choosePeer(this, message.avps, undefined, preferred)
      if (chosen !== undefined) return chosen
      this.log.error(`${caller}(): Can't find a suitable connected peer in the routing table.`)
      return new DiameterFailure('no route')
    }
    const peer = this.peer(name)
    if (peer === undefined) {
      this.log.error(`${caller}ToPeer(): Peer unknown ${name}`)
      return new DiameterFailure('unknown peer')
    }
    if (!peer.isOpen) {
      this.log.error(`${caller}ToPeer(): Peer not connected to ${name}`)
      return new DiameterFailure('not connected')
    }
    peer.lastSelected = this.now()
    return peer
  }

  #stickyPeer(message: DiameterMessage): Peer | undefined {
    if (this.sessions.size === 0) return undefined
    return this.sessions.get(textOf(findAvp(message.avps, Code.sessionId)) ?? '')?.stickyPeer
  }

  /** Ends a session of ours at its server (RFC 6733 §8.4.1). */
  #terminate({ id, applicationId, destinationHost, destinationRealm }: AuthSession): void {
    const m = AvpFlag.mandatory
    void this.send(this.request(applicationId, Command.sessionTermination, id, [
      textAvp(Code.destinationRealm, m, destinationRealm),
      ...(destinationHost === '' ? [] : [textAvp(Code.destinationHost, m, destinationHost)]),
      unsignedAvp(Code.authApplicationId, m, applicationId),
      unsignedAvp(Code.terminationCause, m, SESSION_TIMEOUT_CAUSE),
    ]))
  }

  /** RFC 6733 §5.5.4: what a lost peer has not answered goes to another one, with the T flag. */
  #failOver(transaction: Transaction): void {
    const { message, isDirect, peer } = transaction
    transaction.tried = (transaction.tried ?? new Set()).add(peer)
    const next = isDirect || this.#isStopping ? undefined : choosePeer(this, message.avps, transaction.tried)
    if (next === undefined) {
      this.#end(transaction, new DiameterFailure('connection lost', this.#elapsed(transaction)))
      return
    }
    const hopByHop = this.nextHopByHop()
    this.#transactions.move(transaction, hopByHop, next)
    next.send(readdress(transaction.bytes, hopByHop, true))
  }

  readonly #onTimeout = (transaction: Transaction): void => {
    this.figures.timeouts++
    this.#end(transaction, new DiameterFailure('timeout', this.#elapsed(transaction)))
  }

  #end(transaction: Transaction, failure: DiameterFailure): void {
    this.#transactions.remove(transaction)
    transaction.finish(failure)
  }

  #elapsed({ startedAtMs }: Transaction): number {
    return Math.floor(this.#world.clock.monotonic() - startedAtMs)
  }

  #takeAnswer(peer: Peer, answer: DiameterMessage): void {
    const transaction = this.#transactions.take(answer, peer)
    if (transaction === undefined) return
    const elapsedMs = this.#elapsed(transaction)
    const { latencyThresholdMs } = this.#options
    if (elapsedMs > latencyThresholdMs) {
      const session = textOf(findAvp(answer.avps, Code.sessionId))
      this.log.error(`Received diameter response outside of threshold (${latencyThresholdMs}) - ${elapsedMs} ` +
        (session === undefined ? '(no session-id)' : `(session-id: [${session}])`))
    }
    this.figures.replies++
    this.figures.replyMs += elapsedMs
    transaction.finish({ answer, peer, elapsedMs })
  }

  #answer(peer: Peer, request: DiameterMessage): void | Promise<void> {
    if (request.commandCode === Command.abortSession && this.#abort(peer, request)) return
    for (let index = 0; index < this.#handlers.length; index++) {
      const avps = this.#handlers[index]?.(request, peer)
      if (avps instanceof Promise) return this.#answerLater(peer, request, avps, index + 1)
      if (avps !== undefined) {
        this.#sendAnswer(peer, request, avps)
        return
      }
    }
  }

  /** A server ends a session of ours (RFC 6733 §8.5): it is told so, and the session is terminated as others are. */
  #abort(peer: Peer, request: DiameterMessage): boolean {
    const session = this.sessions.get(textOf(findAvp(request.avps, Code.sessionId)) ?? '')
    if (!(session instanceof AuthSession) || session.role.side !== 'client') return false
    this.#sendAnswer(peer, request, [unsignedAvp(Code.resultCode, AvpFlag.mandatory, ResultCode.success)])
    return true
  }

  async #answerLater(peer: Peer, request: DiameterMessage, first: Promise<AnswerAvps>, behind: number): Promise<void> {
    let avps = await first
    for (let index = behind; avps === undefined && index < this.#handlers.length; index++) {
      avps = await this.#handlers[index]?.(request, peer)
    }
    if (avps !== undefined) this.#sendAnswer(peer, request, avps)
  }

  #sendAnswer(peer: Peer, request: DiameterMessage, avps: readonly Avp[]): void {
    if (!peer.isOpen) {
      this.log.error(`sm_process(): In state ${peer.state} invalid event Send_Message`)
      return
    }
    const answer = applicationAnswer(this.config, request, avps)
    if (peer.send(encodeMessage(answer))) this.sessions.sent(answer, peer)
  }

  async #connectTo(peer: Peer, host: string): Promise<Link | StreamProblem> {
    let link: Link | undefined
    const opened = await this.#world.streams.connect({
      host, port: peer.port, localAddress: peer.sourceAddress,
      timeoutMs: Math.max(1, this.config.connectTimeoutSeconds * 1000), tls: this.#options.tls?.outgoing,
    }, (connection) => {
      link = new Link(connection, peer, this.log, this.#waiting)
      return link
    })
    if (link === undefined || opened instanceof StreamProblem) {
      return opened instanceof StreamProblem ? opened : new StreamProblem('', 'no connection')
    }
    this.log.info(`peer_connect(): Peer ${peer.fqdn}:${peer.port} connected`)
    return link
  }

  async #listen(port: number, bind: string): Promise<void> {
    const { found, reason } = bind === '' ? { found: [''], reason: '' } : await this.#world.addressesOf(bind)
    if (found.length === 0) this.log.warning(`create_socket(): Error opening ${bind} port ${port} while doing gethostbyname >${reason}`)
    for (const host of found) {
      const shown = host === '' ? '0.0.0.0' : host
      this.log.warning(`create_socket(): Trying to open/bind/listen on ${shown} port ${port}`)
      const listener = await this.#world.streams.listen(
        { host, port, connectionsMax: CONNECTIONS_MAX, tls: this.#options.tls?.incoming }, (connection) => this.#accept(connection))
      if (listener instanceof StreamProblem) {
        this.log.error(`create_socket(): error binding on ${shown} port ${port} > ${listener.reason}`)
        continue
      }
      this.log.warning(`create_socket(): Successful socket open/bind/listen on ${shown} port ${port}`)
      this.#listeners.push(listener)
    }
  }

  /** The ports of the acceptors that are open. */
  get acceptorPorts(): readonly number[] {
    return this.#listeners.map(({ port }) => port)
  }

  #accept(connection: StreamConnection): Link {
    this.log.info('accept_connection(): new tcp connection accepted!')
    const link = new Link(connection, this.#stranger, this.log, this.#waiting)
    if (this.#isStopping) {
      link.close()
      return link
    }
    if (this.#strangers.size >= STRANGERS_MAX) this.#strangers.keys().next().value?.drop()
    // Who has not said in time who it is goes.
    const cancel = this.#world.clock.after(Math.max(1, this.config.connectTimeoutSeconds) * 1000, () => link.drop())
    this.#strangers.set(link, { cancel, messages: 0 })
    return link
  }

  #release(link: Link): void {
    this.#strangers.get(link)?.cancel()
    this.#strangers.delete(link)
  }

  /** Owns connections until they say whose they are. */
  readonly #stranger: LinkOwner = {
    fqdn: '',
    onMessage: (message, link) => {
      const stranger = this.#strangers.get(link)
      if (stranger !== undefined && ++stranger.messages > STRANGE_MESSAGES_MAX) link.drop()
      else this.#introduce(message, link)
    },
    onClosed: (link) => this.#release(link),
  }

  #introduce(message: DiameterMessage, link: Link): void {
    if (message.commandCode !== Command.capabilitiesExchange) {
      this.log.error('receive_msg(): Received non-CE from an unknown peer -ignored')
      return
    }
    if (!isRequest(message)) {
      this.log.error('receive_msg(): Received CEA from an unknown peer -ignored')
      return
    }
    const host = textOf(findAvp(message.avps, Code.originHost))
    const realm = textOf(findAvp(message.avps, Code.originRealm))
    const peer = host === undefined || realm === undefined ? undefined : this.peer(host) ?? this.#newPeer(host, realm)
    if (peer === undefined) {
      this.log.error(`receive_msg(): Received CER from unknown peer (accept unknown=${Number(this.config.acceptsUnknownPeers)}) -ignored`)
      return
    }
    this.#release(link)
    peer.accept(link, message)
  }

  #newPeer(fqdn: string, realm: string): Peer | undefined {
    if (fqdn.length > IDENTITY_BYTES_MAX || realm.length > IDENTITY_BYTES_MAX) return undefined
    if (!this.config.acceptsUnknownPeers || this.#peers.size - this.config.peers.length >= DYNAMIC_PEERS_MAX) return undefined
    const config: PeerConfig = { fqdn, realm, port: USUAL_PORT, sourceAddress: '' }
    const peer = new Peer(this, config, true)
    this.#peers.set(fqdn.toLowerCase(), peer)
    return peer
  }

  /** Looks what time has brought to the peers, now and every fifth of Tc. */
  #look(): void {
    for (const peer of this.peers) peer.tick()
    if (this.#options.logsPeers) this.#logPeers()
    this.#cancelTick = this.#world.clock.after(Math.max(1, Math.floor(this.config.tcSeconds / 5)) * 1000, () => this.#look())
  }

  #logPeers(): void {
    for (const { state, fqdn, port, isDynamic, applications } of this.peers) {
      this.log.debug(`State of peer: ${state} FQDN: ${fqdn} Port: ${port} Is dynamic ${isDynamic ? 'X' : ' '}`)
      for (const { id, vendorId } of applications) this.log.debug(`Application ID: ${id}, Application Vendor: ${vendorId}`)
    }
  }

  #reportBlocked(milliseconds: number): void {
    const { queueLatencyThresholdMs } = this.#options
    if (milliseconds <= queueLatencyThresholdMs) return
    this.log.error(`took too long to put task into task queue > ${queueLatencyThresholdMs} - [${Math.round(milliseconds)}]`)
  }

  /** Says so each time when the threshold is crossed. */
  #reportLength(length: number): void {
    const { queueLengthThreshold } = this.#options
    if (queueLengthThreshold <= 0) return
    const percentage = Math.floor((length * 100) / Math.max(1, this.config.queueLength))
    const isLong = percentage > queueLengthThreshold
    if (isLong && !this.#isLong) {
      this.log.warning(`Queue length has exceeded length threshold percentage [${percentage}] and is length [${length}]`)
    }
    this.#isLong = isLong
  }
}
