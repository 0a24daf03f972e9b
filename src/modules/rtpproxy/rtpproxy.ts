import { isDbError } from '../../db/database.ts'
import { arg, defineModule, fn, form, SetupError, variable, type FunctionDef, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { tmApi } from '../tm/api.ts'
import { destroy, play, query, startRecording, stopPlaying } from './commands.ts'
import { Control } from './control.ts'
import { manage } from './manage.ts'
import { ProxySets } from './node.ts'
import { rtpproxyParams } from './params.ts'
import { rtpproxyRpc } from './rpc.ts'
import { probe } from './select-node.ts'
import { force } from './session.ts'
import { noteOf, refuse, type RtpProxy } from './state.ts'

const flags = arg.optional(arg.str('flags', 'Letters: 1 2 3 which Via, a r i e f l c o x w z b t.'))
const address = arg.optional(arg.str('address', 'Address in place of what the proxy says.'))

/** An answer in a request is that of an ACK. */
const forcing = (isOffer: boolean, summary: string): FunctionDef<RtpProxy> => fn({
  summary,
  returns: { 1: 'done', [-1]: 'cannot', [-2]: 'a proxy is at work already', [-3]: 'no proxy answers' },
  routes: 'any',
  args: [flags, address],
  mayWait: true,
  run(context, state: RtpProxy, letters, ip) {
    if (!isOffer && context.message.isRequest && context.message.method !== 'ACK') return -1
    return force(state, context, { flags: letters ?? '', isOffer, address: ip })
  },
})

const asking = (summary: string, run: (state: RtpProxy, context: RouteContext) => Promise<number>): FunctionDef<RtpProxy> =>
  fn({ summary, routes: 'any', args: [], mayWait: true, run: (context, state: RtpProxy) => run(state, context) })

const playing = (isForCaller: boolean): FunctionDef<RtpProxy> => fn({
  summary: `Plays a prompt to the ${isForCaller ? 'caller' : 'called'}.`,
  routes: 'any',
  args: [arg.str('prompt', 'File of the proxy.'), arg.constant('count', 'How often; -1 for ever.')],
  mayWait: true,
  run: (context, state: RtpProxy, prompt, count) => play(state, context, prompt, count, isForCaller),
})

/** A set by number, or by a variable that holds one. */
const setArgument = arg.custom<number | VariableHandle>('set', 'Number of the set, or a variable with it.', (text, env) => {
  if (/^-?[0-9]+$/.test(text)) return { fixed: Number(text) }
  const found = text.startsWith('$') ? env.variable(text) : `${text} is no number`
  return typeof found === 'string' ? found : { fixed: found }
})

function chooseSet(state: RtpProxy, context: RouteContext, chosen: number | VariableHandle): number {
  const id = typeof chosen === 'number' ? chosen : chosen.get(context)
  if (typeof id !== 'number') return refuse(state, 'pv param must hold an integer value')
  const set = state.sets.byId(id)
  if (set === undefined) return refuse(state, `could not locate rtpproxy set ${id}`)
  noteOf(context.message).set = set
  return 1
}

const figures = variable<RtpProxy>(
  'Figures of the call; the proxy is asked each time.',
  ({ message }) => noteOf(message).statistics ?? null,
  { fetch: (context, state) => query(state, context), print: ({ message }) => noteOf(message).statistics ?? noteOf(message).unasked },
)

export default defineModule({
  name: 'rtpproxy',
  summary: 'Lets media go through RTPproxy.',
  area: 'media',
  params: rtpproxyParams,
  setup(host, params): RtpProxy | SetupError {
    const sets = new ProxySets()
    for (const written of params.db_url === '' ? params.rtpproxy_sock : []) {
      const failure = sets.addWritten(String(written))
      if (failure !== undefined) return new SetupError(`rtpproxy_sock: ${failure}`)
    }
    const control = new Control(host, { timeoutMs: params.rtpproxy_tout * 1000, attempts: params.rtpproxy_retr })
    return {
      host, params, sets, control, namedSets: new Set(), probing: undefined,
      tm: undefined, extraId: undefined, instance: undefined, icePriority: undefined,
    }
  },
  start: (state, host) => begin(state, host),
  stop: ({ control }) => control.close(),
  functions: {
    set_rtp_proxy_set: fn({
      summary: 'Chooses the set of proxies for this message.',
      routes: 'any',
      args: [setArgument],
      atStart: (state: RtpProxy, id) => {
        if (typeof id === 'number') state.namedSets.add(id)
      },
      run: (context, state: RtpProxy, chosen) => chooseSet(state, context, chosen),
    }),
    rtpproxy_offer: forcing(true, 'Lets the media of an offer go through a proxy.'),
    rtpproxy_answer: forcing(false, 'Lets the media of an answer go through the proxy of the offer.'),
    rtpproxy_manage: fn({
      summary: 'Offer, answer or end, as the message is one.',
      routes: 'any',
      args: [flags, address],
      mayWait: true,
      run: (context, state: RtpProxy, letters, ip) => manage(state, context, letters ?? '', ip),
    }),
    rtpproxy_destroy: {
      summary: 'The call is over for the proxy.',
      aliases: ['unforce_rtp_proxy'],
      forms: [
        form({
          routes: 'any', args: [flags], mayWait: true,
          run: (context, state: RtpProxy, letters) => destroy(state, context, letters ?? ''),
        }),
      ],
    },
    start_recording: asking('Lets the proxy record the call.', startRecording),
    rtpproxy_stream2uac: playing(true),
    rtpproxy_stream2uas: playing(false),
    rtpproxy_stop_stream2uac: asking('Ends the prompt for the caller.', (state, context) => stopPlaying(state, context, true)),
    rtpproxy_stop_stream2uas: asking('Ends the prompt for the called.', (state, context) => stopPlaying(state, context, false)),
  },
  variables: { rtpstat: figures, rtppstat: figures },
  rpc: rtpproxyRpc,
})

async function begin(state: RtpProxy, host: Host): Promise<SetupError | undefined> {
  const { params } = state
  state.tm = host.api(tmApi)
  const failure = prepareVariables(state, host) ?? (params.db_url === '' ? undefined : await readTable(state, host))
  if (failure !== undefined) return new SetupError(failure)
  for (const id of state.namedSets) if (state.sets.byId(id) === undefined) return new SetupError(`rtpp_proxy set ${id} not configured`)
  const nodes = state.sets.all.flatMap((set) => set.nodes)
  for (const node of nodes) {
    const refused = await state.control.open(node)
    if (refused !== undefined) return new SetupError(`${node.url}: ${refused}`)
  }
  // The server takes calls meanwhile: those that need a proxy wait for the answer.
  state.probing = Promise.all(nodes.map(async (node) => {
    node.isDisabled = !await probe(state, node, true)
  })).then(() => {
    state.probing = undefined
  })
  return undefined
}

function prepareVariables(state: RtpProxy, host: Host): string | undefined {
  const { extra_id_pv, rtp_inst_pvar, ice_candidate_priority_avp } = state.params
  if (extra_id_pv !== '') {
    const format = host.prepare.format(extra_id_pv)
    if (typeof format === 'string') return `extra_id_pv: ${format}`
    state.extraId = format
  }
  if (rtp_inst_pvar !== '') {
    const instance = /^\$(avp|xavp|var)\(/.test(rtp_inst_pvar) ? host.prepare.variable(rtp_inst_pvar) : 'Invalid pvar name'
    if (typeof instance === 'string') return `rtp_inst_pvar: ${instance}`
    state.instance = instance
  }
  if (ice_candidate_priority_avp !== '') {
    const avp = ice_candidate_priority_avp.startsWith('$avp(') ? host.prepare.variable(ice_candidate_priority_avp) : 'it is no AVP'
    if (typeof avp === 'string') return `ice_candidate_priority_avp: ${avp}`
    state.icePriority = avp
  }
  return undefined
}

/** setid, url, weight and flags (1 is off). */
async function readTable(state: RtpProxy, host: Host): Promise<string | undefined> {
  const { db_url, table_name } = state.params
  const database = host.databases.open(db_url)
  if (typeof database === 'string') return database
  const answer = await database.connect() ?? await database.select({ table: table_name, columns: ['setid', 'url', 'weight', 'flags'] })
  if (isDbError(answer)) return answer.reason
  for (const [id, url, weight, off] of answer.rows) {
    state.sets.add(Number(id), String(url), Number(weight ?? 1), (Number(off ?? 0) & 1) !== 0)
  }
  return undefined
}
