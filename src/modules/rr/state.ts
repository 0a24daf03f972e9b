import type { AvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { Edit } from '../../sip/edits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageNote } from '../../sip/message-note.ts'
import { ParseError } from '../../sip/parse-error.ts'

export interface RrParams {
  readonly enable_full_lr: number
  readonly append_fromtag: number
  readonly enable_double_rr: number
  readonly add_username: number
  readonly enable_socket_mismatch_warning: number
  readonly force_send_socket: number
  readonly ignore_sips: number
  readonly sockname_mode: number
  readonly loose_route_mode: number
}

/** What was done with a message. */
export class Recorded extends MessageNote {
  readonly owner: Rr
  isRecorded = false
  /** Puts the own Record-Route in. */
  edit: Edit | undefined = undefined
  /** The parameters of the own Route that loose_route() took off; undefined when there was none. */
  routeParams: string | undefined = undefined
  /** loose_route() took own Routes off, and there was another behind them. */
  isNextHopRoute = false

  constructor(owner: Rr) {
    super()
    this.owner = owner
  }
}

export type RouteListener = (context: RouteContext, params: string) => void

export interface Rr {
  readonly host: Host
  readonly params: RrParams
  readonly userAvp: AvpName | undefined
  readonly listeners: RouteListener[]
}

export function recordedOf(rr: Rr, message: SipMessage): Recorded {
  for (let note = message.notes; note !== undefined; note = note.nextNote) {
    if (note instanceof Recorded && note.owner === rr) return note
  }
  const made = new Recorded(rr)
  message.addNote(made)
  return made
}

/** The tag in From; empty for none. */
export function fromTag(message: SipMessage): string {
  const from = message.from()
  return from === undefined || from instanceof ParseError ? '' : from.tag ?? ''
}

/** The tag in To; empty for none. */
export function toTag(message: SipMessage): string {
  const to = message.to()
  return to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
}
