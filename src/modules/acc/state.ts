import type { FormatText, ParamValues } from '../../define/define.ts'
import type { LogLevel } from '../../base/log.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { TmApi } from '../tm/api.ts'
import type { RrApi } from '../rr/api.ts'
import type { AccEngine } from './api.ts'
import type { Extra, LegValue } from './extra.ts'
import type { accParams } from './params.ts'
import type { RowQueue } from './row-queue.ts'

export interface Acc {
  readonly host: Host
  readonly params: ParamValues<typeof accParams>
  readonly level: LogLevel
  readonly facility: string | undefined
  /** Statuses of failures that are not accounted. */
  readonly failedFilter: ReadonlySet<number>
  /** Modules that keep records in their own way. */
  readonly engines: AccEngine[]
  /** Records of replies made here have their To tag from the first missed call on, as in Kamailio. */
  showsLocalTags: boolean
  // From `start` on.
  tm: TmApi | undefined
  rr: RrApi | undefined
  logExtra: readonly Extra[]
  dbExtra: readonly Extra[]
  legs: readonly LegValue[]
  rows: RowQueue | undefined
  accTable: TableName
  missedTable: TableName
}

/** A name, or one with variables in it. */
export type TableName = string | FormatText

/** Kamailio's bound. */
const TABLE_BYTES_MAX = 63

/** Undefined, with a line in the log, when the name is too long. */
export function tableOf(acc: Acc, context: RouteContext, name: TableName): string | undefined {
  const table = typeof name === 'string' ? name : name.evaluate(context)
  if (table.length <= TABLE_BYTES_MAX) return table
  acc.host.log.error('acc', `acc db table name too big [${table}] max ${TABLE_BYTES_MAX + 1}`)
  return undefined
}
