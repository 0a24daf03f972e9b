import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL_METHODS, Contact, NO_CONNECTION, type ContactInfo } from './contact.ts'
import { AorRecord } from './record.ts'

function infoOf(parts: Partial<ContactInfo>): ContactInfo {
  return {
    uri: '', callId: 'c', cseq: 1, expires: 100, q: -1, userAgent: '', received: '', path: '', socket: undefined, socketText: '', flags: 0,
    cflags: 0, methods: ALL_METHODS, instance: '', regId: 0, ruid: 'r', serverId: 0, connectionId: NO_CONNECTION, lastModified: 0,
    xavp: undefined, ...parts,
  }
}

function add(record: AorRecord, uri: string, q: number, newestFirst = false): Contact {
  const contact = new Contact(record, uri, infoOf({ uri, q }), '', 0, 0)
  record.insert(contact, newestFirst)
  return contact
}

function order(record: AorRecord): string {
  let text = ''
  for (let at = record.contacts; at !== undefined; at = at.next) text += at.uri
  return text
}

test('contacts stand by q, those of the same q in the order they came', () => {
  const record = new AorRecord('a', 0)
  for (const [uri, q] of [['1', -1], ['2', 500], ['3', 1000], ['4', 500], ['5', -1]] as const) add(record, uri, q)
  assert.equal(order(record), '32415')
})

test('the newest stands first with desc_time_order, and comes to the front again when it is renewed', () => {
  const record = new AorRecord('a', 0)
  const first = add(record, '1', 1000, true)
  for (const uri of ['2', '3']) add(record, uri, 0, true)
  assert.equal(order(record), '321')
  record.reposition(first, true)
  assert.equal(order(record), '132')
})

test('a renewed contact is moved as Kamailio does: not where its neighbours have it between them, else behind lower ones in front', () => {
  const rows = [['3', 100, '321'], ['1', 900, '321'], ['2', 500, '321'], ['2', 50, '231'], ['3', 600, '321']] as const
  for (const [uri, q, expected] of rows) {
    const record = new AorRecord('a', 0)
    const contacts = [add(record, '3', 600), add(record, '2', 500), add(record, '1', 100)]
    const moved = contacts.find((contact) => contact.uri === uri)
    assert.ok(moved)
    moved.q = q
    record.reposition(moved, false)
    assert.equal(order(record), expected, `${uri} with q ${q}`)
  }
})

test('a removed contact leaves the others as they were', () => {
  const record = new AorRecord('a', 0)
  const contacts = ['1', '2', '3'].map((uri) => add(record, uri, 0))
  for (const [index, left] of [[1, '13'], [0, '3'], [2, '']] as const) {
    const contact = contacts[index]
    assert.ok(contact)
    record.remove(contact)
    assert.equal(order(record), left)
  }
})
