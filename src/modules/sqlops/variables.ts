import { variableFamily, type BoundVariable, type PrepareEnv, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { SqlOps } from './state.ts'

/** A row or column: null when its variable holds no number. */
type Index = (context: RouteContext) => number | null

function parseIndex(text: string, env: PrepareEnv): Index | string {
  if (!text.startsWith('$')) return /^[+-]?\d+$/.test(text) ? () => Number(text) : `bad number <${text}>`
  const variable = env.variable(text)
  if (typeof variable === 'string') return variable
  return (context) => {
    const value = variable.get(context)
    return typeof value === 'number' ? value : null
  }
}

type Bound = BoundVariable<SqlOps>

/** Reads what stands in `$dbr(...)`; a text answer is the error message. */
function bindResult(inner: string | undefined, env: PrepareEnv): Bound | string {
  const [, name = '', key = ''] = /^\s*([^=\s]+)\s*=>(.*?)\s*$/s.exec(inner ?? '') ?? []
  if (name === '' || key === '') return `invalid pv name [${inner ?? ''}]: it is $dbr(result=>key)`
  if (key === 'rows') return { get: (context, { results }) => results.get(context, name).rows.length }
  if (key === 'cols') return { get: (context, { results }) => results.get(context, name).columns.length }
  const cell = /^\[\s*([^,\s]+)\s*,\s*([^\]\s]+)\s*\]/.exec(key)
  if (cell !== null) return bindCell(name, parseIndex(cell[1] ?? '', env), parseIndex(cell[2] ?? '', env))
  const column = /^colname\s*\[([^\]\s]+)\s*\]/.exec(key)
  if (column !== null) return bindColumn(name, parseIndex(column[1] ?? '', env))
  return /^(?:\[|colname.)/.test(key) ? `invalid index in [${key}]` : `unknown key [${key}]`
}

function bindCell(name: string, row: Index | string, column: Index | string): Bound | string {
  if (typeof row === 'string') return row
  if (typeof column === 'string') return column
  return {
    get(context, { results }): PvValue {
      const [rowIndex, columnIndex] = [row(context), column(context)]
      if (rowIndex === null || columnIndex === null) return null
      return results.get(context, name).rows[rowIndex]?.[columnIndex] ?? null
    },
  }
}

function bindColumn(name: string, column: Index | string): Bound | string {
  if (typeof column === 'string') return column
  return {
    get(context, { results }): PvValue {
      const index = column(context)
      return index === null ? null : results.get(context, name).columns[index] ?? null
    },
  }
}

/** Kinds of databases whose drivers count for Kamailio. */
const COUNTING_SCHEMES: readonly string[] = ['mysql', 'postgres']

function affectedRows(context: RouteContext, state: SqlOps, name: string): PvValue {
  const database = state.connections.get(name)?.database
  if (database !== undefined && COUNTING_SCHEMES.includes(database.scheme)) return state.affectedRows.get(context.worker)?.get(name) ?? 0
  state.host.log.error('sqlops', database === undefined
    ? `invalid connection [${name}]`
    : `database module does not have DB_CAP_AFFECTED_ROWS [${name}]`)
  return ''
}

export const sqlopsVariables: Readonly<Record<string, VariableDef<SqlOps>>> = {
  dbr: variableFamily(
    'Of a result: $dbr(r=>rows), $dbr(r=>cols), the value $dbr(r=>[row,column]), a column\'s name $dbr(r=>colname[n]).',
    { inner: 'required' },
    (inner, _index, env) => bindResult(inner, env),
  ),
  sqlrows: variableFamily(
    'Rows that the last query over a connection changed (MySQL and PostgreSQL).',
    { inner: 'required' },
    (inner = '', _index, _env, state) =>
      state instanceof SqlOps && !state.connections.has(inner)
        ? `invalid connection [${inner}]`
        : { get: (context, ops) => affectedRows(context, ops, inner) },
  ),
}
