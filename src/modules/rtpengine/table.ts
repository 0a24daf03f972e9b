/** Engines from the database. */
import { connectDatabase } from '../../db/connect.ts'
import { isDbError } from '../../db/database.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import { RpcFault, type RpcAnswer } from '../../define/define.ts'
import { FOR_EVER } from './node.ts'
import { fail, type RtpEngine } from './state.ts'

const TABLE_VERSION = 1
/** Seconds between two reloads. */
const RELOAD_S = 10

/** Engines that are not in the table any more are hidden; a text says why it cannot be read. */
export async function readTable(state: RtpEngine): Promise<string | undefined> {
  const { host, params, sets } = state
  const database = await connectDatabase(host.databases, params.db_url)
  if (typeof database === 'string') return database
  const { table_name, setid_col, url_col, weight_col, disabled_col } = params
  const wrong = await checkTableVersion(database, table_name, TABLE_VERSION)
  if (wrong !== undefined) return wrong
  const answer = await database.select({ table: table_name, columns: [setid_col, url_col, weight_col, disabled_col] })
  if (isDbError(answer)) return answer.reason
  sets.unlist()
  if (answer.rows.length === 0) host.log.warning('rtpengine', 'No rtpengine instances in database')
  for (const [setId, url, weight, disabled] of answer.rows) {
    const isDisabled = Number(disabled ?? 0) !== 0
    const state = { weight: Number(weight ?? 1) >>> 0, isDisabled, recheckAt: isDisabled ? FOR_EVER : 0 }
    // A column holds one URL, whatever stands around it.
    const [word] = String(url ?? '').trim().split(/\s+/)
    const set = sets.open(Number(setId ?? 0))
    if (word !== undefined && word !== '') sets.add(set, word, state)
  }
  return undefined
}

export async function reload(state: RtpEngine): Promise<RpcAnswer> {
  const { host, params, control, sets } = state
  if (params.db_url === '') return new RpcFault(500, 'No Database URL')
  const now = Math.floor(host.clock.now() / 1000)
  if (now - state.reloadedAt < RELOAD_S) return new RpcFault(500, 'Too short reload interval - try later')
  state.reloadedAt = now
  const wrong = await readTable(state)
  if (wrong !== undefined) {
    fail(state, wrong)
    return new RpcFault(500, 'Failed reloading db')
  }
  control.keep(new Set(sets.nodes))
  state.reloadedAt = Math.floor(host.clock.now() / 1000)
  state.asksOnCommand = true
  return ['Ok. Reload successful.']
}
