/** What is prepared when the server starts. */
import { isIP } from 'node:net'
import { SetupError, type VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { tmApi } from '../tm/api.ts'
import { mosReports } from './mos.ts'
import { probe } from './select-node.ts'
import { fail, findNote, noSuchSet, type RtpEngine } from './state.ts'
import { readTable } from './table.ts'

export async function startEngines(state: RtpEngine, host: Host): Promise<SetupError | undefined> {
  state.tm = host.api(tmApi)
  state.tm?.watch({
    requestIn({ message }, transaction) {
      const note = findNote(message)
      if (note !== undefined) state.requests.set(transaction, note.request)
    },
    ackIn: () => undefined,
  })
  const wrong = prepare(state, host) ?? (await readSets(state, host))
  if (wrong !== undefined) return new SetupError(wrong)
  // Calls that need an engine wait for its answer, others come in meanwhile.
  probe(state, state.sets.nodes)
  return undefined
}

async function readSets(state: RtpEngine, host: Host): Promise<string | undefined> {
  const { params, sets } = state
  if (params.db_url !== '') {
    host.log.info('rtpengine', 'Loading rtpengine definitions from DB')
    const wrong = await readTable(state)
    if (wrong !== undefined) return wrong
  }
  for (const id of state.namedSets) if (sets.byId(id) === undefined) return `rtpp_proxy set ${id} not configured`
  if (sets.byId(params.setid_default) !== undefined) return undefined
  fail(state, noSuchSet(state))
  host.log.notice('rtpengine', `Default rtpp set ${params.setid_default >>> 0} NOT found`)
  return undefined
}

function prepare(state: RtpEngine, host: Host): string | undefined {
  const { params } = state
  const { force_send_interface } = params
  if (params.wsapi !== '' && !host.hasModule('lwsc')) return `wsapi ${params.wsapi}: module lwsc is not loaded`
  if (force_send_interface !== '' && isIP(force_send_interface) === 0) return `${force_send_interface} is an unknown address`
  if (params.hash_algo === 1 && !host.hasModule('crypto')) return 'Crypto module required in order to have SHA1 hashing!'
  if (params.extra_id_pv !== '') {
    const format = host.prepare.format(params.extra_id_pv)
    if (typeof format === 'string') return `malformed PV string: ${params.extra_id_pv}: ${format}`
    state.extraId = format
  }
  const reports = mosReports(host, params)
  if (typeof reports === 'string') return reports
  state.mos = reports
  return prepareVariables(state, host)
}

type Target = 'instance' | 'setIdAvp' | 'readSdp' | 'writeSdp' | 'mediaDuration'

/** Parameters that name a variable, and the kinds that may stand there. */
type Named = 'rtp_inst_pvar' | 'setid_avp' | 'read_sdp_pv' | 'write_sdp_pv' | 'media_duration'
const VARIABLES: readonly (readonly [param: Named, key: Target, kinds: RegExp])[] = [
  ['rtp_inst_pvar', 'instance', /^\$\(?(avp|xavp|var)\(/],
  ['setid_avp', 'setIdAvp', /^\$\(?avp\(/],
  ['write_sdp_pv', 'writeSdp', /^\$\(?(avp|var)\(/],
  ['read_sdp_pv', 'readSdp', /^\$\(?(avp|var)\(/],
  ['media_duration', 'mediaDuration', /^\$\(?(avp|var)\(/],
]

function prepareVariables(state: RtpEngine, host: Host): string | undefined {
  for (const [param, key, kinds] of VARIABLES) {
    const text = state.params[param]
    if (text === '') continue
    const variable: VariableHandle | string = kinds.test(text) ? host.prepare.variable(text) : 'none of the kinds that may stand there'
    if (typeof variable === 'string') return `${param}: ${text}: ${variable}`
    state[key] = variable
  }
  return undefined
}
