/** Kamailio's queries as SQL with placeholders: what differs between databases is in the dialect. */
import type { DbCell, DbCondition, DbSelect, DbWrite, OnDuplicate } from '../database.ts'

export interface SqlDialect {
  /** A name in quotes. */
  quote(name: string): string
  /** `insert` as it begins, and what stands behind its values. */
  insert(onDuplicate: OnDuplicate, columns: readonly string[], key: readonly string[]): { readonly verb: string; readonly suffix: string }
}

/** A statement, and what stands for its `?`, in order. */
export interface BoundSql {
  readonly sql: string
  readonly cells: readonly DbCell[]
}

export function selectSql({ table, columns, where = [], orderBy }: DbSelect, dialect: SqlDialect): BoundSql {
  const names = columns.map((column) => quoted(typeof column === 'string' ? column : column.name, dialect))
  const order = orderBy === undefined || orderBy === '' ? '' : ` ORDER BY ${orderText(orderBy, dialect)}`
  const condition = conditionSql(where, dialect)
  return {
    sql: `SELECT ${names.length === 0 ? '*' : names.join(', ')} FROM ${quoted(table, dialect)}${condition.sql}${order}`,
    cells: condition.cells,
  }
}

export function writeSql(statement: DbWrite, dialect: SqlDialect): BoundSql {
  const table = quoted(statement.table, dialect)
  switch (statement.kind) {
    case 'insert': {
      const columns = statement.cells.map(({ column }) => quoted(column, dialect))
      const key = (statement.key ?? []).map((column) => quoted(column, dialect))
      const { verb, suffix } = dialect.insert(statement.onDuplicate ?? 'fail', columns, key)
      const marks = statement.cells.map(() => '?').join(', ')
      return { sql: `${verb} INTO ${table} (${columns.join(', ')}) VALUES (${marks})${suffix}`, cells: statement.cells }
    }
    case 'update': {
      const condition = conditionSql(statement.where, dialect)
      const changes = statement.cells.map(({ column }) => `${quoted(column, dialect)} = ?`).join(', ')
      return { sql: `UPDATE ${table} SET ${changes}${condition.sql}`, cells: [...statement.cells, ...condition.cells] }
    }
    case 'delete': {
      const condition = conditionSql(statement.where, dialect)
      return { sql: `DELETE FROM ${table}${condition.sql}`, cells: condition.cells }
    }
  }
}

function conditionSql(where: readonly DbCondition[], dialect: SqlDialect): BoundSql {
  if (where.length === 0) return { sql: '', cells: [] }
  const parts = where.map(({ column, operator = '=', value }) => {
    const name = quoted(column, dialect)
    if (value === null) return operator === '!=' ? `${name} IS NOT NULL` : `${name} IS NULL`
    return `${name} ${operator === '!=' ? '<>' : operator} ?`
  })
  return { sql: ` WHERE ${parts.join(' AND ')}`, cells: where.filter(({ value }) => value !== null) }
}

/** `schema.table` are two names. */
function quoted(name: string, dialect: SqlDialect): string {
  return name.split('.').map((part) => dialect.quote(part)).join('.')
}

/** Columns, each with ` DESC` or ` ASC` behind it, or without. */
function orderText(orderBy: string, dialect: SqlDialect): string {
  return orderBy.split(',').map((part) => {
    const [, name = '', direction = ''] = /^\s*(\S+?)(?:\s+(asc|desc))?\s*$/i.exec(part) ?? ['', part.trim()]
    return direction === '' ? quoted(name, dialect) : `${quoted(name, dialect)} ${direction.toUpperCase()}`
  }).join(', ')
}
