/**
 * How rows lie in Redis (Kamailio's db_redis): a row is a hash `table:entry::value:value`, and for each mapping there is a set
 * `table:mapping::value:value` of the rows that have these values, listed in the set `table::index::mapping`.
 */
export interface TableKeys {
  /** Columns whose values make a row's key; empty when the configuration names none: such a table can be read only. */
  readonly entry: readonly string[]
  readonly mappings: readonly { readonly name: string; readonly columns: readonly string[] }[]
}

/** Reads the parameter `keys`: `location=entry:ruid&usrdom:username,domain;acc=entry:callid`. A text says what is wrong. */
export function readKeys(texts: readonly string[]): ReadonlyMap<string, TableKeys> | string {
  const tables = new Map<string, TableKeys>([['version', { entry: ['table_name'], mappings: [] }]])
  for (const text of texts.flatMap((part) => part.split(';')).map((part) => part.trim()).filter((part) => part !== '')) {
    const [, table = '', rest = ''] = /^(\w+)\s*=\s*(.+)$/.exec(text) ?? []
    const parts = rest.split('&').map((part) => /^\s*(\w+):([\w,\s]*)$/.exec(part))
    const mappings = parts.flatMap((part) => (part === null ? [] : [{ name: part[1] ?? '', columns: columnsOf(part[2] ?? '') }]))
    const entry = mappings.find(({ name }) => name === 'entry')
    if (table === '' || parts.includes(null) || entry === undefined) return `keys "${text}" is no table=entry:column&mapping:column,column`
    tables.set(table, { entry: entry.columns, mappings: mappings.filter((mapping) => mapping !== entry) })
  }
  return tables
}

const columnsOf = (text: string): readonly string[] => text.split(',').map((column) => column.trim()).filter((column) => column !== '')

/** A value as keys and hashes have it; undefined for null. */
export type Written = (column: string) => string | undefined

/** Undefined when one of the columns has no value. */
export function keyOf(table: string, name: string, columns: readonly string[], written: Written): string | undefined {
  if (columns.length === 0) return name === 'entry' ? undefined : `${table}:${name}`
  const values = columns.map(written)
  return values.includes(undefined) ? undefined : `${table}:${name}::${values.join(':')}`
}

export const indexOf = (table: string, mapping: string): string => `${table}::index::${mapping}`

export interface MappingKey {
  readonly key: string
  readonly index: string
}

/** The mapping keys of a row, each with its index. */
export function mappingKeys(table: string, { mappings }: TableKeys, written: Written): readonly MappingKey[] {
  return mappings.flatMap(({ name, columns }) => {
    const key = keyOf(table, name, columns, written)
    return key === undefined ? [] : [{ key, index: indexOf(table, name) }]
  })
}
