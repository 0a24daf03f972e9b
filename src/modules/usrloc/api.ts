/** Who can be reached where: for registrar, and for modules that ping contacts or copy them to other servers. */
import { apiKey } from '../../define/define.ts'
import type { XavpTree } from '../../runtime/xavp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { AorChange, WriteFailure } from './change.ts'
import type { Contact, ContactInfo } from './contact.ts'
import type { LocationTable } from './location-table.ts'
import type { Match } from './match.ts'
import type { AorRecord } from './record.ts'
import type { ContactEvent } from './state.ts'

export {
  ALL_METHODS, ContactFlag, ContactState, NO_CONNECTION, PERMANENT, Q_UNSET, REMOVED, type Contact, type ContactInfo,
} from './contact.ts'
export { withoutBrackets } from './match.ts'
export { createRuidMaker, type RuidMaker } from './ruid.ts'
export { advertisedText, socketText } from './socket-text.ts'
export type { AorChange, WriteFailure } from './change.ts'
export type { LocationTable } from './location-table.ts'
export type { AorRecord } from './record.ts'
export type { ContactEvent } from './state.ts'

export interface UsrlocApi {
  readonly usesDomain: boolean
  readonly dbMode: number
  /** What makes two registrations those of one contact: matching_mode. */
  readonly matchingMode: number
  /** The branch flag of contacts behind NAT, as a bit; 0 for none. */
  readonly natFlag: number
  /** Whether readers and writers may have to wait for a database. */
  readonly mayWait: boolean
  readonly tables: readonly LocationTable[]
  /** A table by name; made when it is new. Those known before `start` are read from the database then. */
  table(name: string): LocationTable
  tableNamed(name: string): LocationTable | undefined
  /** Seconds since 1970. */
  now(): number
  hashOf(aor: string): number
  /** Whether users that differ in case are different ones; the registrar tells. */
  setCaseSensitive(isSensitive: () => boolean): void
  /** Does something with an address's record; a promise only where the database must be asked. */
  read<R>(table: LocationTable, aor: string, use: (record: AorRecord | undefined) => R): R | Promise<R>
  /** A contact by its own name and the hash of its address. */
  readByRuid<R>(table: LocationTable, hash: number, ruid: string, use: (contact: Contact | undefined) => R): R | Promise<R>
  /** Changes an address's contacts: `work` does it, `finish` is called when the database has it (or has failed). */
  change<T, R>(
    table: LocationTable, aor: string, work: (change: AorChange) => T,
    finish: (result: T, failure: WriteFailure | undefined, change: AorChange) => R,
  ): R | Promise<R>
  /** Deletes a row by its own name, where contacts live in the database alone: how many there were, or undefined when it failed. */
  deleteByRuid(table: LocationTable, ruid: string): Promise<number | undefined>
  /** Which contact a registration is about. */
  find(record: AorRecord, uri: string, info: ContactInfo): Match
  /** What the script has set to be kept with contacts. */
  attributesOf(context: RouteContext): XavpTree | undefined
  /** The name of that, for who gives it back to scripts. */
  readonly attributesName: string | undefined
  on(event: ContactEvent, listener: (contact: Contact, table: LocationTable) => void): void
  /**
   * Contacts to ping that have all of these flags, `take` gets them in pieces: of the part `part` of `parts`. With db_mode 3
   * they come from the database.
   */
  each(options: EachOptions, take: (contact: Contact, aor: AorRecord) => void): Promise<void>
  /** Sets how long a contact may leave pings unanswered before it expires; seconds, 0 for ever. */
  setKeepaliveTimeout(seconds: number): void
  /** Notes that a contact has answered a ping. */
  answered(hash: number, ruid: string): void
  /** Shares new rows out among so many who ping. */
  setPartitions(count: number): void
}

export interface EachOptions {
  readonly flags: number
  readonly part: number
  readonly parts: number
  /** Those registered at this server only. */
  readonly isOwnOnly: boolean
}

export const usrlocApi = apiKey<UsrlocApi>('usrloc')
