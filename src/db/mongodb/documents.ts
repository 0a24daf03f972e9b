/** Rows as documents: the types of Kamailio's db_mongodb. */
import { Binary, Double, Int32, Long, type Document, type Filter } from 'mongodb'
import type { DbCell, DbColumn, DbColumnName, DbCondition, DbType, DbValue } from '../database.ts'

const operators = { '=': '$eq', '!=': '$ne', '<': '$lt', '<=': '$lte', '>': '$gt', '>=': '$gte' } as const

export function toField({ value, type }: Omit<DbCell, 'column'>): unknown {
  if (value === null) return null
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'latin1')
    return type === 'blob' ? new Binary(bytes) : bytes.toString('utf8')
  }
  if (type === 'datetime') return new Date(value * 1000)
  if (type === 'double') return new Double(value)
  return type === 'bigint' || !Number.isInteger(value) || Math.abs(value) > 0x7fff_ffff ? Long.fromNumber(value) : new Int32(value)
}

export const toDocument = (cells: readonly DbCell[]): Document =>
  Object.fromEntries(cells.map((cell) => [cell.column, toField(cell)]))

/** All of them hold; several on one column as well. */
export function toFilter(where: readonly DbCondition[]): Filter<Document> {
  if (where.length === 0) return {}
  return { $and: where.map((condition) => ({ [condition.column]: { [operators[condition.operator ?? '=']]: toField(condition) } })) }
}

/** `name DESC, id` as MongoDB sorts. */
export function toSort(orderBy: string | undefined): Readonly<Record<string, 1 | -1>> {
  const sort: Record<string, 1 | -1> = {}
  for (const part of (orderBy ?? '').split(',').map((text) => text.trim()).filter((text) => text !== '')) {
    const [name = '', direction = ''] = part.split(/\s+/)
    sort[name] = direction.toUpperCase() === 'DESC' ? -1 : 1
  }
  return sort
}

/** The columns of an answer: those asked for, else those of the first document. Types are those of its values. */
export function columnsOf(documents: readonly Document[], asked: readonly DbColumnName[]): readonly DbColumn[] {
  const [first = {}] = documents
  const names = asked.length > 0 ? asked : Object.keys(first).filter((name) => name !== '_id')
  return names.map((column) => (typeof column === 'string' ? { name: column, type: typeOf(first[column]) } : column))
}

function typeOf(value: unknown): DbType {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double'
  if (typeof value === 'boolean' || value instanceof Int32) return 'int'
  if (value instanceof Long || typeof value === 'bigint') return 'bigint'
  if (value instanceof Double) return 'double'
  if (value instanceof Date) return 'datetime'
  return value instanceof Binary ? 'blob' : 'string'
}

export function fromField(value: unknown): DbValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Int32 || value instanceof Double) return Number(value)
  if (value instanceof Long) return value.toNumber()
  if (value instanceof Date) return Math.floor(value.getTime() / 1000)
  if (value instanceof Binary) return Buffer.from(value.value()).toString('latin1')
  return Buffer.from(String(value), 'utf8').toString('latin1')
}
