/**
 * Changes of an address's contacts: in memory at once, and in the database before anybody is told, where the mode wants that.
 * Who changes the same address meanwhile waits for its turn.
 */
import { isDbError, type DbError, type DbWrite } from '../../db/database.ts'
import { deleteAttributes, insertAttributes } from './attributes.ts'
import { ContactState, REMOVED, type Contact, type ContactInfo } from './contact.ts'
import { loadRecord, mustLoad } from './load.ts'
import { aorHash, type LocationTable } from './location-table.ts'
import { addContact, removeContact } from './memory.ts'
import { AorRecord } from './record.ts'
import { deleteOf, insertOf, isStored, ofAor, updateOf } from './rows.ts'
import { DbMode, type Usrloc } from './state.ts'

/** What the database did not do. */
export type WriteFailure = 'insert' | 'update' | 'delete' | 'delete record'

interface ContactWrite {
  readonly failure: WriteFailure
  readonly contact: Contact | undefined
  readonly statements: readonly DbWrite[]
}

/** An address's record while somebody changes it. */
export class AorChange {
  /** Undefined while the address has no contacts. */
  record: AorRecord | undefined
  readonly aor: string
  readonly #usrloc: Usrloc
  readonly #table: LocationTable
  readonly #writes: ContactWrite[] = []

  constructor(usrloc: Usrloc, table: LocationTable, aor: string, record: AorRecord | undefined) {
    this.#usrloc = usrloc
    this.#table = table
    this.aor = aor
    this.record = record
  }

  get hasWrites(): boolean {
    return this.#writes.length > 0
  }

