/** Which contact of a record a registration is about. */
import type { Contact, ContactInfo } from './contact.ts'
import type { AorRecord } from './record.ts'

/** Values of matching_mode. */
export const MatchingMode = { contact: 0, contactCallId: 1, contactPath: 2, callId: 3 } as const

/**
 * `none`: a new contact. `outdated`: its registration is older than the one known. `repeated`: the registration known, sent
 * again within cseq_delay seconds.
 */
export type Match = Contact | 'none' | 'outdated' | 'repeated'

export interface MatchRules {
  readonly matching_mode: number
  readonly cseq_delay: number
}

export interface MatchKeys {
  readonly callId: string
  readonly path: string
  readonly cseq: number
}

/** By instance and reg-id where the phone tells its instance, else by matching_mode. */
export function findContact(rules: MatchRules, record: AorRecord, uri: string, info: ContactInfo, now: number): Match {
  if (info.instance === '') return findByMode(rules, record, uri, info, now)
  const wanted = withoutBrackets(info.instance)
  for (let at = record.contacts; at !== undefined; at = at.next) {
    if (at.instance !== '' && at.regId === info.regId && withoutBrackets(at.instance) === wanted) return at
  }
  return 'none'
}

export function findByMode(rules: MatchRules, record: AorRecord, uri: string, keys: MatchKeys, now: number): Match {
  const mode = rules.matching_mode
  let at = record.contacts
  while (at !== undefined && !fits(at, mode, uri, keys)) at = at.next
  if (at === undefined) return 'none'
  if (mode !== MatchingMode.contactCallId && at.callId !== keys.callId) return at
  if (keys.cseq < at.cseq) return 'outdated'
  if (keys.cseq === at.cseq) return at.lastModified + rules.cseq_delay > now ? 'repeated' : 'outdated'
  return at
}

function fits(contact: Contact, mode: number, uri: string, keys: MatchKeys): boolean {
  if (mode === MatchingMode.callId) return contact.callId === keys.callId
  if (contact.uri !== uri) return false
  if (mode === MatchingMode.contactCallId) return contact.callId === keys.callId
  return mode !== MatchingMode.contactPath || keys.path === '' || contact.path === keys.path
}

/** `<urn:uuid:...>` is the same instance as `urn:uuid:...`. */
export function withoutBrackets(instance: string): string {
  return instance.charCodeAt(0) === 60 && instance.charCodeAt(instance.length - 1) === 62 ? instance.slice(1, -1) : instance
}
