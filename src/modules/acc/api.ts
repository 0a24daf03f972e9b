import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { AccRecord } from './record.ts'

export type { AccRecord } from './record.ts'

/** A module that keeps records in its own way, beside log and database. */
export interface AccEngine {
  readonly name: string
  /** Flags of the transactions it is for; -1 for none. */
  readonly accountFlag: number
  readonly missedFlag: number
  account(context: RouteContext, record: AccRecord, kind: 'answered' | 'missed' | 'acknowledged'): void
}

/** Accounting on behalf of other modules. The comment is `404 Not Found` or any text; below 0 when it failed. */
export interface AccApi {
  logRequest(context: RouteContext, comment: string): number
  databaseRequest(context: RouteContext, comment: string, table: string): number | Promise<number>
  /** Log, and database where one is used. */
  request(context: RouteContext, comment: string, table: string): number | Promise<number>
  register(engine: AccEngine): void
}

export const accApi = apiKey<AccApi>('acc')
