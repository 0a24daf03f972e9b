/** A table as the statements that make it, for each kind of database that takes SQL. */
import type { SchemaColumn, SchemaKey, SchemaTable, SchemaType } from './notation.ts'

export type SqlKind = 'mysql' | 'postgres' | 'sqlite'

const standardTypes: Readonly<Record<SchemaType, string>> = {
  serial: 'INTEGER', int: 'INTEGER', smallint: 'SMALLINT', tinyint: 'SMALLINT', bigint: 'BIGINT', varchar: 'VARCHAR', char: 'CHAR',
  datetime: 'TIMESTAMP WITHOUT TIME ZONE', float: 'REAL', text: 'TEXT', mediumtext: 'TEXT', blob: 'BLOB', mediumblob: 'BLOB',
}
const sized: ReadonlySet<SchemaType> = new Set(['varchar', 'char'])

function columnType({ type, size, isUnsigned }: SchemaColumn, kind: SqlKind): string {
  if (kind !== 'mysql') {
    if (type === 'blob' || type === 'mediumblob') return kind === 'postgres' ? 'BYTEA' : 'BLOB'
    return standardTypes[type] + (sized.has(type) ? `(${size})` : '')
  }
  return `${type.toUpperCase()}${size === '' ? '' : `(${size})`}${isUnsigned ? ' UNSIGNED' : ''}`
}

function columnSql(column: SchemaColumn, kind: SqlKind): string {
  const name = kind === 'mysql' ? `\`${column.name}\`` : `"${column.name}"`
  if (column.type === 'serial') {
    const serial = { mysql: 'INT(10) UNSIGNED AUTO_INCREMENT', postgres: 'SERIAL', sqlite: 'INTEGER' }
    return `${name} ${serial[kind]} PRIMARY KEY NOT NULL`
  }
  const initial = column.initial === undefined ? '' : ` DEFAULT ${column.initial}`
  return `${name} ${columnType(column, kind)}${initial}${column.mayBeNull ? '' : ' NOT NULL'}`
}

/** Names of keys are of the whole database but for MySQL, so the table's name stands in front. */
function keySql({ name, columns, isUnique }: SchemaKey, table: string, kind: SqlKind): string {
  const list = columns.map((column) => (kind === 'mysql' ? `\`${column}\`` : `"${column}"`)).join(', ')
  const full = kind === 'mysql' ? name : `${table}_${name}`
  return isUnique ? `CONSTRAINT ${full} UNIQUE (${list})` : `CREATE INDEX ${full} ON ${table} (${list})`
}

export function createTableSql(table: SchemaTable, kind: SqlKind): readonly string[] {
  const columns = table.columns.map((column) => columnSql(column, kind))
  const unique = table.keys.filter(({ isUnique }) => isUnique).map((key) => keySql(key, table.name, kind))
  const indexes = table.keys.filter(({ isUnique }) => !isUnique).map((key) => keySql(key, table.name, kind))
  return [`CREATE TABLE ${table.name} (\n  ${[...columns, ...unique].join(',\n  ')}\n)`, ...indexes]
}
