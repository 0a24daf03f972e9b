import type { Counter } from '../../base/statistics.ts'
import type { FormatText, ParamValues, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { MessageNote } from '../../sip/message-note.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { TmApi } from '../tm/api.ts'
import type { CallTable } from './call-table.ts'
import type { Control } from './control.ts'
import type { MosReport } from './mos.ts'
import type { EngineNode, EngineSet, EngineSets } from './node.ts'
import type { rtpengineParams } from './params.ts'

export interface RtpEngine {
  readonly host: Host
  readonly params: ParamValues<typeof rtpengineParams>
  readonly sets: EngineSets
  readonly control: Control
  readonly calls: CallTable
  /** Sets that the script names by number. */
  readonly namedSets: Set<number>
  /** Answers that could not be used. */
  readonly refusedAnswers: Counter
  /** When the table was read last, in seconds since 1970. */
  reloadedAt: number
  /** After a reload, the next command that looks at engines asks them whether they are there. */
  asksOnCommand: boolean
  // From `start` on.
  tm: TmApi | undefined
  extraId: FormatText | undefined
  instance: VariableHandle | undefined
  setIdAvp: VariableHandle | undefined
  readSdp: VariableHandle | undefined
  writeSdp: VariableHandle | undefined
  mediaDuration: VariableHandle | undefined
  mos: readonly MosReport[]
}

/** What is kept with a message. */
export class EngineNote extends MessageNote {
  /** The sets that the script chose; undefined when it chose none. */
  chosen: { readonly first: EngineSet | undefined; readonly second: EngineSet | undefined } | undefined = undefined
  /** rtpengine_manage() saw the description of this INVITE: replies to it are answers. */
  hasOffered = false
  /** The figures that were asked for, as a text. */
  figures: string | null = null
}

export function noteOf(message: SipMessage): EngineNote {
  const known = findNote(message)
  if (known !== undefined) return known
  const note = new EngineNote()
  message.addNote(note)
  return note
}

export function findNote(message: SipMessage): EngineNote | undefined {
  for (let note = message.notes; note !== undefined; note = note.nextNote) if (note instanceof EngineNote) return note
  return undefined
}

/** The messages that keep what is kept for one: its own, and that of its transaction, which other routes of it get copies of. */
export function keepersOf({ tm }: RtpEngine, context: RouteContext): readonly SipMessage[] {
  const { message } = context
  const request = message.isRequest ? tm?.transactionOf(context)?.request : undefined
  return request === undefined || request === message ? [message] : [message, request]
}

export function tellInstance(state: RtpEngine, context: RouteContext, node: EngineNode): void {
  if (state.instance?.set(context, node.url) === false) fail(state, 'Failed to add RTP Engine URI to pvar')
}

/** Seconds that only ever grow. */
export const ticks = (host: Host): number => Math.floor(host.clock.monotonic() / 1000)

/** A line in the log, and the result of the function. */
export function fail({ host }: { readonly host: Host }, reason: string, result = -1): number {
  host.log.error('rtpengine', reason)
  return result
}
