/** MongoDB as a database: a collection for each table (Kamailio's db_mongodb). */
import { MongoClient, type Document, type Filter } from 'mongodb'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import {
  DbError, type Database, type DbCondition, type DbDriver, type DbResult, type DbRows, type DbSelect, type DbUrl, type DbWrite,
} from '../database.ts'
import { writeInOrder } from '../write-in-order.ts'
import { withoutPassword } from '../db-url.ts'
import { Reachability } from '../sql/reachability.ts'
import { columnsOf, fromField, toDocument, toFilter, toSort } from './documents.ts'

/** What is asked of the library; tests bring their own. */
export interface DocumentStore {
  ping(): Promise<unknown>
  find(table: string, filter: Filter<Document>, fields: readonly string[], sort: Readonly<Record<string, 1 | -1>>): AsyncIterable<Document>
  insert(table: string, document: Document): Promise<unknown>
  /** Changes all that fit; with `upsert` adds one where none does. Gives how many fit. */
  update(table: string, filter: Filter<Document>, changes: Document, upsert: boolean): Promise<number>
  replace(table: string, filter: Filter<Document>, document: Document): Promise<unknown>
  remove(table: string, filter: Filter<Document>): Promise<number>
  close(): Promise<void>
}

export interface MongoOptions {
  readonly log: Log
  readonly clock: Clock
}

export function mongodbDriver(options: MongoOptions, storeOf: (url: DbUrl) => DocumentStore = openStore): DbDriver {
  return { schemes: ['mongodb'], open: (url) => new MongoDatabase(url, storeOf(url), options) }
}

const CONNECT_MS = 5000
const ANSWER_MS = 10_000
const CONNECTIONS_MAX = 10

function openStore({ text, database }: DbUrl): DocumentStore {
  const client = new MongoClient(text, {
    serverSelectionTimeoutMS: CONNECT_MS,
    connectTimeoutMS: CONNECT_MS,
    socketTimeoutMS: ANSWER_MS,
    maxPoolSize: CONNECTIONS_MAX,
    promoteValues: false,
  })
  const collection = (table: string) => client.db(database).collection(table)
  return {
    ping: () => client.db(database).command({ ping: 1 }),
    find: (table, filter, fields, sort) =>
      collection(table).find(filter, { sort: { ...sort }, projection: Object.fromEntries(fields.map((name) => [name, 1])) }),
    insert: (table, document) => collection(table).insertOne(document),
    update: async (table, filter, changes, upsert) =>
      (await collection(table).updateMany(filter, { $set: changes }, { upsert })).matchedCount,
    replace: (table, filter, document) => collection(table).replaceOne(filter, document, { upsert: true }),
    remove: async (table, filter) => (await collection(table).deleteMany(filter)).deletedCount,
    close: () => client.close(),
  }
}

class MongoDatabase implements Database {
  readonly scheme = 'mongodb'
  readonly shownUrl: string
  readonly hasSql = false
  readonly #store: DocumentStore
  readonly #reachability: Reachability

  constructor(url: DbUrl, store: DocumentStore, { log, clock }: MongoOptions) {
    this.shownUrl = withoutPassword(url)
    this.#store = store
    this.#reachability = new Reachability('db_mongodb', this.shownUrl, log, clock, () => this.#ping())
  }

  async connect(): Promise<DbError | undefined> {
    return this.#reachability.note(await this.#ping())
  }

  select(query: DbSelect): Promise<DbRows | DbError> {
    return this.#try(async () => {
      const documents: Document[] = []
      for await (const document of this.#find(query)) documents.push(document)
      return rowsOf(documents, query)
    })
  }

  scan(query: DbSelect, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>): Promise<number | DbError> {
    return this.#try(async () => {
      let count = 0
      let documents: Document[] = []
      const flush = async (): Promise<void> => {
        const taken = documents
        documents = []
        count += taken.length
        if (taken.length > 0) await take(rowsOf(taken, query))
      }
      for await (const document of this.#find(query)) {
        documents.push(document)
        if (documents.length >= rowsAtOnce) await flush()
      }
      await flush()
      return count
    })
  }

  write(statement: DbWrite): Promise<number | DbError> {
    return this.#try(() => this.#write(statement))
  }

  /** One after the other: a server that stands alone has no transactions. */
  batch(statements: readonly DbWrite[]): Promise<number | DbError> {
    return writeInOrder((statement) => this.write(statement), statements)
  }

  execute(): Promise<DbResult | DbError> {
    return Promise.resolve(new DbError('unsupported', 'MongoDB takes no SQL'))
  }

  createTable(): Promise<DbError | undefined> {
    // A collection is made by its first document; the one in `version` is all that is written.
    return Promise.resolve(undefined)
  }

  close(): Promise<void> {
    this.#reachability.close()
    return this.#store.close()
  }

  #find({ table, columns, where = [], orderBy }: DbSelect): AsyncIterable<Document> {
    const fields = columns.map((column) => (typeof column === 'string' ? column : column.name))
    return this.#store.find(table, toFilter(where), fields, toSort(orderBy))
  }

  async #write(statement: DbWrite): Promise<number> {
    const { table } = statement
    switch (statement.kind) {
      case 'insert':
        return this.#insert(statement)
      case 'update':
        return this.#store.update(table, toFilter(statement.where), toDocument(statement.cells), false)
      case 'delete':
        return this.#store.remove(table, toFilter(statement.where))
    }
  }

  async #insert({ table, cells, onDuplicate = 'fail', key = [] }: Extract<DbWrite, { kind: 'insert' }>): Promise<number> {
    const where = cells.filter(({ column }) => key.includes(column)).map((cell): DbCondition => cell)
    const document = toDocument(cells)
    if (onDuplicate === 'fail' || where.length === 0) {
      await this.#store.insert(table, document)
    } else if (onDuplicate === 'replace') {
      await this.#store.replace(table, toFilter(where), document)
    } else if (onDuplicate === 'update') {
      // An upsert takes equal fields from its filter, so they may stand in both.
      await this.#store.update(table, toFilter(where), document, true)
    } else {
      for await (const _ of this.#store.find(table, toFilter(where), ['_id'], {})) return 0
      await this.#store.insert(table, document)
    }
    return 1
  }

  async #ping(): Promise<DbError | undefined> {
    try {
      await this.#store.ping()
      return undefined
    } catch (error) {
      return mongoError(error)
    }
  }

  async #try<Answer>(run: () => Promise<Answer>): Promise<Answer | DbError> {
    const refusal = this.#reachability.refusal()
    if (refusal !== undefined) return refusal
    try {
      const answer = await run()
      this.#reachability.note(undefined)
      return answer
    } catch (error) {
      const failure = mongoError(error)
      this.#reachability.note(failure)
      return failure
    }
  }
}

function rowsOf(documents: readonly Document[], { columns }: DbSelect): DbRows {
  const known = columnsOf(documents, columns)
  return { columns: known, rows: documents.map((document) => known.map(({ name }) => fromField(document[name]))) }
}

const DUPLICATE_KEY = 11000

function mongoError(error: unknown): DbError {
  const reason = error instanceof Error ? error.message : String(error)
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === DUPLICATE_KEY) return new DbError('duplicate', reason)
  const name = error instanceof Error ? error.name : ''
  if (/Timeout/.test(name) && !/Selection/.test(name)) return new DbError('timeout', reason)
  return new DbError(/Network|Selection|PoolCleared|Topology|Parse/.test(name) ? 'unavailable' : 'refused', reason)
}
