/** Pings of registered contacts, so that NATs on the way keep their bindings: each second its part of them. */
import { every } from '../../runtime/timer-process.ts'
import { queryOfUri } from '../../runtime/forward.ts'
import type { Location } from '../../runtime/host.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import { parseNameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam } from '../../sip/uri.ts'
import type { AorRecord, Contact, UsrlocApi } from '../usrloc/api.ts'
import { PingRequests } from './ping-request.ts'
import type { NatHelper } from './state.ts'

/** What pings are where they are no requests. */
const EMPTY_PING = '\0\0\0\0'

const bitOf = (flag: number): number => (flag < 0 ? 0 : 1 << flag)

export class Pinger {
  /** nathelper.enable_ping switches it. */
  isOn = true
  readonly #state: NatHelper
  readonly #usrloc: UsrlocApi
  readonly #requestFlag: number
  readonly #disableFlag: number
  readonly #requests: PingRequests | undefined
  readonly #socket: ListenSocket | undefined
  #second = 0
  #stop: (() => void) | undefined = undefined

  constructor(state: NatHelper, usrloc: UsrlocApi, socket: ListenSocket | undefined) {
    const { params, host } = state
    this.#state = state
    this.#usrloc = usrloc
    this.#socket = socket
    this.#requestFlag = bitOf(params.sipping_bflag)
    this.#disableFlag = bitOf(params.natping_disable_bflag)
    const template = { method: params.sipping_method, from: params.sipping_from }
    this.#requests = template.from === '' ? undefined : new PingRequests(host, template)
  }

  start(): void {
    this.#stop = every(this.#state.host.clock, 1000, () => this.#pingPart())
  }

  stop(): void {
    this.#stop?.()
  }

  /** A reply: the contact is alive. */
  take({ message }: RouteContext): void {
    const contact = this.#state.params.keepalive_timeout > 0 ? this.#requests?.contactOf(message) : undefined
    if (contact !== undefined) this.#usrloc.answered(contact.hash, contact.ruid)
  }

  async #pingPart(): Promise<void> {
    const { params } = this.#state
    const second = this.#second
    this.#second = (second + 1) % params.natping_interval
    if (!this.isOn) return
    const flags = params.ping_nated_only === 0 ? 0 : this.#usrloc.natFlag
    for (let process = 0; process < params.natping_processes; process++) {
      await this.#usrloc.each(
        {
          flags, isOwnOnly: params.filter_server_id !== 0,
          part: process * params.natping_interval + second, parts: params.natping_processes * params.natping_interval,
        },
        (contact, aor) => this.#ping(contact, aor),
      )
    }
  }

  #ping(contact: Contact, aor: AorRecord): void {
    if ((contact.cflags & this.#disableFlag) !== 0) return
    const { log, network } = this.#state.host
    const uri = parseUri(this.#destinationOf(contact))
    if (uri instanceof ParseError) {
      log.error('nathelper', "can't parse contact/received uri")
      return
    }
    const transport = uriParam(uri, 'transport')?.toLowerCase()
    if (uri.scheme === 'sips' || (transport !== undefined && transport !== 'udp')) return
    const found = network.locate({ ...queryOfUri(uri), port: uri.port || 5060, transport: 'udp' })
    const { uri: contactUri, ruid, path, socket } = contact
    const send = (location: Location): void => this.#send(location, contact.cflags, { uri: contactUri, ruid, path, socket, hash: aor.hash })
    if (found instanceof Promise) void found.then(send)
    else send(found)
  }

  /** The first hop of its path for requests, else where its registration came from, or itself. */
  #destinationOf(contact: Contact): string {
    if (contact.path !== '' && (contact.cflags & this.#requestFlag) !== 0) {
      const close = contact.path.indexOf('>')
      const first = parseNameAddr(contact.path, 0, close < 0 ? contact.path.length : close + 1)
      return first instanceof ParseError ? '' : first.uri
    }
    return contact.received || contact.uri
  }

  #send({ targets }: Location, flags: number, contact: Pinged): void {
    const { log, network } = this.#state.host
    const [target] = targets
    if (target === undefined) {
      log.error('nathelper', "can't resolve_host")
      return
    }
    const { address, port } = target
    const socket = this.#socket ?? contact.socket ?? network.findSocket('udp', address.includes(':') ? 6 : 4, address)
    if (socket === undefined) {
      log.error('nathelper', "can't get sending socket")
      return
    }
    const isRequest = (flags & this.#requestFlag) !== 0 || (this.#state.params.ping_nated_only === 0 && this.#requestFlag !== 0)
    const text = isRequest && this.#requests !== undefined
      ? this.#requests.text(contact.uri, contact.path, contact.ruid, contact.hash, socket)
      : EMPTY_PING
    const sent = network.send(text, { transport: 'udp', address, port, socket, connectionId: 0 })
    if (sent !== true) log.error('nathelper', `${isRequest ? 'sip udp_send failed' : 'udp_send failed'}: ${sent.reason}`)
  }
}

interface Pinged {
  readonly uri: string
  readonly ruid: string
  readonly path: string
  readonly socket: ListenSocket | undefined
  readonly hash: number
}
