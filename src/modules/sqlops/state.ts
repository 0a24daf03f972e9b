import type { Host } from '../../runtime/host.ts'
import type { Worker } from '../../runtime/context.ts'
import { SetupError } from '../../define/define.ts'
import { openConnections, readConnections, type Connection } from './connections.ts'
import { Results } from './results.ts'

export interface SqlOpsParams {
  readonly sqlcon: readonly (string | number)[]
  readonly sqlres: readonly (string | number)[]
  readonly tr_buf_size: number
  readonly connect_mode: number
  readonly results_maxsize: number
}

export class SqlOps {
  readonly host: Host
  readonly params: SqlOpsParams
  readonly connections: ReadonlyMap<string, Connection>
  readonly results: Results
  /** Rows that the last query of a worker changed, by connection (`$sqlrows`). */
  readonly affectedRows = new WeakMap<Worker, Map<string, number>>()

  constructor(host: Host, params: SqlOpsParams, connections: ReadonlyMap<string, Connection>) {
    this.host = host
    this.params = params
    this.connections = connections
    this.results = new Results(params.results_maxsize)
  }
}

export function setUp(host: Host, params: SqlOpsParams): SqlOps | SetupError {
  const connections = readConnections(params.sqlcon.map(String))
  if (typeof connections === 'string') return new SetupError(connections)
  if (params.tr_buf_size <= 0) return new SetupError(`invalid buffer size: ${params.tr_buf_size}`)
  const state = new SqlOps(host, params, connections)
  const refused = params.sqlres.map(String).find((name) => !state.results.define(name))
  return refused === undefined ? state : new SetupError(`invalid result container [${refused}]: see results_maxsize`)
}

export async function start(state: SqlOps): Promise<void | SetupError> {
  const failure = await openConnections(state.host, state.connections.values(), state.params.connect_mode !== 1)
  if (failure !== undefined) return new SetupError(failure)
}
