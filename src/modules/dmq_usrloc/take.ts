/** Plain messages of other nodes. */
import { BAD_REQUEST, OK, parseBody, wholeOf, type ChannelReply, type DmqNode, type JsonObject, type JsonValue } from '../dmq/api.ts'
import type { AorRecord, Contact, ContactInfo } from '../usrloc/api.ts'
import { readContact } from './contact-json.ts'
import { applying, noteContact, noteRemoval } from './keeper.ts'
import { sendAll } from './send.ts'
import { Action, type DmqUsrloc } from './state.ts'

/** Contacts of one message that are taken. */
const CONTACTS_MAX = 2000

export function takeMessage(state: DmqUsrloc, body: string, from: DmqNode | undefined): ChannelReply {
  const { log } = state.host
  if (body === '') return BAD_REQUEST
  const json = parseBody(body)
  if (json === undefined) {
    log.error('dmq_usrloc', `invalid json doc [[${body}]]`)
    return BAD_REQUEST
  }
  const { multi } = json
  if (multi === undefined) return takeOne(state, json, from)
  let answer = OK
  for (const one of Object.values(isObject(multi) ? multi : {}).slice(0, CONTACTS_MAX)) {
    const taken = isObject(one) ? takeOne(state, one, from) : BAD_REQUEST
    if (taken !== OK) answer = taken
  }
  return answer
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function takeOne(state: DmqUsrloc, json: JsonObject, from: DmqNode | undefined): ChannelReply {
  const { host } = state
  const action = wholeOf(json['action'])
  if (action === Action.sync) {
    sendAll(state, from)
    return OK
  }
  if (action === Action.none) return OK
  if (action !== Action.update && action !== Action.remove) return BAD_REQUEST
  const read = readContact(state, json)
  if (typeof read === 'string') {
    host.log.error('dmq_usrloc', read)
    return BAD_REQUEST
  }
  if (action === Action.update) update(state, read.aor, read.info)
  else remove(state, read.aor, read.info)
  return OK
}

function update(state: DmqUsrloc, aor: string, info: ContactInfo): void {
  const { usrloc, table, host } = state
  if (aor === '' || info.uri === '' || info.ruid === '') {
    host.log.error('usrloc', `no ruid for aor: ${aor}`)
    host.log.error('usrloc', 'failed to create new contact')
    host.log.error('usrloc', 'failed to insert contact')
    return
  }
  void usrloc.change(table, aor, (change) => applying(state, () => {
    const { record } = change
    const found = record === undefined ? 'none' : byRuid(record, info.ruid) ?? usrloc.find(record, info.uri, info)
    if (found === 'outdated') {
      host.log.error('dmq_usrloc', 'Invalid cseq')
      return
    }
    if (found === 'repeated') return
    if (found === 'none') noteContact(state, change.insert(info), info.lastModified, true)
    else {
      change.update(found, info)
      noteContact(state, found, info.lastModified, true)
    }
  }), () => undefined)
}

function remove(state: DmqUsrloc, aor: string, { ruid }: ContactInfo): void {
  void state.usrloc.change(state.table, aor, (change) => applying(state, () => {
    const found = change.record === undefined ? undefined : byRuid(change.record, ruid)
    if (found === undefined) return
    noteRemoval(state, found, true)
    change.remove(found)
    change.close()
  }), () => undefined)
}

function byRuid(record: AorRecord, ruid: string): Contact | undefined {
  for (let at = record.contacts; at !== undefined; at = at.next) if (at.ruid === ruid) return at
  return undefined
}
