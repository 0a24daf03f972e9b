/**
 * One peer and its state machine (RFC 6733 §5.6). States and events are called as Kamailio's lists call them; time goes by
 * in whole seconds, as in Kamailio: nothing for Tc seconds means a watchdog, or another try.
 */
import { findAvp, textOf } from './avp.ts'
import {
  announcedApplications, capabilitiesAnswer, capabilitiesRequest, Code, DisconnectCause, disconnectRequest, hasCommonApplication,
  isSuccess, plainAnswer, resultCodeOf, watchdogRequest, type Identifiers,
} from './capabilities.ts'
import type { ApplicationConfig, DiameterConfig, DiameterLog, PeerConfig } from './config.ts'
import type { Link, LinkOwner } from './link.ts'
import { Command, encodeMessage, isRequest, ResultCode, type DiameterMessage } from './message.ts'

export type PeerState =
  | 'Closed' | 'Wait_Conn_Ack' | 'Wait_I_CEA' | 'Wait_Conn_Ack_Elect' | 'Wait_Returns' | 'R_Open' | 'I_Open' | 'Closing'

export const PEER_STATES: readonly PeerState[] =
  ['Closed', 'Wait_Conn_Ack', 'Wait_I_CEA', 'Wait_Conn_Ack_Elect', 'Wait_Returns', 'R_Open', 'I_Open', 'Closing']

/** What a peer needs of the node it belongs to. */
export interface PeerNode {
  readonly config: DiameterConfig
  readonly log: DiameterLog
  readonly ids: Identifiers
  /** Seconds since 1970. */
  now(): number
  /** Connects to the peer; undefined when it cannot. */
  connect(peer: Peer): Promise<Link | undefined>
  /** A message of an application, or an answer to one. */
  onMessage(peer: Peer, message: DiameterMessage, link: Link): void
  /** The peer was open and is not any more. */
  onClosed(peer: Peer): void
  /** A peer that is not configured is gone for good. */
  forget(peer: Peer): void
}

/** Never connected: its turn comes with the first tick. */
const LONG_AGO_SECONDS = 500

export class Peer implements LinkOwner {
  readonly fqdn: string
  readonly realm: string
  readonly port: number
  readonly sourceAddress: string
  /** It introduced itself, no configuration names it. */
  readonly isDynamic: boolean
  isDisabled = false
  applications: readonly ApplicationConfig[] = []
  /** When it was chosen last: seconds, or microseconds behind a choice by route. */
  lastSelected = 0
  readonly #node: PeerNode
  #state: PeerState = 'Closed'
  #initiator: Link | undefined
  #responder: Link | undefined
  /** The CER of the responder's connection, while the initiator's is not decided. */
  #waitingRequest: DiameterMessage | undefined
  #activity: number
  #isWaitingForWatchdog = false
  /** Numbers the attempts to connect: what an old one brings is closed. */
  #attempt = 0

  constructor(node: PeerNode, config: PeerConfig, isDynamic: boolean) {
    this.fqdn = config.fqdn
    this.realm = config.realm
    this.port = config.port
    this.sourceAddress = config.sourceAddress
    this.isDynamic = isDynamic
    this.#node = node
    this.#activity = isDynamic ? node.now() : node.now() - LONG_AGO_SECONDS
  }

  get state(): PeerState {
    return this.#state
  }

  get isOpen(): boolean {
    return this.#state === 'I_Open' || this.#state === 'R_Open'
  }

  /** The connection that messages go by, while it is open. */
  get link(): Link | undefined {
    return this.#state === 'I_Open' ? this.#initiator : this.#state === 'R_Open' ? this.#responder : undefined
  }

  handles(applicationId: number, vendorId: number): boolean {
    return this.applications.some((application) => application.id === applicationId && application.vendorId === vendorId)
  }

  /** False when the peer is not open, or does not read. */
  send(bytes: Buffer): boolean {
    return this.link?.send(bytes) ?? false
  }

