/** Offers, answers and the end of a call. */
import type { RouteContext } from '../../runtime/context.ts'
import { ask } from './ask.ts'
import { tellMos } from './mos.ts'
import type { OfferBody } from './offer-body.ts'
import type { Operation } from './operation.ts'
import { inTurns, type Direction, type Turn } from './sets.ts'
import { fail, type RtpEngine } from './state.ts'

/** Lets the media of a description go through an engine: what that answers takes its place. */
export async function describe(
  state: RtpEngine, context: RouteContext, operation: 'offer' | 'answer', flags: string, turn: Turn,
): Promise<number> {
  const answer = await ask(state, context, operation, flags, turn)
  if (answer === undefined) return -1
  const sdp = answer.dictionary.text('sdp')
  if (sdp === undefined) {
    state.refusedAnswers.increment()
    return fail(state, 'failed to extract sdp body from proxy reply')
  }
  if (turn.hasNext) turn.description = sdp
  else if (state.writeSdp === undefined) replace(context, answer.body, sdp)
  else if (!state.writeSdp.set(context, sdp)) return fail(state, `error setting pvar <${state.params.write_sdp_pv}>`)
  return 1
}

/** A description from a variable stands for the whole body. */
function replace({ message }: RouteContext, body: OfferBody | undefined, sdp: string): void {
  const { edits, text, bodyStart } = message
  edits.replace(body?.start ?? bodyStart, body?.end ?? text.length, sdp)
}

export const offer = (state: RtpEngine, context: RouteContext, flags: string): Promise<number> =>
  inTurns(state, context, 'first', (turn) => describe(state, context, 'offer', flags, turn))

/** In requests it is ACK and PRACK that answer. */
export function answer(state: RtpEngine, context: RouteContext, flags: string): Promise<number> | number {
  const { isRequest, method } = context.message
  if (isRequest && method !== 'ACK' && method !== 'PRACK') return -1
  return inTurns(state, context, 'second', (turn) => describe(state, context, 'answer', flags, turn))
}

/** The end of a call, or a look at it: both bring its figures. */
export async function tellFigures(
  state: RtpEngine, context: RouteContext, operation: 'delete' | 'query', flags: string, turn: Turn,
): Promise<number> {
  const answered = await ask(state, context, operation, flags, turn)
  if (answered === undefined) return -1
  tellMos(state, context, answered.dictionary)
  return 1
}

export const end = (state: RtpEngine, context: RouteContext, flags: string): Promise<number> =>
  inTurns(state, context, 'first', (turn) => tellFigures(state, context, 'delete', flags, turn))

export const query = (state: RtpEngine, context: RouteContext, flags: string): Promise<number> =>
  inTurns(state, context, 'first', (turn) => tellFigures(state, context, 'query', flags, turn))

/** Anything else: nothing but `ok` comes back. */
export function command(
  state: RtpEngine, context: RouteContext, operation: Operation, flags: string, direction: Direction = 'first',
): Promise<number> {
  return inTurns(state, context, direction, async (turn) =>
    ((await ask(state, context, operation, flags, turn)) === undefined ? -1 : 1))
}

/** The answer tells how long it will take. */
export function playMedia(state: RtpEngine, context: RouteContext, flags: string): Promise<number> {
  return inTurns(state, context, 'first', async (turn) => {
    const answered = await ask(state, context, 'play media', flags, turn)
    if (answered === undefined) return -1
    const { mediaDuration, params } = state
    const duration = String(answered.dictionary.int('duration', -1))
    if (mediaDuration === undefined || mediaDuration.set(context, duration)) return 1
    return fail(state, `error setting pvar <${params.media_duration}>`)
  })
}
