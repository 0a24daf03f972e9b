/** Values of a database as values of the script. */
import type { DbType, DbValue } from '../db/database.ts'
import type { PvValue } from '../define/value.ts'

/** Whole numbers beyond 32 bits are texts, and doubles are no value, as in Kamailio. */
export function pvOfDb(value: DbValue, type: DbType): PvValue {
  if (typeof value !== 'number') return value
  if (type === 'double') return null
  return value >= -0x8000_0000 && value <= 0xffff_ffff ? value | 0 : String(value)
}