  /** Looks what time has brought. */
  tick(): void {
    if (this.isDisabled && this.#state !== 'Closed' && this.#state !== 'Closing') {
      if (this.isOpen) this.disconnect(DisconnectCause.rebooting)
      return
    }
    if (this.#activity + this.#node.config.tcSeconds > this.#node.now()) return
    switch (this.#state) {
      case 'Closed':
        if (this.isDynamic && this.#node.config.dropsUnknownOnDisconnect) this.#node.forget(this)
        else if (!this.isDisabled) this.#start()
        return
      case 'I_Open': case 'R_Open':
        this.#watch()
        return
      default:
        this.#touch()
        this.#reportLate()
        this.#closeAll()
    }
  }

  /** Ends it in good order: the connection goes with the peer's answer, or after Tc. */
  disconnect(cause: number): void {
    if (!this.isOpen) return
    const link = this.link
    this.#leaveOpen('Closing')
    link?.send(encodeMessage(disconnectRequest(this.#node.config, this.#node.ids, cause)))
  }

  /** Ends it whatever state it is in. */
  close(): void {
    this.#closeAll()
  }

  /** Somebody says on a connection of its own that it is this peer (R_Conn_CER). */
  accept(link: Link, request: DiameterMessage): void {
    switch (this.#state) {
      case 'Closed': {
        this.#takeResponder(link)
        this.#answerResponder(request)
        return
      }
      case 'Wait_Conn_Ack':
        this.#takeResponder(link)
        if (this.#refuses(request)) return
        this.#waitingRequest = request
        this.#state = 'Wait_Conn_Ack_Elect'
        return
      case 'Wait_I_CEA':
        this.#takeResponder(link)
        if (this.#refuses(request)) return
        this.#waitingRequest = request
        this.#elect('Wait_I_CEA')
        return
      case 'Closing':
        this.#node.log.error(`sm_process(): In state ${this.#state} invalid event R_Conn_CER`)
        link.close()
        return
      default:
        link.close()
    }
  }

  onMessage(message: DiameterMessage, link: Link): void {
    this.#touch()
    if (this.#state === 'Wait_I_CEA' && link === this.#initiator) {
      if (message.commandCode === Command.capabilitiesExchange && !isRequest(message)) this.#takeAnswer(message)
      else this.#closeAll()
      return
    }
    if (this.#state === 'Wait_Returns' && link === this.#initiator) {
      this.#finishElection(message)
      return
    }
    if (this.#state === 'Closing' && message.commandCode === Command.disconnectPeer && !isRequest(message)) {
      this.#closeAll()
      return
    }
    if (link !== this.link) {
      this.#node.log.error(`receive_msg(): [${this.fqdn}] Received msg while peer in state ${PEER_STATES.indexOf(this.#state)} -ignored`)
      return
    }
    this.#takeOpen(message, link)
  }

  /** A connection ended without us. */
  onClosed(link: Link): void {
    if (link === this.#initiator) this.#loseInitiator()
    else if (link === this.#responder) this.#loseResponder()
  }

  #touch(): void {
    this.#activity = this.#node.now()
  }

  #start(): void {
    this.#touch()
    this.#state = 'Wait_Conn_Ack'
    const attempt = ++this.#attempt
    void this.#node.connect(this).then((link) => {
      const isWaited = attempt === this.#attempt && (this.#state === 'Wait_Conn_Ack' || this.#state === 'Wait_Conn_Ack_Elect')
      if (!isWaited) link?.close()
      else if (link === undefined) this.#refused()
      else this.#connected(link)
    })
  }

  /** I_Rcv_Conn_Ack */
  #connected(link: Link): void {
    this.#initiator = link
    const { config, ids } = this.#node
    link.send(encodeMessage(capabilitiesRequest(config, ids, link.connection.localAddress)))
    if (this.#state === 'Wait_Conn_Ack_Elect') this.#elect('Wait_Conn_Ack_Elect')
    else this.#state = 'Wait_I_CEA'
  }

  /** I_Rcv_Conn_NAck */
  #refused(): void {
    const waiting = this.#waitingRequest
    if (this.#state === 'Wait_Conn_Ack_Elect' && waiting !== undefined) this.#answerResponder(waiting)
    else this.#state = 'Closed'
  }

  /** §5.6.4: the connection that the one with the higher name accepted stays. */
  #elect(from: string): void {
    const request = this.#waitingRequest
    const isWon = request === undefined || isHigher(this.#node.config.fqdn, textOf(findAvp(request.avps, Code.originHost)) ?? '')
    this.#node.log.info(`sm_process():${from} ${isWon ? 'Win' : 'Lose'} Elect`)
    this.#state = 'Wait_Returns'
    if (!isWon || request === undefined) return
    this.#dropInitiator()
    this.#answerResponder(request)
  }

  /** In Wait_Returns, the election lost: the answer on our own connection settles it. */
  #finishElection(message: DiameterMessage): void {
    if (message.commandCode !== Command.capabilitiesExchange || isRequest(message)) {
      this.#loseInitiator()
      return
    }
    this.#dropResponder()
    this.#takeAnswer(message)
  }

  /** A CEA on the connection that we opened. */
  #takeAnswer(answer: DiameterMessage): void {
    const { config, log } = this.#node
    this.applications = announcedApplications(answer, config.supportedVendors.length, log)
    if (isSuccess(resultCodeOf(answer))) this.#state = 'I_Open'
    else this.#closeAll()
  }

  #takeResponder(link: Link): void {
    link.owner = this
    this.#responder = link
    this.#touch()
  }

  /** Answers a CER that will not do, and closes its connection. */
  #refuses(request: DiameterMessage): boolean {
    if (hasCommonApplication(this.#node.config, request)) return false
    this.#sendAnswer(request, ResultCode.noCommonApplication)
    this.#dropResponder()
    return true
  }

  /** Answers the CER of the connection that we accepted; the peer is open with it, or closed. */
  #answerResponder(request: DiameterMessage): void {
    this.#waitingRequest = undefined
    const isCommon = this.#processRequest(request)
    this.#sendAnswer(request, isCommon ? ResultCode.success : ResultCode.noCommonApplication)
    if (isCommon && this.#responder !== undefined) {
      this.#state = 'R_Open'
      return
    }
    this.#dropResponder()
    this.#state = 'Closed'
  }

  #processRequest(request: DiameterMessage): boolean {
    const { config, log } = this.#node
    const isCommon = hasCommonApplication(config, request)
    if (isCommon) this.applications = announcedApplications(request, config.supportedVendors.length, log)
    return isCommon
  }

  #sendAnswer(request: DiameterMessage, resultCode: number, link = this.#responder): void {
    link?.send(encodeMessage(capabilitiesAnswer(this.#node.config, request, resultCode, link.connection.localAddress)))
  }

  /** A message on the connection of an open peer. */
  #takeOpen(message: DiameterMessage, link: Link): void {
    const { config, log } = this.#node
    switch (message.commandCode) {
      case Command.capabilitiesExchange:
        if (!isRequest(message)) this.applications = announcedApplications(message, config.supportedVendors.length, log)
        else this.#sendAnswer(message, this.#processRequest(message) ? ResultCode.success : ResultCode.noCommonApplication, link)
        return
      case Command.deviceWatchdog:
        if (isRequest(message)) link.send(encodeMessage(plainAnswer(config, message, ResultCode.success)))
        else this.#isWaitingForWatchdog = false
        return
      case Command.disconnectPeer:
        if (!isRequest(message)) {
          const direction = this.#state === 'I_Open' ? 'I' : 'R'
          log.error(`sm_process(): In state ${this.#state} invalid event ${direction}_Rcv_DPA`)
          return
        }
        link.send(encodeMessage(plainAnswer(config, message, ResultCode.success)))
        this.#closeAll()
        return
      default:
        this.#node.onMessage(this, message, link)
    }
  }

  /** Nothing came for Tc seconds (RFC 3539 §3.4). */
  #watch(): void {
    if (this.#isWaitingForWatchdog) {
      this.#closeAll()
      this.#node.log.warning(`Inactivity on peer [${this.fqdn}] and no DWA, Closing peer...`)
      return
    }
    this.#isWaitingForWatchdog = true
    this.link?.send(encodeMessage(watchdogRequest(this.#node.config, this.#node.ids)))
    this.#touch()
  }

  #reportLate(): void {
    if (this.#state === 'Wait_Conn_Ack' || this.#state === 'Wait_Returns') {
      this.#node.log.error(`in state ${this.#state} timeout event Timeout`)
    }
  }

  /** I_Peer_Disc */
  #loseInitiator(): void {
    const waiting = this.#waitingRequest
    if (this.#state === 'Wait_Returns' && waiting !== undefined) {
      this.#dropInitiator()
      this.#answerResponder(waiting)
    } else if (this.#state !== 'R_Open') this.#closeAll()
    else this.#dropInitiator()
  }

  /** R_Peer_Disc */
  #loseResponder(): void {
    this.#dropResponder()
    this.#waitingRequest = undefined
    if (this.#state === 'Wait_Conn_Ack_Elect') this.#state = 'Wait_Conn_Ack'
    else if (this.#state === 'Wait_Returns') this.#state = 'Wait_I_CEA'
    else if (this.#state === 'R_Open' || this.#state === 'Closing') this.#closeAll()
  }

  #dropInitiator(): void {
    const link = this.#initiator
    this.#initiator = undefined
    link?.close()
  }

  #dropResponder(): void {
    const link = this.#responder
    this.#responder = undefined
    link?.close()
  }

  #closeAll(): void {
    this.#attempt++
    this.#waitingRequest = undefined
    if (this.isOpen) this.#leaveOpen('Closed')
    else this.#state = 'Closed'
    this.#dropInitiator()
    this.#dropResponder()
  }

  #leaveOpen(state: 'Closed' | 'Closing'): void {
    this.#isWaitingForWatchdog = false
    this.#state = state
    this.#node.onClosed(this)
  }
}

/** Compares names byte by byte, as the election does. */
function isHigher(own: string, other: string): boolean {
  return Buffer.compare(Buffer.from(own, 'latin1'), Buffer.from(other, 'latin1')) > 0
}
