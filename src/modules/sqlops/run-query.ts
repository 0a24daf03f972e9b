/** Sending queries and doing something with their rows. Results are Kamailio's: -1 error, 1 rows, 2 no rows, 3 rows that nobody wanted. */
import { isDbError, type Database, type DbColumn, type DbResult, type DbValue } from '../../db/database.ts'
import type { PvValue, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { XavpTree } from '../../runtime/xavp.ts'
import type { Query } from './arguments.ts'
import { bindQuery, QueryRefusal, type BoundQuery } from './bind-query.ts'
import { reach } from './connections.ts'
import { sqlTexts } from './literal.ts'
import { queryResult, scriptValue, typeAt } from './results.ts'
import type { SqlOps } from './state.ts'

const FAILED = -1
const NO_CONNECTION = -2
const ROWS = 1
const NO_ROWS = 2
const ROWS_UNWANTED = 3
/** As much of a query as is logged. */
const SHOWN_LENGTH = 64

/** Kinds of databases that Kamailio's drivers let work without being waited for. */
const ASYNC_SCHEMES: readonly string[] = ['mysql', 'postgres']

export async function sqlQuery(
  context: RouteContext, state: SqlOps, connection: string, query: Query, result: string | undefined,
): Promise<number> {
  if (result !== undefined) state.results.clear(context, result)
  const answer = await ask(context, state, connection, query)
  if (typeof answer === 'number') return answer
  if (answer.rows.length === 0) return NO_ROWS
  if (result === undefined) return ROWS_UNWANTED
  state.results.set(context, result, queryResult(answer))
  return ROWS
}

export async function sqlXquery(
  context: RouteContext, state: SqlOps, connection: string, query: Query, name: string | undefined,
): Promise<number> {
  const answer = await ask(context, state, connection, query)
  if (typeof answer === 'number') return answer
  if (answer.rows.length === 0) return NO_ROWS
  if (name === undefined) return ROWS_UNWANTED
  for (const row of [...answer.rows].reverse()) {
    const fields = context.xavps.xavp.sibling()
    for (let index = answer.columns.length - 1; index >= 0; index--) addField(fields, answer.columns, row, index)
    context.xavps.xavp.add(name, fields)
  }
  return ROWS
}

function addField(fields: XavpTree, columns: readonly DbColumn[], row: readonly DbValue[], index: number): void {
  const value = row[index] ?? null
  const type = typeAt(columns, index)
  // The only place where a script sees more than 32 bits.
  fields.add(columns[index]?.name ?? '', type === 'bigint' ? value : scriptValue(value, type))
}

export async function sqlPvquery(
  context: RouteContext, state: SqlOps, connection: string, query: Query, variables: readonly VariableHandle[],
): Promise<number> {
  const answer = await ask(context, state, connection, query)
  if (typeof answer === 'number') return answer
  if (answer.rows.length === 0) return NO_ROWS
  for (let row = answer.rows.length - 1; row >= 0; row--) {
    for (let column = 0; column < answer.columns.length; column++) {
      const variable = variables[column]
      if (variable === undefined) return fail(state, `Missing pv spec for column ${column + 1}`)
      const value = assignedValue(state, answer, row, column)
      if (value === null && variable.text.startsWith('$avp')) continue
      if (!variable.set(context, value)) {
        return fail(state, `Failed to convert value for column ${answer.columns[column]?.name ?? ''} (row ${row})`)
      }
    }
  }
  return ROWS
}

function assignedValue(state: SqlOps, { columns, rows }: DbResult, row: number, column: number): PvValue {
  const type = typeAt(columns, column)
  const value = rows[row]?.[column] ?? null
  if (type === 'double' && value !== null) state.host.log.notice('<core>', 'unknown field type: 2, setting value to null')
  return scriptValue(value, type)
}

/** Does not wait for the answer; a failure is in the log. */
export function sqlQueryAsync(context: RouteContext, state: SqlOps, connection: string, query: Query): number {
  const database = state.connections.get(connection)?.database
  if (database === undefined) return fail(state, `invalid connection [${connection}]`)
  if (!ASYNC_SCHEMES.includes(database.scheme)) return fail(state, "the db driver module doesn't support async query")
  const bound = boundFor(context, database, query)
  if (bound instanceof QueryRefusal) return fail(state, bound.reason)
  void database.execute(bound.sql, bound.values).then((answer) => {
    if (isDbError(answer)) logFailure(state, database, bound, answer.reason)
  })
  return ROWS
}

const boundFor = (context: RouteContext, { scheme }: Database, query: Query): BoundQuery | QueryRefusal =>
  bindQuery(query.template(scheme), sqlTexts(scheme), context)

/** The answer, or what the function returns because there is none. */
async function ask(context: RouteContext, state: SqlOps, name: string, query: Query): Promise<DbResult | number> {
  const connection = state.connections.get(name)
  const database = connection?.database
  if (connection === undefined || database === undefined) return fail(state, `invalid connection [${name}]`)
  const bound = boundFor(context, database, query)
  if (bound instanceof QueryRefusal) return fail(state, `cannot do the query: ${bound.reason}`)
  if (!connection.isConnected && await reach(connection) !== undefined) {
    state.host.log.error('sqlops', `failed to connect to the database [${name}]`)
    state.host.log.error('sqlops', 'failed to connect to database')
    state.host.log.error('sqlops', 'invalid connection to database')
    return NO_CONNECTION
  }
  const answer = await database.execute(bound.sql, bound.values)
  const isAnswer = !isDbError(answer)
  noteAffectedRows(context, state, name, isAnswer ? answer.affectedRows : 0)
  if (isAnswer) return answer
  logFailure(state, database, bound, answer.reason)
  return FAILED
}

function noteAffectedRows(context: RouteContext, state: SqlOps, connection: string, count: number): void {
  const counts = state.affectedRows.get(context.worker) ?? new Map<string, number>()
  counts.set(connection, count)
  state.affectedRows.set(context.worker, counts)
}

/** How Kamailio's drivers begin such a line. */
const driverWords: Readonly<Record<string, string>> = { sqlite: 'failed to prepare statement: ', mysql: 'driver error on query: ' }

function logFailure({ host }: SqlOps, { scheme }: Database, { sql }: BoundQuery, reason: string): void {
  host.log.error(`db_${scheme}`, `${driverWords[scheme] ?? ''}${reason}`)
  host.log.error('<core>', 'error while submitting query')
  host.log.error('sqlops', `cannot do the query [${sql.slice(0, SHOWN_LENGTH)}]`)
}

function fail({ host }: SqlOps, reason: string): number {
  host.log.error('sqlops', reason)
  return FAILED
}
