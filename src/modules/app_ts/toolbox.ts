/** What `import { ... } from 'kahea'` gives a script besides types: the server's tables, databases and commands. */
import { LogLevel } from '../../base/log.ts'
import { isDbError, type Database, type DbValue } from '../../db/database.ts'
import { RpcFault, type RpcAnswer } from '../../define/rpc.ts'
import { fromBytes, toBytes } from '../../kemi/text.ts'
import type { Host } from '../../runtime/host.ts'
import { Message } from './message.ts'
import { then, type Maybe, type Native } from './native.ts'
import { Uri } from './uri.ts'

/** A hash table of module htable. */
export interface HashTable {
  get(key: string): string | number | null
  set(key: string, value: string | number, options?: { readonly expiresSeconds?: number }): void
  has(key: string): boolean
  delete(key: string): void
  /** Adds to a number; the answer is the sum. */
  increment(key: string): number
  decrement(key: string): number
}

/** Registrations (modules usrloc and registrar). */
export interface Location {
  /** Sends the request to the contacts of its Request-URI. False where there is none: `lookup` in the registrar tells more. */
  lookup(message: Message): Maybe<boolean>
  /** Takes a REGISTER and answers it. */
  save(message: Message): Maybe<boolean>
  isRegistered(message: Message): Maybe<boolean>
}

export type Row = Readonly<Record<string, DbValue>>

/** A database: values in the template are bound, never pasted. */
export type Sql = (texts: TemplateStringsArray, ...values: readonly (DbValue | boolean | undefined)[]) => Promise<readonly Row[]>

export interface Dispatcher {
  /** Picks a destination of the set for the request. */
  select(options?: { readonly algorithm?: number; readonly limit?: number }): boolean
  /** The next one, in a failure route. */
  next(): boolean
}

export interface ScriptLog {
  debug(text: string): void
  info(text: string): void
  notice(text: string): void
  warn(text: string): void
  error(text: string): void
}

export interface Toolbox {
  readonly htable: (name: string) => HashTable
  readonly location: (table?: string) => Location
  readonly sql: (url: string) => Sql
  readonly dispatcher: (set: number) => Dispatcher
  readonly log: ScriptLog
  /** Runs an RPC command of this server. */
  readonly rpc: (method: string, ...params: readonly (string | number)[]) => Promise<RpcAnswer>
  readonly Uri: typeof Uri
}

export function createToolbox(native: Native): Toolbox {
  const { host } = native
  const { contextOf } = Message
  const write = (level: LogLevel) => (text: string) =>
    host.log.write({ level, origin: '<script>: ', text: toBytes(text.endsWith('\n') ? text : `${text}\n`), isVerbatim: true })
  return {
    htable: (name) => hashTable(native, name),
    location: (table = 'location') => ({
      lookup: (message) => then(native.number(contextOf(message), 'registrar', 'lookup', table), (result) => result > 0),
      save: (message) => then(native.number(contextOf(message), 'registrar', 'save', table, 0), (result) => result > 0),
      isRegistered: (message) => then(native.number(contextOf(message), 'registrar', 'registered', table), (result) => result > 0),
    }),
    sql: (url) => sqlOf(host, url),
    dispatcher: (set) => ({
      select: ({ algorithm = 4, limit = 0 } = {}) =>
        native.now(native.context, 'dispatcher', 'ds_select_dst_limit', set, algorithm, limit) > 0,
      next: () => native.now(native.context, 'dispatcher', 'ds_next_dst') > 0,
    }),
    log: {
      debug: write(LogLevel.dbg), info: write(LogLevel.info), notice: write(LogLevel.notice), warn: write(LogLevel.warn),
      error: write(LogLevel.err),
    },
    async rpc(method, ...params) {
      const answer = await host.rpc(method, params)
      if (answer instanceof RpcFault) throw new Error(`${method}: ${answer.code} ${answer.reason}`)
      return answer
    },
    Uri,
  }
}

function hashTable(native: Native, name: string): HashTable {
  const call = (fn: string, ...args: readonly (string | number)[]) => native.now(native.context, 'htable', fn, name, ...args)
  /** What is not there counts as 0. */
  const change = (fn: string, key: string, first: number): number => {
    if (call('sht_is_null', key) < 0) return call(fn, key)
    call('sht_seti', key, first)
    return first
  }
  return {
    get(key) {
      const value = native.call(native.context, 'htable', 'sht_get', name, key)
      return typeof value === 'string' || typeof value === 'number' ? value : null
    },
    set(key, value, options = {}) {
      if (typeof value === 'number') call('sht_seti', key, value)
      else call('sht_sets', key, value)
      if (options.expiresSeconds !== undefined) call('sht_setex', key, options.expiresSeconds)
    },
    has: (key) => call('sht_is_null', key) < 0,
    delete: (key) => void call('sht_rm', key),
    increment: (key) => change('sht_inc', key, 1),
    decrement: (key) => change('sht_dec', key, -1),
  }
}

/** Opened at the first query; one connection for all scripts that name the same database. */
function sqlOf(host: Host, url: string): Sql {
  let ready: Promise<Database> | undefined
  const open = async (): Promise<Database> => {
    const database = host.databases.open(url)
    if (typeof database === 'string') throw new Error(database)
    const refused = await database.connect()
    if (refused !== undefined) {
      ready = undefined
      throw new Error(refused.reason)
    }
    return database
  }
  return async (texts, ...values) => {
    const database = await (ready ??= open())
    const bound = values.map((value): DbValue => {
      if (typeof value === 'boolean') return value ? 1 : 0
      return typeof value === 'string' ? toBytes(value) : (value ?? null)
    })
    const result = await database.execute(toBytes(texts.join('?')), bound)
    if (isDbError(result)) throw new Error(result.reason)
    return result.rows.map((row) => Object.fromEntries(result.columns.map(({ name }, index) => {
      const value = row[index] ?? null
      return [name, typeof value === 'string' ? fromBytes(value) : value]
    })))
  }
}
