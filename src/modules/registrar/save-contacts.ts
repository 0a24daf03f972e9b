/** The contacts of a registration into the record of their address (RFC 3261 §10.3). */
import type { RouteContext } from '../../runtime/context.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ContactFlag, type AorChange, type AorRecord, type Contact, type ContactInfo } from '../usrloc/api.ts'
import { RegistrationInfo } from './contact-info.ts'
import { contactExpires } from './expires.ts'
import { Failures, type Failure } from './failure.ts'
import type { Registrar } from './state.ts'

/** Results of save(). */
export const Saved = { inserted: 1, updated: 2, deleted: 3, returned: 4, error: -1, tooMany: -2 } as const

export interface Saving {
  readonly registrar: Registrar
  readonly context: RouteContext
  readonly contacts: readonly NameAddr[]
  readonly aor: string
  /** Of the To URI. */
  readonly host: string
  /** For new contacts: `ContactFlag.memoryOnly`, or none. */
  readonly flags: number
  readonly usesRegId: boolean
  /** One contact for each address. */
  readonly replaces: boolean
  /** Without expires_range. */
  readonly isExact: boolean
  /** Set where the address had no record. */
  isNew?: boolean
}

/** All contacts of an address that had none. */
export function insertContacts(saving: Saving, change: AorChange): number | Failure {
  const { registrar, context, contacts, isExact } = saving
  saving.isNew = true
  const now = registrar.usrloc.now()
  const most = maxContacts(registrar, context)
  let registration: RegistrationInfo | undefined
  let count = 0
  const refuse = (failure: Failure): Failure => {
    change.abandon()
    return failure
  }
  for (const contact of contacts) {
    const expires = contactExpires(registrar, context, contact, isExact, now)
    if (expires === 'low') return refuse(Failures.lowExpires)
    if (expires === 0) continue
    if (most > 0 && count >= most) {
      registrar.host.log.info('registrar', `too many contacts (n:${count} max:${most}) for AOR <${saving.aor}>`)
      return refuse(Failures.tooMany)
    }
    count++
    const read = registration ?? RegistrationInfo.read(registrar, context, contacts[0], saving.flags, saving.usesRegId, now)
    if (!(read instanceof RegistrationInfo)) return refuse(read)
    registration = read
    const problem = registration.take(contact, expires)
    if (problem !== undefined) {
      registrar.host.log.error('registrar', 'failed to extract contact info')
      return refuse(problem)
    }
    insertOrRepeat(registrar, change, contact, registration.info)
  }
  return Saved.inserted
}

/** Phones that send an address twice in one registration get one contact. */
function insertOrRepeat(registrar: Registrar, change: AorChange, contact: NameAddr, info: ContactInfo): void {
  const { record } = change
  info.cseq++
  const found = record === undefined ? 'none' : registrar.usrloc.find(record, contact.uri, info)
  info.cseq--
  if (typeof found === 'string') change.insert(info, contact.uri)
  else change.update(found, info)
}

/** Contacts of an address that has some: new ones, changed ones, and such as go. */
export function updateContacts(saving: Saving, change: AorChange): number | Failure {
  const { registrar, context, contacts, isExact } = saving
  const { record } = change
  const now = registrar.usrloc.now()
  const registration = RegistrationInfo.read(registrar, context, contacts[0], saving.flags, saving.usesRegId, now)
  if (!(registration instanceof RegistrationInfo) || record === undefined) {
    registrar.host.log.error('registrar', 'failed to initial pack contact info')
    return registration instanceof RegistrationInfo ? Failures.insert : registration
  }
  const { info } = registration
  const most = saving.replaces ? 0 : maxContacts(registrar, context)
  const excess = most > 0 ? checkCount(saving, record, info, most, now) : undefined
  if (excess !== undefined) return excess
  let result = 0
  for (const contact of contacts) {
    const expires = contactExpires(registrar, context, contact, isExact, now)
    if (expires === 'low') return Failures.lowExpires
    const problem = registration.take(contact, expires)
    if (problem !== undefined) {
      registrar.host.log.error('registrar', 'failed to pack contact specific info')
      return problem
    }
    const found = registrar.usrloc.find(record, contact.uri, info)
    if (found === 'outdated') {
      registrar.host.log.error('registrar', `invalid cseq for aor <${saving.aor}>`)
      return Failures.cseq
    }
    if (found === 'repeated') {
      if (expires !== 0 && saving.replaces) break
      continue
    }
    if (found === 'none') {
      if (expires === 0) continue
      const inserted = change.insert(info, contact.uri)
      result = Saved.inserted
      if (!saving.replaces) continue
      removeOthers(change, record, inserted, () => true)
      break
    }
    if (expires === 0) {
      setMemoryOnly(found, saving.flags)
      change.remove(found)
      result = Saved.deleted
      continue
    }
    const isLast = updateOne(saving, change, record, found, info)
    result = Saved.updated
    if (isLast) break
  }
  return result || Saved.inserted
}

/** True when no further contact of the registration is looked at. */
function updateOne(saving: Saving, change: AorChange, record: AorRecord, contact: Contact, info: ContactInfo): boolean {
  if (saving.replaces) removeOthers(change, record, contact, () => true)
  const isAnew = info.instance !== '' && info.callId !== contact.callId
  // The phone has started anew: what it had registered before is gone.
  if (isAnew) removeOthers(change, record, contact, (other) => other.instance === contact.instance)
  change.update(contact, info)
  return saving.replaces || isAnew
}

function removeOthers(change: AorChange, record: AorRecord, kept: Contact, isMeant: (contact: Contact) => boolean): void {
  for (let at = record.contacts; at !== undefined; ) {
    const { next } = at
    if (at !== kept && isMeant(at)) change.remove(at)
    at = next
  }
}

function maxContacts(registrar: Registrar, context: RouteContext): number {
  return registrar.numberOf(context, 'max_contacts') ?? registrar.params.max_contacts
}

/** How many contacts there would be, before anything is done. */
function checkCount(saving: Saving, record: AorRecord, info: ContactInfo, most: number, now: number): Failure | undefined {
  const { registrar, context, contacts, aor } = saving
  let count = 0
  for (let at = record.contacts; at !== undefined; at = at.next) if (at.isValid(now)) count++
  for (const contact of contacts) {
    const expires = contactExpires(registrar, context, contact, false, now)
    const found = registrar.usrloc.find(record, contact.uri, info)
    if (found === 'outdated') {
      registrar.host.log.error('registrar', `invalid cseq for aor <${aor}>`)
      return Failures.cseq
    }
    if (found === 'repeated') continue
    if (found === 'none') {
      if (expires !== 0) count++
    } else if (expires === 0) count--
  }
  if (count <= most) return undefined
  registrar.host.log.info('registrar', `too many contacts for AOR <${aor}> (n:${count} max:${most})`)
  return Failures.tooMany
}

function setMemoryOnly(contact: Contact, flags: number): void {
  contact.flags = (contact.flags & ~ContactFlag.memoryOnly) | flags
}

/** Before all of them go: whether their rows go as well. */
export function markMemoryOnly({ record }: AorChange, flags: number): void {
  for (let at = record?.contacts; at !== undefined; at = at.next) setMemoryOnly(at, flags)
}
