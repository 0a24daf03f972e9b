/** Tables of a database that hold the items: read at the start, written back when the server stops. */
import { connectDatabase } from '../../db/connect.ts'
import { isDbError, type DbCell, type DbColumn, type DbRows, type DbValue, type DbWrite } from '../../db/database.ts'
import { HashTable, type Item } from './hash-table.ts'
import { setItem } from './items.ts'
import { secondsNow, type Htable } from './state.ts'

/** Statements that are sent together. */
const STATEMENTS_MAX = 1000

/** Opens the database and reads all tables that have one; a text says what failed. */
export async function openDatabase(state: Htable): Promise<string | undefined> {
  const { host, params, tables } = state
  if (params.db_url === '') return undefined
  const database = await connectDatabase(host.databases, params.db_url)
  if (typeof database === 'string') return database
  state.database = database
  for (const table of tables.values()) {
    const problem = table.definition.dbtable === '' ? undefined : await loadTable(state, table, table)
    if (problem !== undefined) return problem
    state.loaded.add(table)
  }
  return undefined
}

/** Reads a table anew: its old items stay when that fails. */
export async function reloadTable(state: Htable, table: HashTable): Promise<string | undefined> {
  const fresh = new HashTable(table.definition, state.memory)
  const problem = await loadTable(state, table, fresh)
  if (problem === undefined) {
    table.take(fresh)
    table.follower?.replaced()
  } else fresh.clear()
  return problem
}

/** Puts the rows of a table's database table into `into`. */
async function loadTable(state: Htable, { definition }: HashTable, into: HashTable): Promise<string | undefined> {
  const { database, params } = state
  if (database === undefined) return 'there is no database'
  const reader = definition.columns.length > 0 ? new ColumnReader(state, into) : new ItemReader(state, into)
  // Rows of an array stand together.
  const orderBy = definition.columns.length > 0 ? undefined : params.key_name_column
  const query = { table: definition.dbtable, columns: reader.columns, ...(orderBy === undefined ? {} : { orderBy }) }
  let problem: string | undefined
  const count = await database.scan(query, Math.max(params.fetch_rows, 1), (rows) => {
    if (problem === undefined) problem = reader.take(rows)
  })
  if (isDbError(count)) return `error querying table ${definition.dbtable}: ${count.reason}`
  return problem ?? reader.end()
}

interface Reader {
  readonly columns: readonly string[]
  take(rows: DbRows): string | undefined
  end(): string | undefined
}

type Row = readonly DbValue[]

/** Kamailio's table: key, kind of key, kind of value, value. */
class ItemReader implements Reader {
  readonly columns: readonly string[]
  readonly #state: Htable
  readonly #into: HashTable
  readonly #expires: boolean
  #array: { readonly name: string; size: number } | undefined = undefined
  #row = 0

