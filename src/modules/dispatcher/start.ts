/** What happens when the server starts: the list is read, and the timers begin. */
import { connectDatabase } from '../../db/connect.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import { SetupError, type VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { every } from '../../runtime/timer-process.ts'
import { tmApi } from '../tm/api.ts'
import { forgetExpired } from './call-loads.ts'
import { extraColumns, loadSets } from './load.ts'
import { lookUp } from './names.ts'
import { DnsMode, Option } from './params.ts'
import { ALPHA, pingAll } from './ping.ts'
import { socketOf } from './sockets.ts'
import type { Dispatcher } from './state.ts'

const TABLE_VERSIONS = [1, 2, 3, 4]
const DNS_INTERVAL_S = 600

export async function startDispatcher(state: Dispatcher, host: Host): Promise<SetupError | undefined> {
  const { params } = state
  const alpha = params.ds_latency_estimator_alpha
  if (alpha < 0 || alpha > 1000) {
    host.log.error('dispatcher', `invalid ds_latency_estimator_alpha must be between 0 and 1000, using default[${ALPHA.toFixed(3)}]`)
  }
  if ((params.flags & Option.failover) !== 0 && params.xavp_dst === '') {
    host.log.warning('dispatcher', 'failover functions used, but required XAVP parameters are NULL -- feature disabled')
  }
  const problem = prepareVariables(state, host)
  if (problem !== undefined) return new SetupError(problem)
  const socket = socketOf(state, { sockname: params.ds_default_sockname, socket: params.ds_default_socket })
  if (socket === 'none') return new SetupError('the default socket is none of this server')
  state.defaultSocket = socket
  if (params.db_url !== '') {
    const failed = await openDatabase(state, host)
    if (failed !== undefined) return new SetupError(failed)
  }
  if (!(await loadSets(state, false))) {
    return new SetupError(params.db_url === '' ? 'no dispatching list loaded from file' : 'could not initiate a connect to the database')
  }
  return startTimers(state, host)
}

function prepareVariables(state: Dispatcher, host: Host): string | undefined {
  const { hash_pvar, setid_pvname, attrs_pvname } = state.params
  if (hash_pvar !== '') {
    const text = host.prepare.format(hash_pvar)
    if (typeof text === 'string') return `malformed PV string: ${hash_pvar}: ${text}`
    state.hashText = text
  }
  if (setid_pvname !== '') {
    const variable = host.prepare.variable(setid_pvname)
    if (typeof variable === 'string' || !isWritable(variable)) return `[${setid_pvname}]- invalid setid_pvname`
    state.setIdVariable = variable
  }
  if (attrs_pvname !== '') {
    const variable = host.prepare.variable(attrs_pvname)
    if (typeof variable === 'string' || !isWritable(variable)) return `[${attrs_pvname}]- invalid attrs_pvname`
    state.attributesVariable = variable
  }
  return undefined
}

const isWritable = (variable: VariableHandle): boolean => !('writable' in variable) || variable.writable === true

async function openDatabase(state: Dispatcher, host: Host): Promise<string | undefined> {
  const { params } = state
  if (extraColumns(params.ds_db_extra_attrs) === undefined) return 'failed to parse extra attrs parameter'
  const database = await connectDatabase(host.databases, params.db_url)
  if (typeof database === 'string') return database
  const failed = await checkTableVersion(database, params.table_name, TABLE_VERSIONS)
  if (failed === undefined) state.database = database
  return failed
}

function startTimers(state: Dispatcher, host: Host): SetupError | undefined {
  const { params, stops } = state
  const { clock } = host
  if (params.ds_ping_interval > 0) {
    const tm = host.api(tmApi)
    if (tm === undefined) return new SetupError('ds_ping_interval needs module tm')
    stops.push(every(clock, params.ds_ping_interval * 1000, () => pingAll(state, tm)))
  }
  if (state.loads !== undefined && params.ds_hash_check_interval > 0) {
    stops.push(every(clock, params.ds_hash_check_interval * 1000, () => forgetExpired(state)))
  }
  if ((params.ds_dns_mode & DnsMode.timer) !== 0) {
    if (params.ds_dns_interval <= 0) host.log.warning('dispatcher', `dns interval parameter not set - using ${DNS_INTERVAL_S}`)
    const seconds = params.ds_dns_interval > 0 ? params.ds_dns_interval : DNS_INTERVAL_S
    stops.push(every(clock, seconds * 1000, () => lookUpAll(state)))
  }
  return undefined
}

/** Names that are found no more stay where they were. */
async function lookUpAll(state: Dispatcher): Promise<void> {
  for (const set of state.sets?.all ?? []) {
    for (const destination of set.destinations) {
      if (await lookUp(state, destination)) {
        destination.lookedUpAtMs = state.host.clock.now()
        continue
      }
      state.host.log.error('dispatcher', `could not resolve ${destination.host} (skipping)`)
    }
  }
}
