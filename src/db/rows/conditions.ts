/** Conditions and order for databases that leave them to us. */
import type { DbCondition, DbValue } from '../database.ts'

export type ValueOf = (column: string) => DbValue

export function holds(where: readonly DbCondition[], valueOf: ValueOf): boolean {
  return where.every(({ column, operator = '=', value }) => {
    const found = valueOf(column)
    if (value === null) return operator === '!=' ? found !== null : found === null
    if (found === null) return false
    const order = compare(found, value)
    switch (operator) {
      case '=': return order === 0
      case '!=': return order !== 0
      case '<': return order < 0
      case '<=': return order <= 0
      case '>': return order > 0
      case '>=': return order >= 0
    }
  })
}

/** Null comes first; a number and a text are compared as numbers where the text is one. */
export function compare(left: DbValue, right: DbValue): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  if (typeof left === typeof right) return left < right ? -1 : Number(left > right)
  const [a, b] = [Number(left), Number(right)]
  if (Number.isNaN(a) || Number.isNaN(b)) return compare(String(left), String(right))
  return a - b
}

/** Sorts by `column`, `column DESC`, several of them with commas between. */
export function ordered<Row>(
  rows: readonly Row[], orderBy: string | undefined, valueOf: (row: Row, column: string) => DbValue,
): readonly Row[] {
  if (orderBy === undefined || orderBy.trim() === '') return rows
  const parts = orderBy.split(',').map((part) => {
    const [column = '', direction = ''] = part.trim().split(/\s+/)
    return { column, sign: direction.toUpperCase() === 'DESC' ? -1 : 1 }
  })
  return [...rows].sort((a, b) => {
    for (const { column, sign } of parts) {
      const order = compare(valueOf(a, column), valueOf(b, column))
      if (order !== 0) return sign * order
    }
    return 0
  })
}
