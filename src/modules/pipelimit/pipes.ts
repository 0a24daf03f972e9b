/** Pipes by name: those of the table, and those that the script makes. */
import { coreHash } from '../../base/core-hash.ts'
import { connectDatabase } from '../../db/connect.ts'
import { isDbError } from '../../db/database.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import { ownText } from '../../base/own-text.ts'
import { param, type ParamValues } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { algorithmOf, Feedback, newPipe, ProcessorLoad, turn, waitingBytes, type Algorithm, type Pipe } from '../ratelimit/api.ts'

export const pipelimitParams = {
  db_url: param.str('', 'Database with pipes; empty for none.'),
  plp_table_name: param.str('pl_pipes', 'Table with the pipes.'),
  plp_pipeid_column: param.str('pipeid', 'Column with the name.'),
  plp_limit_column: param.str('plimit', 'Column with the limit.'),
  plp_algorithm_column: param.str('algorithm', 'Column with the algorithm.'),
  timer_interval: param.int(10, 'Seconds of an interval: limits are for that time.'),
  timer_mode: param.int(0, 'Which timer of Kamailio ends the intervals; changes nothing here.'),
  load_fetch: param.int(1, 'Ask the processors for their load, for FEEDBACK.'),
  reply_code: param.int(503, 'Status of pl_drop().'),
  reply_reason: param.str('Server Unavailable', 'Its reason.'),
  hash_size: param.int(6, 'Order of pl.list: names are sorted by 2 to this power slots.', { min: 0, max: 14 }),
  clean_unused: param.int(0, 'Intervals without a request behind which a pipe is forgotten; 0 for none.'),
}

export interface NamedPipe extends Pipe {
  readonly name: string
  readonly hash: number
  unusedIntervals: number
}

export interface PipeLimit {
  readonly host: Host
  readonly params: ParamValues<typeof pipelimitParams>
  readonly intervalSeconds: number
  readonly pipes: Map<string, NamedPipe>
  readonly feedback: Feedback
  readonly processors: ProcessorLoad
  isPushed: boolean
  stop: () => void
}

/** Limits are for an interval here, not for a second. */
export const PER_INTERVAL = 1
/** Names come from requests: more pipes are refused. */
const PIPES_MAX = 100_000
const TABLE_VERSION = 1
const ROWS_AT_ONCE = 1000

export function setUp(host: Host, params: PipeLimit['params']): PipeLimit {
  return {
    host, params, intervalSeconds: Math.max(params.timer_interval, 1), pipes: new Map(), feedback: new Feedback(),
    processors: new ProcessorLoad(host.files), isPushed: false, stop: () => undefined,
  }
}

/** Makes a pipe; undefined, with a line in the log, when that cannot be. */
export function addPipe(state: PipeLimit, name: string, algorithmName: string, limit: number): NamedPipe | undefined {
  const { host, pipes, feedback } = state
  const algorithm = algorithmOf(algorithmName)
  if (algorithm === undefined) host.log.error('pipelimit', `cannot find algorithm [${algorithmName}].`)
  if (algorithm === undefined || pipes.size >= PIPES_MAX) {
    host.log.error('pipelimit', `failed to add pipe [${name}]`)
    return undefined
  }
  const own = ownText(name)
  const hash = coreHash(own.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()), '', 0)
  const pipe: NamedPipe = { ...newPipe(), algorithm, limit, name: own, hash, unusedIntervals: 0 }
  pipes.set(own, pipe)
  if (algorithm === 'FEEDBACK') feedback.setPoint = limit / 100
  return pipe
}

/** By slot, in a slot by hash; pipes without an algorithm are not shown. */
export function shownPipes({ pipes, params }: PipeLimit): readonly NamedPipe[] {
  const mask = 2 ** params.hash_size - 1
  return [...pipes.values()].filter(({ algorithm }) => algorithm !== 'NOP')
    .sort((one, other) => (one.hash & mask) - (other.hash & mask) || one.hash - other.hash)
}

/** Reads the table; a text says what failed. */
export async function loadPipes(state: PipeLimit): Promise<string | undefined> {
  const { host, params } = state
  if (params.db_url === '') return undefined
  const database = await connectDatabase(host.databases, params.db_url)
  if (typeof database === 'string') return database
  const outdated = await checkTableVersion(database, params.plp_table_name, TABLE_VERSION)
  if (outdated !== undefined) return outdated
  let problem: string | undefined
  const columns = [params.plp_pipeid_column, params.plp_limit_column, params.plp_algorithm_column]
  const count = await database.scan({ table: params.plp_table_name, columns }, ROWS_AT_ONCE, ({ rows }) => {
    for (const [name, limit, algorithm] of rows) {
      if (problem !== undefined || name === null) continue
      if (addPipe(state, String(name), String(algorithm ?? ''), Number(limit)) === undefined) problem = `failed to load pipe [${name}]`
    }
  })
  return isDbError(count) ? `error while querying table ${params.plp_table_name}: ${count.reason}` : problem
}

/** An interval is over. */
export function turnPipes(state: PipeLimit): void {
  const { host, pipes, params, feedback, processors } = state
  const uses = (wanted: Algorithm): boolean => {
    for (const { algorithm } of pipes.values()) if (algorithm === wanted) return true
    return false
  }
  if (params.load_fetch !== 0 && !state.isPushed && uses('FEEDBACK')) {
    const load = processors.read()
    if (load !== undefined) feedback.update(load)
  }
  const waiting = uses('NETWORK') ? waitingBytes(host.files, host.network.sockets) : 0
  for (const pipe of pipes.values()) {
    if (params.clean_unused > 0 && pipe.counter === 0 && pipe.unusedIntervals >= params.clean_unused) {
      pipes.delete(pipe.name)
      continue
    }
    pipe.unusedIntervals = pipe.counter === 0 ? pipe.unusedIntervals + 1 : 0
    turn(pipe, PER_INTERVAL, waiting)
  }
}
