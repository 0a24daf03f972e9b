/** Contacts that the script has fetched, by the name of a profile: what `$ulc(profile=>attribute)` shows. */
import type { PvValue } from '../../define/define.ts'
import { isStream } from '../../sip/endpoint.ts'
import type { Contact, LocationTable } from '../usrloc/api.ts'
import { aorOf } from './aor.ts'
import type { Registrar } from './state.ts'

/** A contact as it was then. */
export type ContactCopy = Readonly<Omit<Contact, 'record' | 'next' | 'renew' | 'isValid'>>

export interface Profile {
  readonly aor: string
  readonly hash: number
  readonly table: string
  readonly contacts: readonly ContactCopy[]
}

/** Kamailio keeps them for each process, and so for the next message as well. */
export class Profiles {
  readonly #byName = new Map<string, Profile>()

  get(name: string): Profile | undefined {
    return this.#byName.get(name)
  }

  set(name: string, profile: Profile): void {
    this.#byName.set(name, profile)
  }

  delete(name: string): void {
    this.#byName.delete(name)
  }
}

/** Later registrations change a contact itself. */
function copyOf(contact: Contact): ContactCopy {
  const { record: _record, next: _next, ...copy } = contact
  return copy
}

export function profileOf(table: LocationTable, aor: string, hash: number, first: Contact | undefined, isAlone = false): Profile {
  const contacts: ContactCopy[] = []
  for (let at = first; at !== undefined; at = isAlone ? undefined : at.next) contacts.push(copyOf(at))
  return { aor, hash, table: table.name, contacts }
}

/** reg_fetch_contacts() */
export function fetchContacts(registrar: Registrar, table: LocationTable, uri: string, name: string): number | Promise<number> {
  registrar.profiles.delete(name)
  const aor = aorOf(registrar, uri)
  if ('status' in aor) {
    registrar.host.log.error('registrar', 'failed to extract Address Of Record')
    return -1
  }
  return registrar.usrloc.read(table, aor.text, (record) => {
    if (record === undefined) return -1
    registrar.profiles.set(name, profileOf(table, record.aor, 0, record.contacts))
    return 1
  })
}

/** null for `$null`. Kamailio counts $ulc(x=>aorhash) as 0: it never computes it. */
export const ATTRIBUTES: Readonly<Record<string, (contact: ContactCopy, profile: Profile) => PvValue>> = {
  aor: (_, { aor }) => aor,
  domain: (_, { table }) => table,
  aorhash: (_, { hash }) => hash,
  addr: ({ uri }) => uri,
  path: ({ path }) => path,
  received: ({ received }) => received,
  expires: ({ expires }) => expires,
  callid: ({ callId }) => callId,
  q: ({ q }) => q,
  cseq: ({ cseq }) => cseq,
  flags: ({ flags }) => flags,
  cflags: ({ cflags }) => cflags,
  user_agent: ({ userAgent }) => userAgent,
  socket: ({ socketText }) => socketText || null,
  modified: ({ lastModified }) => lastModified,
  methods: ({ methods }) => methods,
  count: (_, { contacts }) => contacts.length,
  ruid: ({ ruid }) => ruid,
  regid: ({ regId }) => regId,
  instance: ({ instance }) => instance || null,
  conid: ({ socket, connectionId }) => (socket !== undefined && isStream(socket.transport) ? connectionId : null),
  server_id: ({ serverId }) => serverId,
}

/** An attribute of a profile's contact; negative indexes are the first, as in Kamailio. */
export function readAttribute(registrar: Registrar, name: string, attribute: string, index: number): PvValue {
  const profile = registrar.profiles.get(name)
  const contact = profile?.contacts[Math.max(0, index)]
  return profile === undefined || contact === undefined ? null : ATTRIBUTES[attribute]?.(contact, profile) ?? null
}

