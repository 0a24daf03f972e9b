/** What the module keeps for a server: its tables, the database, and who wants to know of changes. */
import type { Database } from '../../db/database.ts'
import type { FormatText } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { XavpTree } from '../../runtime/xavp.ts'
import type { Contact } from './contact.ts'
import { LocationTable } from './location-table.ts'
import type { UsrlocParams } from './params.ts'
import { createRuidMaker, type RuidMaker } from './ruid.ts'
import { TextPool } from './text-pool.ts'

/** Values of db_mode. */
export const DbMode = { none: 0, writeThrough: 1, writeBack: 2, only: 3, readOnly: 4 } as const

export type ContactEvent = 'insert' | 'update' | 'delete' | 'expire'

export class Usrloc {
  readonly host: Host
  readonly params: UsrlocParams
  /** nat_bflag as a bit; 0 for none. */
  readonly natFlag: number
  /** The newest stands first, as Kamailio lists them. */
  readonly tables: LocationTable[] = []
  readonly userAgents = new TextPool()
  readonly newRuid: RuidMaker
  readonly listeners: Readonly<Record<ContactEvent, ((contact: Contact, table: LocationTable) => void)[]>> = {
    insert: [], update: [], delete: [], expire: [],
  }
  database: Database | undefined = undefined
  /** How many share out the pings; 0 when nobody does. */
  partitions = 0
  partitionCount = 0
  /** Seconds without an answer to pings after which a contact expires; 0 for never. */
  keepaliveTimeout: number
  /** Whether somebody's timer runs; and its end. */
  sweeping: Promise<void> | undefined = undefined
  stopTimers: (() => void)[] = []
  pingCount = 0
  /** Whether users that differ in case are different ones (registrar's case_sensitive). */
  isCaseSensitive: () => boolean = () => false
  pingLog: FormatText | undefined = undefined

  constructor(host: Host, params: UsrlocParams) {
    this.host = host
    this.params = params
    this.natFlag = params.nat_bflag < 0 ? 0 : 1 << params.nat_bflag
    this.keepaliveTimeout = params.ka_timeout
    this.newRuid = createRuidMaker(host, 'ulcx')
  }

  /** From the start on: reads a table that is first named while the server runs, by a script in another language. */
  onNewTable: ((table: LocationTable) => void) | undefined = undefined

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.host.clock.now() / 1000)
  }

  get isDbOnly(): boolean {
    return this.params.db_mode === DbMode.only
  }

  /** A table by name; made when it is new. */
  table(name: string): LocationTable {
    const known = this.tableNamed(name)
    if (known !== undefined) return known
    const { hash_size } = this.params
    const size = hash_size <= 1 ? 512 : 1 << hash_size
    const made = new LocationTable(name, size, this.host.statistics, this.host.settings.stats_name_separator)
    this.tables.unshift(made)
    this.onNewTable?.(made)
    return made
  }

  tableNamed(name: string): LocationTable | undefined {
    for (const table of this.tables) if (table.name === name) return table
    return undefined
  }

  tell(event: ContactEvent, contact: Contact, table: LocationTable): void {
    for (const listener of this.listeners[event]) listener(contact, table)
  }

  /** What the script has set to be kept with the contacts of a registration. */
  attributesOf(context: RouteContext): XavpTree | undefined {
    const name = this.params.xavp_contact
    if (name === undefined) return undefined
    const root = context.xavps.xavp.get(name)
    return root !== undefined && root.value instanceof XavpTree ? root.value.copy() : undefined
  }

  /** False where handle_lost_tcp is on and the contact's connection is gone. */
  hasItsConnection(contact: Contact): boolean {
    return this.params.handle_lost_tcp === 0 || contact.connectionId < 0 || this.host.network.hasConnection(contact.connectionId)
  }
}
