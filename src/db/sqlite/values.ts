/** Values between SQLite and the server: texts are byte strings there, and types those that Kamailio's db_sqlite gives. */
import { isUtf8 } from 'node:buffer'
import type { DbType, DbValue } from '../database.ts'
import { fromDateText } from '../date-text.ts'
import type { BoundValue } from './protocol.ts'
import type { SqliteValue } from './engine.ts'
import { fromJulianDay, toJulianDay } from './julian-day.ts'

/** Ready to be bound; `asText` when the bytes of a text are no UTF-8, so that it must go as a blob and be cast. */
export interface Bindable {
  readonly value: SqliteValue
  readonly asText: boolean
}

export function toBindable({ value, type }: BoundValue): Bindable {
  if (value === null) return { value, asText: false }
  if (type === 'datetime' && typeof value === 'number') return { value: toJulianDay(value), asText: false }
  if (typeof value === 'number') {
    return { value: type !== 'double' && Number.isSafeInteger(value) ? BigInt(value) : value, asText: false }
  }
  const bytes = Buffer.from(value, 'latin1')
  if (type === 'blob') return { value: bytes, asText: false }
  return isUtf8(bytes) ? { value: bytes.toString('utf8'), asText: false } : { value: bytes, asText: true }
}

/** As db_sqlite reads the type that CREATE TABLE names: by the first of these words in it. */
const DECLARED = /INT|SERI|BIGI|CHAR|CLOB|TEXT|REAL|FLOA|DOUB|BLOB|TIME|DATE/
const declaredTypes: Readonly<Record<string, DbType>> = {
  INT: 'int', SERI: 'int', BIGI: 'bigint', CHAR: 'string', CLOB: 'string', TEXT: 'string', REAL: 'double', FLOA: 'double',
  DOUB: 'double', BLOB: 'blob', TIME: 'datetime', DATE: 'datetime',
}

/** The type of a column: as declared, else as the first row's value. */
export function columnType(declared: string, first: SqliteValue | undefined): DbType {
  if (declared !== '') return declaredTypes[DECLARED.exec(declared.toUpperCase())?.[0] ?? ''] ?? 'int'
  if (typeof first === 'bigint') return 'int'
  if (typeof first === 'number') return 'double'
  return first instanceof Uint8Array ? 'blob' : 'string'
}

export function fromSqlite(value: SqliteValue, type: DbType): DbValue {
  if (value === null) return null
  switch (type) {
    case 'int':
    case 'bitmap':
    case 'bigint':
      return integer(value)
    case 'double':
      return typeof value === 'string' || value instanceof Uint8Array ? Number.parseFloat(bytesOf(value)) || 0 : Number(value)
    case 'datetime':
      return typeof value === 'string' ? fromDateText(value) ?? 0 : fromJulianDay(Number(value))
    default:
      return typeof value === 'string' || value instanceof Uint8Array ? bytesOf(value) : String(value)
  }
}

/** Beyond 53 bits a number's digits are kept as a text. */
function integer(value: SqliteValue): DbValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Math.trunc(value)
  return Number.parseInt(bytesOf(value ?? ''), 10) || 0
}

function bytesOf(value: SqliteValue): string {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value instanceof Uint8Array ? value : [])
  return bytes.toString('latin1')
}
