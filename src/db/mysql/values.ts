/** Values between MySQL and the server, in the types that Kamailio's db_mysql gives. */
import { isUtf8 } from 'node:buffer'
import type { DbCell, DbType, DbValue } from '../database.ts'
import { fromDateText, toDateText } from '../date-text.ts'

/** Numbers of the protocol's column types. */
const types: Readonly<Record<number, DbType>> = {
  1: 'int', 2: 'int', 3: 'int', 9: 'int', 8: 'bigint', 4: 'double', 5: 'double', 7: 'datetime', 12: 'datetime',
  249: 'blob', 250: 'blob', 251: 'blob', 252: 'blob', 248: 'bitmap',
}

export const columnType = (type: number | undefined): DbType => types[type ?? 0] ?? 'string'

/** A value as the library gives it: texts as bytes, large and decimal numbers and dates as texts. */
export function fromMysql(value: unknown, type: DbType): DbValue {
  if (value === null || value === undefined) return null
  const text = Buffer.isBuffer(value) ? value.toString('latin1') : String(value)
  switch (type) {
    case 'int':
    case 'bitmap':
      return Number.parseInt(text, 10) || 0
    case 'bigint':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text
    case 'double':
      return Number(text)
    case 'datetime':
      return fromDateText(text) ?? 0
    default:
      return text
  }
}

/** As it is bound: texts as UTF-8, or as the bytes they are. */
export function toMysql({ value, type }: DbCell, serverTimezone: boolean): string | number | Buffer | null {
  if (value === null) return null
  if (type === 'datetime' && typeof value === 'number') return serverTimezone ? String(value) : toDateText(value)
  // As a number the library would send a double, which LIMIT and large keys do not take.
  if (typeof value === 'number') return String(value)
  const bytes = Buffer.from(value, 'latin1')
  return type !== 'blob' && isUtf8(bytes) ? bytes.toString('utf8') : bytes
}
