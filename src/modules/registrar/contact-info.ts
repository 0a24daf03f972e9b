/** What a registration says of each of its contacts. What one contact leaves open, it has from the one before, as in Kamailio. */
import type { RouteContext } from '../../runtime/context.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { isStream, type ListenSocket } from '../../sip/endpoint.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { advertisedText, ALL_METHODS, NO_CONNECTION, Q_UNSET, socketText, type ContactInfo } from '../usrloc/api.ts'
import { contactQ } from './expires.ts'
import { Failures, type Failure } from './failure.ts'
import { readPath } from './path.ts'
import { contactParam, RECEIVED_MAX } from './request.ts'
import type { Registrar, StoredSocket } from './state.ts'

const CALL_ID_MAX = 255
const USER_AGENT_MAX = 255

export class RegistrationInfo {
  readonly info: ContactInfo
  readonly #registrar: Registrar
  readonly #context: RouteContext
  readonly #usesRegId: boolean
  #allowed: number | undefined = undefined
  #received: string | undefined = undefined

  private constructor(registrar: Registrar, context: RouteContext, usesRegId: boolean, info: ContactInfo) {
    this.#registrar = registrar
    this.#context = context
    this.#usesRegId = usesRegId
    this.info = info
  }

  /** What all contacts have in common. */
  static read(
    registrar: Registrar, context: RouteContext, first: NameAddr | undefined, flags: number, usesRegId: boolean, now: number,
  ): RegistrationInfo | Failure {
    const { message } = context
    const { log, settings } = registrar.host
    const callId = message.callId() ?? ''
    if (callId.length > CALL_ID_MAX) {
      log.error('registrar', 'callid too long')
      return Failures.callIdLength
    }
    const path = registrar.params.use_path === 0 ? undefined : readPath(registrar, message)
    if (registrar.params.use_path !== 0 && path === undefined) return Failures.path
    if (path !== undefined && path.text !== '' && registrar.params.path_mode !== 0) message.pathVector = path.text
    const { received } = message
    const socket = socketOf(registrar, context)
    const agent = message.value(HeaderType.userAgent)
    const info: ContactInfo = {
      uri: '',
      callId,
      cseq: message.cseqNumber,
      expires: 0,
      q: Q_UNSET,
      userAgent: agent !== undefined && agent !== '' && agent.length < USER_AGENT_MAX ? agent : 'n/a',
      received: path?.received ?? '',
      path: path?.text ?? '',
      socket: socket.socket,
      socketText: socket.text,
      flags,
      cflags: message.branchFlags | (path?.received ? registrar.usrloc.natFlag : 0),
      methods: ALL_METHODS,
      instance: '',
      regId: 0,
      ruid: '',
      serverId: settings.server_id,
      connectionId: isStream(received.socket.transport) ? received.connectionId : NO_CONNECTION,
      lastModified: now,
      xavp: registrar.usrloc.attributesOf(context),
    }
    const made = new RegistrationInfo(registrar, context, usesRegId, info)
    const problem = first === undefined ? undefined : made.#takeInstance(first)
    return problem === undefined ? made : Failures.untold
  }

  /** Fills in what one contact says. */
  take(contact: NameAddr, expires: number): Failure | undefined {
    const { info } = this
    const registrar = this.#registrar
    const { log } = registrar.host
    info.instance = ''
    if (contact.uri.length > 4) info.uri = contact.uri
    const q = contactQ(registrar, this.#context, contact)
    if (q === undefined) {
      log.error('registrar', 'invalid q parameter')
      log.error('registrar', 'failed to calculate q')
      return Failures.q
    }
    info.q = q
    info.expires = expires
    const methods = contactParam(contact, 'methods')
    const bits = methods === undefined ? this.#allowedMethods() : registrar.methodLists.parse(methods)
    if (bits === undefined) {
      log.error('registrar', 'failed to parse contact methods')
      return Failures.message
    }
    info.methods = bits
    if (info.received === '') {
      const received = contactParam(contact, 'received') ?? this.#receivedFrom()
      if (received === undefined) {
        log.error('registrar', 'received too long')
        return Failures.contactLength
      }
      info.received = received
    }
    const problem = this.#takeInstance(contact)
    if (problem !== undefined) return problem
    info.ruid = registrar.newRuid()
    return undefined
  }

  #takeInstance(contact: NameAddr): Failure | undefined {
    const instance = contactParam(contact, '+sip.instance')
    if (instance === undefined || instance === '') return undefined
    this.info.instance = instance
    const regId = this.#usesRegId ? contactParam(contact, 'reg-id') : undefined
    if (regId === undefined || regId === '') return undefined
    const number = /^[0-9]{1,10}$/.test(regId) ? Number(regId) : 0
    if (number === 0 || number > 0xffff_ffff) {
      this.#registrar.host.log.error('registrar', 'invalid reg-id value')
      return Failures.regId
    }
    this.info.regId = number
    return undefined
  }

  #allowedMethods(): number {
    return (this.#allowed ??= this.#registrar.methodLists.allowedBy(this.#context.message))
  }

  /** What received_avp holds; undefined when it is too long. */
  #receivedFrom(): string | undefined {
    if (this.#received !== undefined) return this.#received
    const { receivedAvp } = this.#registrar
    const value = receivedAvp === undefined ? undefined : this.#context.avps.first(receivedAvp)?.value
    const text = typeof value === 'string' ? value : ''
    if (text.length > RECEIVED_MAX) return undefined
    this.#received = text
    return text
  }
}

/** The socket to store: what a header or the script says (sock_flag), else the one the registration came to. */
function socketOf(registrar: Registrar, context: RouteContext): StoredSocket {
  const { message } = context
  const named = (message.flags & registrar.socketFlag) !== 0 ? namedSocket(registrar, context) : undefined
  if (named !== undefined) return { socket: named, text: socketText(named) }
  const { socket } = message.received
  // Kamailio forgets what socket it was, beside the address that it told.
  if ((registrar.params.sock_mode & 1) !== 0 && socket.advertise !== undefined) return { socket: undefined, text: advertisedText(socket) }
  return registrar.storedSocket(socket)
}

function namedSocket(registrar: Registrar, context: RouteContext): ListenSocket | undefined {
  const { log, network } = registrar.host
  const text = registrar.socketHeader === ''
    ? registrar.textOf(context, 'socket')
    : context.message.headersNamed(registrar.socketHeader)[0]?.body.trim()
  if (text === undefined || text === '') return undefined
  const name = parseSocketName(text)
  if (name === undefined) {
    log.error('registrar', `bad socket <${text}> in `)
    return undefined
  }
  const socket = network.socketOf(name.host, name.port, name.transport)
  if (socket === undefined) log.error('registrar', `non-local socket <${text}>`)
  return socket
}
