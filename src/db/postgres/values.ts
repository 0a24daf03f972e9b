/** Values between PostgreSQL and the server, in the types that Kamailio's db_postgres gives. */
import type { DbCell, DbType, DbValue } from '../database.ts'
import { fromDateText, toDateText } from '../date-text.ts'

/** By the number of a type in pg_type. */
const types: Readonly<Record<number, DbType>> = {
  16: 'string', 17: 'blob', 18: 'string', 19: 'string', 20: 'bigint', 21: 'int', 23: 'int', 25: 'blob', 26: 'bigint',
  700: 'double', 701: 'double',
  1082: 'datetime', 1114: 'datetime', 1184: 'datetime', 1560: 'bitmap', 1562: 'bitmap', 1700: 'double',
}
const BYTEA = 17
const TIMESTAMP_WITH_ZONE = 1184

export const columnType = (oid: number): DbType => types[oid] ?? 'string'

/** A value as PostgreSQL writes it. */
export function fromPostgres(value: unknown, type: DbType, oid: number): DbValue {
  if (value === null || value === undefined) return null
  const text = String(value)
  switch (type) {
    case 'int':
      return Number.parseInt(text, 10) || 0
    case 'bitmap':
      return Number.parseInt(text, 2) || 0
    case 'bigint':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text
    case 'double':
      return Number(text)
    case 'datetime':
      return oid === TIMESTAMP_WITH_ZONE ? Math.floor(Date.parse(text.replace(/([+-]\d\d)$/, '$1:00')) / 1000) : fromDateText(text) ?? 0
    default:
      if (oid === BYTEA && text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex').toString('latin1')
      return Buffer.from(text, 'utf8').toString('latin1')
  }
}

/** As it is bound: always a text whose type the server finds, or bytes. */
export function toPostgres({ value, type }: DbCell): string | Buffer | null {
  if (value === null) return null
  if (type === 'datetime' && typeof value === 'number') return toDateText(value)
  if (typeof value === 'number') return String(value)
  const bytes = Buffer.from(value, 'latin1')
  return type === 'blob' ? bytes : bytes.toString('utf8')
}
