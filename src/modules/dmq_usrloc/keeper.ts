/** The contacts of the table as a replica: what is one and the same contact on all nodes, and which registration of it counts. */
import { contentHash, Replica, type JsonObject, type JsonValue, type ReplicaKeeper } from '../dmq/api.ts'
import { withoutBrackets, type Contact, type ContactInfo, type LocationTable } from '../usrloc/api.ts'
import { readContact, replicaJson } from './contact-json.ts'
import type { DmqUsrloc } from './state.ts'

/** Neither address nor contact holds it. */
const SEPARATOR = '\n'
/** A deletion is remembered for at least so long, and for a contact that never expires as long as that. */
const GRAVE_SECONDS = 3600
const PERMANENT_GRAVE_SECONDS = 86_400

type Identified = Pick<ContactInfo, 'instance' | 'regId' | 'uri' | 'callId' | 'path'>

/** What makes a contact the same one: its instance, or what matching_mode says. */
export function keyOf(matchingMode: number, aor: string, contact: Identified): string {
  if (contact.instance !== '') return `${aor}${SEPARATOR}i${contact.regId} ${withoutBrackets(contact.instance)}`
  switch (matchingMode) {
    case 1: return `${aor}${SEPARATOR}c${contact.uri}${SEPARATOR}${contact.callId}`
    case 2: return `${aor}${SEPARATOR}c${contact.uri}${SEPARATOR}${contact.path}`
    case 3: return `${aor}${SEPARATOR}d${contact.callId}`
    default: return `${aor}${SEPARATOR}c${contact.uri}`
  }
}

export function keyOfContact({ usrloc }: DmqUsrloc, contact: Contact): string {
  return keyOf(usrloc.matchingMode, contact.record.aor, contact)
}

const aorIn = (key: string): string => key.slice(0, key.indexOf(SEPARATOR))

export function findByKey(state: DmqUsrloc, table: LocationTable, key: string): Contact | undefined {
  const record = table.get(aorIn(key))
  for (let at = record?.contacts; at !== undefined; at = at.next) if (keyOfContact(state, at) === key) return at
  return undefined
}

export function keeperOf(state: () => DmqUsrloc): ReplicaKeeper {
  return {
    read(key) {
      const contact = findByKey(state(), state().table, key)
      return contact === undefined ? undefined : replicaJson(state(), contact)
    },
    write: (key, value) => write(state(), key, value),
    remove(key) {
      const { usrloc, table } = state()
      void usrloc.change(table, aorIn(key), (change) => {
        for (let at = change.record?.contacts; at !== undefined; at = at.next) {
          if (keyOfContact(state(), at) !== key) continue
          applying(state(), () => change.remove(at))
          break
        }
        change.close()
      }, () => undefined)
    },
  }
}

/** Does something that is not told on. */
export function applying(state: DmqUsrloc, work: () => void): void {
  state.isApplying = true
  try {
    work()
  } finally {
    state.isApplying = false
  }
}

function write(state: DmqUsrloc, key: string, value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const read = readContact(state, value as JsonObject)
  if (typeof read === 'string') return false
  const { info } = read
  const aor = aorIn(key)
  if (aor === '' || info.uri === '' || info.ruid === '' || keyOf(state.usrloc.matchingMode, aor, info) !== key) return false
  void state.usrloc.change(state.table, aor, (change) => applying(state, () => {
    let known: Contact | undefined
    for (let at = change.record?.contacts; at !== undefined; ) {
      const { next } = at
      if (keyOfContact(state, at) === key) {
        // Another registration of the same contact has lost.
        if (at.ruid !== info.ruid || at.uri !== info.uri) change.remove(at)
        else known = at
      }
      at = next
    }
    if (known === undefined) change.insert(info)
    else change.update(known, info)
  }), () => undefined)
  return true
}

/** A contact as it is here now, for the replica. */
export function noteContact(state: DmqUsrloc, contact: Contact, stampAtLeast: number, isQuiet: boolean): void {
  const key = keyOfContact(state, contact)
  const before = state.pathKeys?.get(contact)
  state.pathKeys?.set(contact, key)
  // With matching_mode 2 a registration without Path may take another's place.
  if (before !== undefined && before !== key) {
    state.replica.bury(before, state.replica.nextStamp(before, state.usrloc.now()), state.usrloc.now() + PERMANENT_GRAVE_SECONDS, isQuiet)
  }
  const stamp = state.replica.nextStamp(key, stampAtLeast)
  state.replica.set(key, stamp, contentHash(JSON.stringify(replicaJson(state, contact))), contact.expires, isQuiet)
}

export function noteRemoval(state: DmqUsrloc, contact: Contact, isQuiet: boolean): void {
  const key = keyOfContact(state, contact)
  const now = state.usrloc.now()
  const known = state.replica.get(key)
  const until = known === undefined || known.expires === 0 ? now + PERMANENT_GRAVE_SECONDS : Math.max(known.expires, now + GRAVE_SECONDS)
  state.replica.bury(key, state.replica.nextStamp(key, now), until, isQuiet)
}

export function createReplica(state: () => DmqUsrloc, tableName: string, nowSeconds: number): Replica {
  return new Replica(`usrloc:${tableName}`, nowSeconds, keeperOf(state))
}