  constructor(state: Htable, into: HashTable) {
    const { key_name_column, key_type_column, value_type_column, key_value_column, expires_column, db_expires } = state.params
    this.#expires = db_expires !== 0 && into.definition.autoexpire > 0
    this.columns = [key_name_column, key_type_column, value_type_column, key_value_column, ...(this.#expires ? [expires_column] : [])]
    this.#state = state
    this.#into = into
  }

  take({ rows }: DbRows): string | undefined {
    for (const row of rows) {
      const problem = this.#takeRow(row)
      if (problem !== undefined) return problem
      this.#row++
    }
    return undefined
  }

  end(): string | undefined {
    const array = this.#array
    this.#array = undefined
    return array === undefined ? undefined : this.#set(array.name + this.#state.params.array_size_suffix, array.size, 0)
  }

  #takeRow([key, keyType, valueType, value, expires]: Row): string | undefined {
    const { dbtable } = this.#into.definition
    if (key === null || key === undefined) return `htable [${dbtable}] row [${this.#row}] has NULL key`
    if (value === null || value === undefined) return `htable [${dbtable}] row [${this.#row}] has NULL key value`
    const until = typeof expires === 'number' ? expires : 0
    if (until !== 0 && until < secondsNow(this.#state)) return undefined
    const name = String(key)
    const isOfArray = keyType === 1
    if (this.#array !== undefined && (!isOfArray || this.#array.name !== name)) {
      const problem = this.end()
      if (problem !== undefined) return problem
    }
    if (isOfArray) this.#array ??= { name, size: 0 }
    const own = isOfArray && this.#array !== undefined ? `${name}[${this.#array.size++}]` : name
    return this.#set(own, valueType === 1 ? wholeOf(value) : String(value), until)
  }

  #set(key: string, value: string | number, expires: number): string | undefined {
    if (!setItem(this.#state, this.#into, key, value)) return 'the tables have grown too large'
    const item = expires === 0 ? undefined : this.#into.find(key)
    if (item !== undefined) item.expires = expires
    return undefined
  }
}

function wholeOf(value: string | number): number {
  if (typeof value === 'number') return value | 0
  return /^[+-]?\d+$/.test(value) ? Number(value) | 0 : 0
}

/** Any table: the first column is the key, the others are the value, with commas between. */
class ColumnReader implements Reader {
  readonly columns: readonly string[]
  readonly #state: Htable
  readonly #into: HashTable
  #row = 0

  constructor(state: Htable, into: HashTable) {
    this.columns = into.definition.columns
    this.#state = state
    this.#into = into
  }

  take({ columns, rows }: DbRows): string | undefined {
    for (const row of rows) {
      const key = row[0]
      if (key === null || key === undefined) return `htable [${this.#into.definition.dbtable}] row [${this.#row}] has NULL key`
      const value = packValues(columns, row)
      if (typeof value !== 'string') return value.problem
      if (!setItem(this.#state, this.#into, String(key), value)) return 'the tables have grown too large'
      this.#row++
    }
    return undefined
  }

  end(): undefined {
    return undefined
  }
}

/** NULL is a star. */
function packValues(columns: readonly DbColumn[], row: Row): string | { readonly problem: string } {
  const parts: string[] = []
  for (let index = 1; index < row.length; index++) {
    if (columns[index]?.type === 'double' && row[index] !== null) return { problem: `unsupported data type for column ${index}` }
    parts.push(String(row[index] ?? '*'))
  }
  return parts.join(',')
}

/** Writes a table in place of what the database has; a text says what failed. */
export async function storeTable(state: Htable, table: HashTable): Promise<string | undefined> {
  const { database, host } = state
  const { name, dbtable, columns } = table.definition
  if (database === undefined) return 'there is no database'
  if (columns.length > 0) {
    host.log.warning('htable', `saving htable [${name}] with custom db columns is not available`)
    return undefined
  }
  let statements: DbWrite[] = [{ kind: 'delete', table: dbtable, where: [] }]
  const now = secondsNow(state)
  const flush = async (): Promise<string | undefined> => {
    const written = await database.batch(statements)
    statements = []
    return isDbError(written) ? `failed to store hash table [${dbtable}] in db: ${written.reason}` : undefined
  }
  // A copy: the table may change meanwhile.
  for (const item of [...table.items()]) {
    if (table.isExpired(item, now)) continue
    statements.push({ kind: 'insert', table: dbtable, cells: cellsOf(state, table, item) })
    if (statements.length < STATEMENTS_MAX) continue
    const problem = await flush()
    if (problem !== undefined) return problem
  }
  return flush()
}

/** Keys of arrays are written as they are: when they are read again they are keys like others. */
function cellsOf({ params }: Htable, { definition }: HashTable, { key, value, expires }: Item): readonly DbCell[] {
  const cells: DbCell[] = [
    { column: params.key_name_column, value: key },
    { column: params.key_type_column, value: 0 },
    { column: params.value_type_column, value: typeof value === 'number' ? 1 : 0 },
    { column: params.key_value_column, value: String(value) },
  ]
  if (params.db_expires !== 0 && definition.autoexpire > 0) cells.push({ column: params.expires_column, value: expires })
  return cells
}

/** Writes back the tables that ask for it. */
export async function storeTables(state: Htable): Promise<void> {
  for (const table of state.loaded) {
    const { dbtable, dbmode, columns } = table.definition
    if (dbtable === '' || dbmode === 0 || columns.length > 0) continue
    const problem = await storeTable(state, table)
    if (problem !== undefined) state.host.log.error('htable', problem)
  }
}
