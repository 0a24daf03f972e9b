/** Contacts in memory, and nothing else. */
import { Contact, type ContactInfo } from './contact.ts'
import type { LocationTable } from './location-table.ts'
import type { AorRecord } from './record.ts'
import type { Usrloc } from './state.ts'

/** The record may stand in the table, or be a passing one. */
export function addContact(usrloc: Usrloc, table: LocationTable, record: AorRecord, uri: string, info: ContactInfo): Contact {
  const contact = new Contact(record, uri, info, usrloc.userAgents.get(info.userAgent), usrloc.now(), usrloc.natFlag)
  record.insert(contact, usrloc.params.desc_time_order !== 0)
  if (table.get(record.aor) === record) table.contacts++
  return contact
}

export function removeContact(table: LocationTable, contact: Contact): void {
  const { record } = contact
  record.remove(contact)
  if (table.get(record.aor) === record) table.contacts--
}
