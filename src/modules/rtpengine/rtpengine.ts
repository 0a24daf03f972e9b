import { arg, defineModule, fn, form, SetupError, variable, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { CallTable } from './call-table.ts'
import { Control } from './control.ts'
import { fetchFigures, queryAsJson } from './figures.ts'
import { manage } from './manage.ts'
import { EngineSets } from './node.ts'
import type { Operation } from './operation.ts'
import { rtpengineParams } from './params.ts'
import { rtpengineRpc } from './rpc.ts'
import { answer, command, end, offer, playMedia, query } from './session.ts'
import { chooseSets, type SetArgument } from './sets.ts'
import { startEngines } from './start.ts'
import { findNote, ticks, type RtpEngine } from './state.ts'

type Run = (state: RtpEngine, context: RouteContext, flags: string) => number | Promise<number>

const FLAGS = arg.str('flags', 'Words and `key=value`, separated by spaces.')

/** A function that asks an engine; its flags may be left out, which is a function of its own for KEMI. */
const asking = (name: string, summary: string, run: Run): FunctionDef<RtpEngine> => ({
  summary,
  returns: { 1: 'done', [-1]: 'no engine answered, or it refused' },
  forms: [
    form({ routes: 'any', args: [], kemi: `${name}0`, mayWait: true, run: (context, state: RtpEngine) => run(state, context, '') }),
    form({ routes: 'any', args: [FLAGS], mayWait: true, run: (context, state: RtpEngine, flags) => run(state, context, flags) }),
  ],
})

const telling = (name: string, summary: string, operation: Operation): FunctionDef<RtpEngine> =>
  asking(name, summary, (state, context, flags) => command(state, context, operation, flags))

/** KEMI's has no flags. */
const recording = (summary: string, operation: Operation): FunctionDef<RtpEngine> => fn({
  summary, routes: 'any', args: [arg.optional(FLAGS)], mayWait: true,
  run: (context, state: RtpEngine, flags) => command(state, context, operation, flags ?? ''),
})

/** One that means nothing without its flags. */
const playing = (summary: string, run: Run): FunctionDef<RtpEngine> => fn({
  summary, routes: 'any', args: [FLAGS], mayWait: true, run: (context, state: RtpEngine, flags) => run(state, context, flags),
})

const setArgument = arg.custom<SetArgument>('set', 'Number of the set, or a variable that holds one.', (text, env) => {
  if (/^[0-9]{0,10}$/.test(text)) return { fixed: Number(text) }
  const found = text.startsWith('$') ? env.variable(text) : `bad number <${text}>`
  if (typeof found === 'string') return found
  return found.text === text ? { fixed: found } : `invalid parameter ${text}`
})

const noteSets = (state: RtpEngine, ...sets: readonly unknown[]): void => {
  for (const set of sets) if (typeof set === 'number') state.namedSets.add(set)
}

const figures = variable<RtpEngine>(
  'Packets of the call so far; the engine is asked each time.',
  ({ message }) => findNote(message)?.figures ?? null,
  { fetch: (context, state) => fetchFigures(state, context), print: ({ message }) => findNote(message)?.figures ?? '' },
)

export default defineModule({
  name: 'rtpengine',
  summary: 'Lets media go through rtpengine.',
  area: 'media',
  params: rtpengineParams,
  setup(host, params): RtpEngine | SetupError {
    if (params.wsapi !== '' && !/^lwsc$/i.test(params.wsapi)) return new SetupError(`unsupported WS API: ${params.wsapi}`)
    const sets = new EngineSets(params.wsapi !== '', (text) => host.log.warning('rtpengine', text))
    for (const written of params.db_url === '' ? params.rtpengine_sock : []) {
      const failure = sets.addWritten(String(written), params.setid_default >>> 0)
      if (failure !== undefined) return new SetupError(`rtpengine_sock: ${failure}`)
    }
    return {
      host, params, sets,
      control: new Control(host, params),
      calls: new CallTable(params.hash_table_size, params.hash_table_tout, () => ticks(host)),
      namedSets: new Set(),
      requests: new WeakMap(),
      refusedAnswers: host.statistics.counter('rtpengine', 'refused_answers'),
      reloadedAt: Math.floor(host.clock.now() / 1000),
      asksOnCommand: false,
      tm: undefined, extraId: undefined, instance: undefined, setIdAvp: undefined, readSdp: undefined, writeSdp: undefined,
      mediaDuration: undefined, mos: [],
    }
  },
  start: (state, host) => startEngines(state, host),
  stop: ({ control }) => control.close(),
  functions: {
    set_rtpengine_set: {
      summary: 'Chooses the set of engines for this message, or two sets that media go through one behind the other.',
      returns: { 1: 'done', [-1]: 'there is no such set', [-2]: 'none of its engines is enabled' },
      forms: [
        form({
          routes: 'any', args: [setArgument],
          atStart: (state: RtpEngine, one) => noteSets(state, one),
          run: (context, state: RtpEngine, one) => chooseSets(state, context, one, undefined),
        }),
        form({
          routes: 'any', args: [setArgument, setArgument], kemi: 'set_rtpengine_set2',
          atStart: (state: RtpEngine, one, two) => noteSets(state, one, two),
          run: (context, state: RtpEngine, one, two) => chooseSets(state, context, one, two),
        }),
      ],
    },
    rtpengine_offer: asking('rtpengine_offer', 'Lets the media of an offer go through an engine.', offer),
    rtpengine_answer: asking('rtpengine_answer', 'Lets the media of an answer go through the engine of the offer.', answer),
    rtpengine_manage: asking('rtpengine_manage', 'Offer, answer or end, as the message is one.', manage),
    rtpengine_delete: asking('rtpengine_delete', 'The call is over for the engine; figures go into the variables of `mos_..._pv`.', end),
    rtpengine_query: asking('rtpengine_query', 'Asks for the figures of the call, for the variables of `mos_..._pv`.', query),
    rtpengine_info: telling('rtpengine_info', 'Tells the engine of ICE candidates that come after the offer; the body stays.', 'offer'),
    rtpengine_query_v: fn({
      summary: 'Asks for all that the engine knows of the call, as JSON: `j` compact, `jp` with line ends.',
      routes: 'any',
      args: [arg.str('format', '`j` or `jp`.'), arg.writable('variable', 'What gets it.')],
      mayWait: true,
      run: (context, state: RtpEngine, format, target) => queryAsJson(state, context, format, target),
    }),
    start_recording: recording('Lets the engine record the call.', 'start recording'),
    stop_recording: recording('Ends the recording.', 'stop recording'),
    block_dtmf: telling('block_dtmf', 'Lets no DTMF events through.', 'block DTMF'),
    unblock_dtmf: telling('unblock_dtmf', 'Lets DTMF events through again.', 'unblock DTMF'),
    block_media: telling('block_media', 'Lets no media through.', 'block media'),
    unblock_media: telling('unblock_media', 'Lets media through again.', 'unblock media'),
    silence_media: telling('silence_media', 'Puts silence in the place of the media.', 'silence media'),
    unsilence_media: telling('unsilence_media', 'Lets the media be heard again.', 'unsilence media'),
    start_forwarding: telling('start_forwarding', 'Lets the recording daemon pass the sound on.', 'start forwarding'),
    stop_forwarding: telling('stop_forwarding', 'Ends that.', 'stop forwarding'),
    play_media: playing('Plays a file to one side: `file=...`, `blob=...` or `db-id=...`.', playMedia),
    stop_media: telling('stop_media', 'Ends what play_media() began.', 'stop media'),
    play_dtmf: playing('Puts DTMF into the stream of one side: `code=...`.', (state, context, flags) =>
      command(state, context, 'play DTMF', flags)),
  },
  variables: { rtpestat: figures, rtpstat: figures },
  rpc: rtpengineRpc,
  statistics: {
    refused_answers: 'Answers of engines that could not be used.',
    unexpected_answers: 'Messages from engines that nobody had asked for.',
  },
})
