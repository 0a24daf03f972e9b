import type { Counter } from '../../base/statistics.ts'
import type { AvpName } from '../../runtime/avp.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { TimerProcess } from '../../runtime/timer-process.ts'
import { xavpChild } from '../../runtime/xavp.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageNote } from '../../sip/message-note.ts'
import type { SlApi } from '../sl/api.ts'
import { createRuidMaker, socketText, type RuidMaker, type UsrlocApi } from '../usrloc/api.ts'
import type { Failure } from './failure.ts'
import { MethodLists } from './methods.ts'
import type { RegistrarParams } from './params.ts'
import type { Profiles } from './profiles.ts'

/** A socket as contacts keep it. */
export interface StoredSocket {
  readonly socket: ListenSocket | undefined
  readonly text: string
}

export class Registrar {
  readonly host: Host
  readonly params: RegistrarParams
  readonly usrloc: UsrlocApi
  readonly sl: SlApi
  readonly profiles: Profiles
  readonly newRuid: RuidMaker
  readonly methodLists = new MethodLists()
  readonly accepted: Counter
  readonly rejected: Counter
  /** received_avp. */
  readonly receivedAvp: AvpName | undefined
  /** sock_flag as a bit; 0 for none. */
  readonly socketFlag: number
  /** sock_hdr_name; empty where xavp_cfg tells the socket. */
  readonly socketHeader: string
  expiredRoute: RouteFunction | undefined = undefined
  timer: TimerProcess | undefined = undefined
  readonly #sockets = new Map<ListenSocket, StoredSocket>()

  constructor(host: Host, params: RegistrarParams, usrloc: UsrlocApi, sl: SlApi, profiles: Profiles, receivedAvp: AvpName | undefined) {
    this.host = host
    this.params = params
    this.usrloc = usrloc
    this.sl = sl
    this.profiles = profiles
    this.receivedAvp = receivedAvp
    this.newRuid = createRuidMaker(host, 'uloc')
    this.accepted = host.statistics.counter('registrar', 'accepted_regs')
    this.rejected = host.statistics.counter('registrar', 'rejected_regs')
    const hasSource = params.sock_hdr_name ? true : params.sock_hdr_name === undefined && Boolean(params.xavp_cfg)
    this.socketFlag = params.sock_flag >= 0 && hasSource ? 1 << params.sock_flag : 0
    this.socketHeader = params.sock_hdr_name ?? ''
  }

  /** The socket with its text, which is made once. */
  storedSocket(socket: ListenSocket): StoredSocket {
    const known = this.#sockets.get(socket)
    if (known !== undefined) return known
    const made = { socket, text: socketText(socket) }
    this.#sockets.set(socket, made)
    return made
  }

  /** A number that the script has set in xavp_cfg. */
  numberOf(context: RouteContext, name: string): number | undefined {
    const value = this.#setting(context, name)
    return typeof value === 'number' ? value : undefined
  }

  /** A text that the script has set in xavp_cfg. */
  textOf(context: RouteContext, name: string): string | undefined {
    const value = this.#setting(context, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }

  #setting(context: RouteContext, name: string): unknown {
    const { xavp_cfg } = this.params
    return xavp_cfg === undefined || xavp_cfg === '' ? undefined : xavpChild(context.xavps.xavp, xavp_cfg, name)?.value
  }
}

/** What save() leaves with a registration for its reply. */
export class Registration extends MessageNote {
  readonly owner: Registrar
  /** The Contact header with its line end; empty for none. */
  contacts = ''
  failure: Failure | undefined = undefined

  constructor(owner: Registrar) {
    super()
    this.owner = owner
  }
}

export function registrationOf(registrar: Registrar, message: SipMessage): Registration {
  for (let note = message.notes; note !== undefined; note = note.nextNote) {
    if (note instanceof Registration && note.owner === registrar) return note
  }
  const made = new Registration(registrar)
  message.addNote(made)
  return made
}
