import type { FormatText, ParamValues, VariableHandle } from '../../define/define.ts'
import { MessageNote } from '../../sip/message-note.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { TmApi } from '../tm/api.ts'
import type { Control } from './control.ts'
import type { ProxyNode, ProxySet, ProxySets } from './node.ts'
import type { rtpproxyParams } from './params.ts'

export interface RtpProxy {
  readonly host: Host
  readonly params: ParamValues<typeof rtpproxyParams>
  readonly sets: ProxySets
  readonly control: Control
  /** Those that the script names by number. */
  readonly namedSets: Set<number>
  /** While the proxies are asked for their versions, at the start. */
  probing: Promise<void> | undefined
  // From `start` on.
  tm: TmApi | undefined
  extraId: FormatText | undefined
  instance: VariableHandle | undefined
  icePriority: VariableHandle | undefined
}

export const DEFAULT_SET = 0

/** What is kept with a message: the set that the script chose, and the figures it asked for. */
export class ProxyNote extends MessageNote {
  set: ProxySet | undefined = undefined
  statistics: string | undefined = undefined
  /** What texts show where there are none. */
  unasked = '<null>'
}

export function noteOf(message: SipMessage): ProxyNote {
  for (let note = message.notes; note !== undefined; note = note.nextNote) if (note instanceof ProxyNote) return note
  const note = new ProxyNote()
  message.addNote(note)
  return note
}

export function tellInstance(state: RtpProxy, context: RouteContext, node: ProxyNode): void {
  state.instance?.set(context, node.url)
}

/** Seconds since the start. */
export const ticks = ({ host }: RtpProxy): number => Math.floor(host.clock.monotonic() / 1000)

export function refuse({ host }: RtpProxy, reason: string, result = -1): number {
  host.log.error('rtpproxy', reason)
  return result
}
