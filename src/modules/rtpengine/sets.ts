/** Which set a message's engines are of, and asking two sets one after the other. */
import type { RouteContext } from '../../runtime/context.ts'
import type { VariableHandle } from '../../define/define.ts'
import type { EngineSet } from './node.ts'
import { fail, noSuchSet, noteOf, type RtpEngine } from './state.ts'

/** One of the questions that a call of a function makes. */
export interface Turn {
  readonly set: EngineSet | undefined
  /** Another engine is asked behind this one: it gets the description that this one answers with. */
  readonly hasNext: boolean
  /** What the engine before answered. */
  description: string | undefined
}

/** Whose engine is asked first where there are two. */
export type Direction = 'first' | 'second'

/** A number in the script, or a variable that holds one. */
export type SetArgument = number | VariableHandle

/** set_rtpengine_set(): above 0 when that worked, -2 when none of the engines is enabled. */
export function chooseSets(state: RtpEngine, context: RouteContext, one: SetArgument, two: SetArgument | undefined): number {
  const note = noteOf(state, context)
  note.chosen = undefined
  const first = setOf(state, context, one)
  if (typeof first === 'number') return first
  note.chosen = { first: first.set, second: undefined }
  if (first.result < 0 || two === undefined) return first.result
  const second = setOf(state, context, two)
  if (typeof second === 'number') return second
  note.chosen = { first: first.set, second: second.set }
  return second.result
}

function setOf(
  state: RtpEngine, context: RouteContext, argument: SetArgument,
): { readonly set: EngineSet | undefined; readonly result: number } | number {
  if (typeof argument === 'number') return { set: state.sets.byId(argument), result: 1 }
  const id = argument.get(context)
  if (typeof id !== 'number') return fail(state, 'pv param must hold an integer value')
  const set = setById(state, id)
  if (set === undefined) return fail(state, `could not locate rtpengine set ${id >>> 0}`)
  if (set.nodes.some(({ isDisabled }) => !isDisabled)) return { set, result: 1 }
  state.host.log.warning('rtpengine', `rtpp: selected proxy set ID ${context.message.id} but it has no active node.`)
  return { set, result: -2 }
}

function setById(state: RtpEngine, id: number): EngineSet | undefined {
  const set = state.sets.byId(id)
  if (set !== undefined) return set
  fail(state, noSuchSet(state))
  return undefined
}

/** Makes the turns of one call of a function: one, or two where the script chose two sets. */
export async function inTurns(
  state: RtpEngine, context: RouteContext, direction: Direction, run: (turn: Turn) => Promise<number>,
): Promise<number> {
  const { chosen } = noteOf(state, context)
  const hasNext = chosen?.second !== undefined && chosen.second !== chosen.first
  let description: string | undefined
  let result = -1
  for (const each of hasNext ? [direction, direction === 'first' ? 'second' : 'first'] as const : [direction]) {
    const set = setFor(state, context, each)
    if (set === 'wrong') return -1
    const turn: Turn = { set, hasNext: hasNext && each === direction, description }
    result = await run(turn)
    if (result < 0) return result
    description = turn.description
  }
  return result
}

/** The AVP goes before what the script chose, and that before the default. */
function setFor(state: RtpEngine, context: RouteContext, direction: Direction): EngineSet | undefined | 'wrong' {
  const id = state.setIdAvp?.get(context) ?? null
  if (id === null) {
    const { chosen } = noteOf(state, context)
    const set = direction === 'first' || chosen?.second === undefined ? chosen?.first : chosen.second
    return set ?? state.sets.byId(state.params.setid_default)
  }
  if (typeof id !== 'number') {
    fail(state, 'setid_avp must hold an integer value')
    return 'wrong'
  }
  const set = setById(state, id)
  if (set !== undefined) return set
  fail(state, `could not locate engine set ${id >>> 0}`)
  return 'wrong'
}
