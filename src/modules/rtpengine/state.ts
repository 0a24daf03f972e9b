import type { Counter } from '../../base/statistics.ts'
import type { FormatText, ParamValues, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { MessageNote } from '../../sip/message-note.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Transaction } from '../../transaction/transaction.ts'
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
  /** What is kept of requests that have a transaction. */
  readonly requests: WeakMap<Transaction, RequestNote>
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

/** What is kept of a request, in all routes that it has. */
export class RequestNote {
  /** rtpengine_manage() saw the description of this INVITE: replies to it are answers. */
  hasOffered = false
}

/** What is kept with a message. */
export class EngineNote extends MessageNote {
  readonly request: RequestNote
  /** The sets that the script chose; undefined when it chose none. A failure route chooses anew. */
  chosen: { readonly first: EngineSet | undefined; readonly second: EngineSet | undefined } | undefined = undefined
  /** The figures that were asked for, as a text. */
  figures: string | null = null

  constructor(request: RequestNote) {
    super()
    this.request = request
  }
}

/** The note of the message; routes of one transaction share what is kept of its request. */
export function noteOf(state: RtpEngine, context: RouteContext): EngineNote {
  const { message } = context
  const known = findNote(message)
  if (known !== undefined) return known
  const transaction = message.isRequest ? state.tm?.transactionOf(context) : undefined
  const request = (transaction && state.requests.get(transaction)) ?? new RequestNote()
  if (transaction !== undefined) state.requests.set(transaction, request)
  const note = new EngineNote(request)
  message.addNote(note)
  return note
}

export function findNote(message: SipMessage): EngineNote | undefined {
  for (let note = message.notes; note !== undefined; note = note.nextNote) if (note instanceof EngineNote) return note
  return undefined
}

export function tellInstance(state: RtpEngine, context: RouteContext, node: EngineNode): void {
  if (state.instance?.set(context, node.url) === false) fail(state, 'Failed to add RTP Engine URI to pvar')
}

/** Seconds that only ever grow. */
export const ticks = (host: Host): number => Math.floor(host.clock.monotonic() / 1000)

/** How Kamailio says that a set is not there. */
export const noSuchSet = ({ sets }: RtpEngine): string =>
  (sets.all.length === 0 ? 'no rtpp_set_list->rset_first' : ' script error-invalid id_set to be selected')

/** A line in the log, and the result of the function. */
export function fail({ host }: { readonly host: Host }, reason: string, result = -1): number {
  host.log.error('rtpengine', reason)
  return result
}