  insert(info: ContactInfo, uri = info.uri): Contact {
    const usrloc = this.#usrloc
    const contact = addContact(usrloc, this.#table, this.#opened(), uri, info)
    if (this.#writesNow && isStored(contact)) {
      const statements = [insertOf(usrloc, this.#table.name, contact), ...insertAttributes(usrloc, this.#table.name, contact)]
      this.#writes.push({ failure: 'insert', contact, statements })
    } else if (this.#writesNow) contact.state = ContactState.sync
    usrloc.tell('insert', contact, this.#table)
    return contact
  }

  update(contact: Contact, info: ContactInfo): void {
    const usrloc = this.#usrloc
    contact.renew(info, usrloc.userAgents.get(info.userAgent), usrloc.now())
    usrloc.tell('update', contact, this.#table)
    if (!usrloc.isDbOnly) contact.record.reposition(contact, usrloc.params.desc_time_order !== 0)
    const { db_mode } = usrloc.params
    if (contact.state === ContactState.sync && (db_mode === DbMode.writeBack || db_mode === DbMode.writeThrough)) {
      contact.state = ContactState.dirty
    }
    if (!this.#writesNow) return
    if (isStored(contact)) {
      this.#writes.push({ failure: 'update', contact, statements: updateStatements(usrloc, this.#table.name, contact) })
    } else contact.state = ContactState.sync
  }

  /** Out of memory and database; with write-back, a contact that has a row waits for the timer. */
  remove(contact: Contact): void {
    const usrloc = this.#usrloc
    usrloc.tell('delete', contact, this.#table)
    if (contact.state !== ContactState.new && usrloc.params.db_mode === DbMode.writeBack) {
      contact.expires = REMOVED
      return
    }
    if (this.#writesNow && isStored(contact)) {
      this.#writes.push({ failure: 'delete', contact: undefined, statements: deleteStatements(usrloc, this.#table.name, contact) })
    }
    removeContact(this.#table, contact)
  }

  removeAll(): void {
    const usrloc = this.#usrloc
    if (usrloc.isDbOnly) {
      const where = ofAor(usrloc, this.aor)
      this.#writes.push({ failure: 'delete record', contact: undefined, statements: [{ kind: 'delete', table: this.#table.name, where }] })
      this.record = undefined
      return
    }
    let at = this.record?.contacts
    while (at !== undefined) {
      const { next } = at
      this.remove(at)
      at = next
    }
    this.close()
  }

  /** Forgets a new record with all that was to be written: nothing came of it. */
  abandon(): void {
    this.#writes.length = 0
    for (let at = this.record?.contacts; at !== undefined; at = at.next) this.#usrloc.tell('delete', at, this.#table)
    if (this.record !== undefined) this.#table.drop(this.record)
    this.record = undefined
  }

  /** A record without contacts goes. */
  close(): void {
    if (this.record === undefined || this.record.contacts !== undefined) return
    this.#table.drop(this.record)
    this.record = undefined
  }

  /** Writes what is to be written; the answer is what went wrong. */
  async write(): Promise<WriteFailure | undefined> {
    const usrloc = this.#usrloc
    const { database, params } = usrloc
    if (database === undefined) return this.#writes[0]?.failure
    const checksUpdates = params.db_check_update === 1 && params.db_update_as_insert === 0
    const groups = checksUpdates ? this.#writes.map((write) => [write]) : [this.#writes]
    for (const group of groups) {
      const statements = group.flatMap((write) => write.statements)
      const [first, ...more] = statements
      if (first === undefined) continue
      let written = more.length === 0 ? await database.write(first) : await database.batch(statements)
      const [only] = group
      if (written === 0 && checksUpdates && only?.failure === 'update' && only.contact !== undefined) {
        written = await database.write(insertOf(usrloc, this.#table.name, only.contact))
      }
      if (isDbError(written)) return this.#failed(group, written)
      for (const { contact } of group) if (contact !== undefined) contact.state = ContactState.sync
    }
    return undefined
  }

  #failed(group: readonly ContactWrite[], error: DbError): WriteFailure | undefined {
    const { log } = this.#usrloc.host
    const [first] = group
    const contact = first?.contact
    switch (first?.failure) {
      case 'insert':
        log.error('usrloc', `inserting contact in db failed ${this.aor} (${contact?.ruid ?? ''}): ${error.reason}`)
        log.error('usrloc', 'failed to insert in database')
        break
      case 'update':
        log.error('usrloc', `updating database failed: ${error.reason}`)
        log.error('usrloc', 'failed to update database')
        break
      default:
        log.error('usrloc', `deleting from database failed: ${error.reason}`)
    }
    return first?.failure
  }

  get #writesNow(): boolean {
    const { db_mode } = this.#usrloc.params
    return db_mode === DbMode.writeThrough || db_mode === DbMode.only
  }

  #opened(): AorRecord {
    this.record ??= this.#usrloc.isDbOnly ? new AorRecord(this.aor, aorHash(this.aor)) : this.#table.add(this.aor)
    return this.record
  }
}

export function updateStatements(usrloc: Usrloc, table: string, contact: Contact): DbWrite[] {
  if (usrloc.params.db_update_as_insert !== 0) {
    return [insertOf(usrloc, table, contact), ...insertAttributes(usrloc, table, contact)]
  }
  return [
    updateOf(usrloc, table, contact), ...deleteAttributes(usrloc, table, contact.record.aor, contact.ruid),
    ...insertAttributes(usrloc, table, contact),
  ]
}

export function deleteStatements(usrloc: Usrloc, table: string, contact: Contact): DbWrite[] {
  return [...deleteAttributes(usrloc, table, contact.record.aor, contact.ruid), deleteOf(usrloc, table, contact)]
}

/** Does something with an address's record, which is read from the database first where it is not in memory. */
export function withRecord<R>(
  usrloc: Usrloc, table: LocationTable, aor: string, use: (record: AorRecord | undefined) => R,
): R | Promise<R> {
  if (mustLoad(usrloc, table, aor)) return loadRecord(usrloc, table, aor).then(use)
  const record = table.get(aor)
  if (record !== undefined && usrloc.params.handle_lost_tcp !== 0) expireLost(usrloc, record)
  return use(record)
}

function expireLost(usrloc: Usrloc, record: AorRecord): void {
  for (let at = record.contacts; at !== undefined; at = at.next) {
    if (at.expires !== REMOVED && !usrloc.hasItsConnection(at)) at.expires = REMOVED
  }
}

/**
 * Changes an address's record by `work`; `finish` comes when the database has it, or has failed. With nothing to wait for,
 * all of it is done at once.
 */
export function changeRecord<T, R>(
  usrloc: Usrloc, table: LocationTable, aor: string,
  work: (change: AorChange) => T, finish: (result: T, failure: WriteFailure | undefined, change: AorChange) => R,
): R | Promise<R> {
  const before = table.busy.get(aor)
  if (before !== undefined) return before.then(() => changeRecord(usrloc, table, aor, work, finish))
  if (!mustLoad(usrloc, table, aor)) {
    const change = new AorChange(usrloc, table, aor, undefined)
    const ready = withRecord(usrloc, table, aor, (record) => {
      change.record = record
      return work(change)
    })
    if (!(ready instanceof Promise)) {
      return change.hasWrites ? inTurn(table, aor, writeAndFinish(change, ready, finish)) : finish(ready, undefined, change)
    }
  }
  return inTurn(table, aor, loadRecord(usrloc, table, aor).then((record) => {
    const change = new AorChange(usrloc, table, aor, record)
    return writeAndFinish(change, work(change), finish)
  }))
}

async function writeAndFinish<T, R>(
  change: AorChange, result: T, finish: (result: T, failure: WriteFailure | undefined, change: AorChange) => R,
): Promise<R> {
  return finish(result, await change.write(), change)
}

/** Holds the address until the work is done. */
function inTurn<R>(table: LocationTable, aor: string, work: Promise<R>): Promise<R> {
  const ended = work.then(() => undefined, () => undefined).then(() => {
    if (table.busy.get(aor) === ended) table.busy.delete(aor)
  })
  table.busy.set(aor, ended)
  return work
}
