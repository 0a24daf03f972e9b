/** Types of a table's columns: from Kamailio's files (`schema_path`), else from our own list. */
import type { DbCell, DbType, DbValue } from '../database.ts'
import { fromDateText, toDateText } from '../date-text.ts'
import type { SchemaType } from '../schema/notation.ts'
import { schemaTables } from '../schema/schema.ts'

export interface TableSchema {
  readonly version: number
  readonly columns: ReadonlyMap<string, DbType>
}

const fileTypes: Readonly<Record<string, DbType>> = {
  int: 'int', uint: 'int', bigint: 'bigint', ubigint: 'bigint', string: 'string', str: 'string', double: 'double', blob: 'blob',
  bitmap: 'bitmap',
  time: 'datetime', timestamp: 'datetime', datetime: 'datetime',
}
const ownTypes: Partial<Readonly<Record<SchemaType, DbType>>> = {
  serial: 'int', int: 'int', smallint: 'int', tinyint: 'int', bigint: 'bigint', datetime: 'datetime', float: 'double',
}

/** `readFile` gives a file of the folder `schema_path`. */
export function tableSchema(table: string, readFile: (name: string) => string | undefined): TableSchema | undefined {
  const file = /^\w+$/.test(table) ? readFile(table) : undefined
  if (file !== undefined) return fromFile(file)
  const own = schemaTables.find(({ name }) => name === table)
  if (own === undefined) return undefined
  return { version: own.version, columns: new Map(own.columns.map(({ name, type }) => [name, ownTypes[type] ?? 'string'])) }
}

function fromFile(text: string): TableSchema {
  const [line = '', version = ''] = text.split('\n')
  const columns = line.split(',').map((part) => part.trim().split('/')).filter(([name]) => name !== '')
  return {
    version: Number.parseInt(version, 10) || 0,
    columns: new Map(columns.map(([name = '', type = '']) => [name, fileTypes[type] ?? 'string'])),
  }
}

/** As Kamailio writes a value; undefined for null, which is not written. */
export function writtenValue({ value, type }: Omit<DbCell, 'column'>, declared: DbType | undefined): string | undefined {
  if (value === null) return undefined
  if (typeof value === 'string') return value
  switch (type ?? declared) {
    case 'datetime':
      return declared === 'int' || declared === 'bigint' ? String(value) : toDateText(value)
    case 'double':
      return value.toFixed(6)
    case 'bigint':
      return value < 0 ? `-${String(-value).padStart(9, '0')}` : String(value).padStart(10, '0')
    default:
      return String(value)
  }
}

export function readValue(text: string | undefined, type: DbType): DbValue {
  if (text === undefined) return null
  switch (type) {
    case 'int':
    case 'bitmap':
      return Number.parseInt(text, 10) || 0
    case 'bigint':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text
    case 'double':
      return Number(text)
    case 'datetime':
      return /^-?\d+$/.test(text) ? Number(text) : fromDateText(text) ?? 0
    default:
      return text
  }
}
