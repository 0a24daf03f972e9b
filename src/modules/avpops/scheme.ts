/** db_scheme: values that are in another table than that of AVPs. */
import type { Columns } from './state.ts'

export interface Scheme {
  readonly name: string
  readonly table: string
  readonly columns: Columns
  readonly value: string
  readonly isNumber: boolean
}

/** `name:table=T;uuid_col=C;value_col=C;value_type=integer`; a text answer says what is wrong. */
export function parseScheme(text: string, columns: Columns): Scheme | string {
  const colon = text.indexOf(':')
  const name = text.slice(0, colon).trim()
  if (colon < 0 || name === '') return `"${text}" has no name before a colon`
  const given = new Map<string, string>()
  for (const element of text.slice(colon + 1).split(';')) {
    if (element.trim() === '') continue
    const match = /^\s*(uuid_col|username_col|domain_col|value_col|value_type|table)\s*=\s*(\S+)\s*$/.exec(element)
    if (match === null) return `"${element}" is no element of a scheme`
    given.set(match[1] ?? '', match[2] ?? '')
  }
  const table = given.get('table')
  const type = given.get('value_type') ?? 'string'
  if (table === undefined) return `the scheme ${name} has no table`
  if (type !== 'string' && type !== 'integer') return `"${type}" is no type of values: there are string and integer`
  return {
    name,
    table,
    columns: {
      uuid: given.get('uuid_col') ?? columns.uuid,
      username: given.get('username_col') ?? columns.username,
      domain: given.get('domain_col') ?? columns.domain,
    },
    value: given.get('value_col') ?? 'value',
    isNumber: type === 'integer',
  }
}
