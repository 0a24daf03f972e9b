/** Records as rows of a table. */
import type { DbCell } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { extraValues, legValues, type Named } from './extra.ts'
import { formattedTime, microseconds } from './log-record.ts'
import type { AccRecord } from './record.ts'
import type { Acc } from './state.ts'

/** The rows of a record: one, or one for each leg of the call. */
export function rowsOf(acc: Acc, context: RouteContext, record: AccRecord): readonly (readonly DbCell[])[] {
  const { params } = acc
  const cells: readonly DbCell[] = [
    { column: params.acc_method_column, value: record.method },
    { column: params.acc_from_tag_column, value: record.fromTag },
    { column: params.acc_to_tag_column, value: record.toTag },
    { column: params.acc_callid_column, value: record.callId },
    { column: params.acc_sip_code_column, value: record.code },
    { column: params.acc_sip_reason_column, value: record.reason },
    { column: params.acc_time_column, value: Math.floor(record.atMs / 1000), type: 'datetime' },
    ...timeCells(acc, record),
    ...named(acc, extraValues(context, acc.dbExtra)),
  ]
  const legs = legValues(context, acc.legs)
  return legs.length === 0 ? [cells] : legs.map((leg) => [...cells, ...named(acc, leg)])
}

function named({ params }: Acc, values: readonly Named[]): readonly DbCell[] {
  return values.map(([column, value]) => ({ column, value: value ?? (params.acc_extra_nullable === 1 ? null : '') }))
}

function timeCells({ params }: Acc, { atMs }: AccRecord): readonly DbCell[] {
  const { time_attr, time_exten, time_mode, time_format } = params
  switch (time_mode) {
    case 1:
      return [{ column: time_attr, value: Math.floor(atMs / 1000) }, { column: time_exten, value: microseconds(atMs) }]
    case 2:
      return [{ column: time_attr, value: atMs / 1000, type: 'double' }]
    case 3:
    case 4:
      return [{ column: time_attr, value: formattedTime(time_format, time_mode, atMs) }]
    default:
      return []
  }
}

/** Writes the rows; nobody waits. False when there is no database or no room. */
export function keepRows(acc: Acc, context: RouteContext, table: string, record: AccRecord): boolean {
  const { rows } = acc
  if (rows === undefined) return false
  let isTaken = true
  for (const cells of rowsOf(acc, context, record)) isTaken = rows.add(table, cells) && isTaken
  return isTaken
}

/** Writes the rows and tells what came of it: 1, or -1 when one was refused. */
export function writeRows(acc: Acc, context: RouteContext, table: string, record: AccRecord): number | Promise<number> {
  const { rows } = acc
  if (rows === undefined) return -1
  const written = rowsOf(acc, context, record).map((cells) => rows.write(table, cells))
  if (written.every((result) => typeof result === 'boolean')) return written.every(Boolean) ? 1 : -1
  return Promise.all(written).then((results) => (results.every(Boolean) ? 1 : -1))
}
