/** acc_log_request(), acc_db_request(), acc_request(): records that the script asks for. */
import type { RouteContext } from '../../runtime/context.ts'
import { writeRows } from './db-record.ts'
import { logRecord } from './log-record.ts'
import { outcomeOf, recordOf } from './record.ts'
import { tableOf, type Acc, type TableName } from './state.ts'

export function accountInLog(acc: Acc, context: RouteContext, comment: string): number {
  const record = recordOf(context, context.message, outcomeOf(comment))
  return record === undefined ? -1 : logRecord(acc, context, 'request accounted', record)
}

export function accountInDatabase(acc: Acc, context: RouteContext, comment: string, name: TableName): number | Promise<number> {
  if (acc.rows === undefined) return refuse(acc, 'db support not configured')
  const record = recordOf(context, context.message, outcomeOf(comment))
  if (record === undefined) return -1
  const table = tableOf(acc, context, name)
  return table === undefined ? refuse(acc, 'cannot set table name') : writeRows(acc, context, table, record)
}

/** Log, and database where one is used; a comment that another module or a variable gave may hold no variable itself. */
export function accountInBoth(acc: Acc, context: RouteContext, comment: string, name: TableName): number | Promise<number> {
  if (comment === '') return refuse(acc, 'invalid parameters', 'failed execution')
  if (comment.includes('$')) return refuse(acc, 'cfg variable detected - not supported', 'failed execution')
  const record = recordOf(context, context.message, outcomeOf(comment))
  if (record === undefined) return -1
  const table = tableOf(acc, context, name)
  if (table === undefined) return refuse(acc, 'cannot set table name')
  logRecord(acc, context, 'request accounted', record)
  if (acc.rows === undefined) return 1
  const ended = (result: number): number => {
    if (result < 0) refuse(acc, 'acc db request failed')
    return result
  }
  const written = writeRows(acc, context, table, record)
  return typeof written === 'number' ? ended(written) : written.then(ended)
}

function refuse({ host }: Acc, ...reasons: readonly string[]): number {
  for (const reason of reasons) host.log.error('acc', reason)
  return -1
}
