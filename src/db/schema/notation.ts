/**
 * How tables are written here, one a paragraph:
 *
 *     group usrloc
 *     table location 9
 *       id serial
 *       domain varchar(64) null
 *       expires datetime = '2030-05-28 21:32:15'
 *       unique ruid_idx: ruid
 *       index account_contact_idx: username domain contact
 *
 * `unsigned` counts for MySQL only. A column is NOT NULL unless it says `null`; what stands behind `=` is its default.
 */
const TYPES = [
  'serial', 'int', 'smallint', 'tinyint', 'bigint', 'varchar', 'char', 'datetime', 'float', 'text', 'mediumtext', 'blob', 'mediumblob',
] as const
export type SchemaType = (typeof TYPES)[number]

export interface SchemaColumn {
  readonly name: string
  readonly type: SchemaType
  /** `64`, or `10,2`; empty for none. */
  readonly size: string
  readonly isUnsigned: boolean
  readonly mayBeNull: boolean
  /** As SQL has it. */
  readonly initial: string | undefined
}

export interface SchemaKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly isUnique: boolean
}

export interface SchemaTable {
  readonly name: string
  /** Kamailio's script that makes it. */
  readonly group: string
  readonly version: number
  readonly columns: readonly SchemaColumn[]
  readonly keys: readonly SchemaKey[]
}

const COLUMN = /^ {2}(\w+) (\w+)(?:\(([\d,]+)\))?( unsigned)?( null)?(?: = (.*))?$/
const KEY = /^ {2}(unique|index) (\w+): (.*)$/

interface Draft {
  readonly name: string
  readonly group: string
  readonly version: number
  readonly columns: SchemaColumn[]
  readonly keys: SchemaKey[]
}

/** Throws where a line cannot be read: that is a mistake of this program. */
export function readTables(notation: string): readonly SchemaTable[] {
  const tables: Draft[] = []
  let group = ''
  for (const line of notation.split('\n')) {
    const [, what = '', name = '', version = ''] = /^(group|table) (\w+)(?: (\d+))?$/.exec(line) ?? []
    if (what === 'group') group = name
    else if (what === 'table') tables.push({ name, group, version: Number(version), columns: [], keys: [] })
    else if (line !== '') readLine(line, tables.at(-1))
  }
  return tables
}

function readLine(line: string, table: Draft | undefined): void {
  const key = KEY.exec(line)
  if (key !== null) {
    table?.keys.push({ name: key[2] ?? '', columns: (key[3] ?? '').split(' '), isUnique: key[1] === 'unique' })
    return
  }
  const [, name, word, size = '', unsigned, nothing, initial] = COLUMN.exec(line) ?? []
  const type = TYPES.find((known) => known === word)
  if (name === undefined || type === undefined || table === undefined) throw new Error(`no column or key of a table: ${line}`)
  table.columns.push({ name, type, size, isUnsigned: unsigned !== undefined, mayBeNull: nothing !== undefined, initial })
}
