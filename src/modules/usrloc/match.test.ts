import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL_METHODS, Contact, NO_CONNECTION, type ContactInfo } from './contact.ts'
import { findContact, MatchingMode, type Match } from './match.ts'
import { AorRecord } from './record.ts'

const known: ContactInfo = {
  uri: 'sip:1@a', callId: 'c', cseq: 5, expires: 100, q: -1, userAgent: '', received: '', path: '<sip:p>', socket: undefined, socketText: '',
  flags: 0, cflags: 0, methods: ALL_METHODS, instance: '', regId: 0, ruid: 'r', serverId: 0, connectionId: NO_CONNECTION, lastModified: 1000,
  xavp: undefined,
}

function find(mode: number, stored: Partial<ContactInfo>, sent: Partial<ContactInfo>, now = 1000): string {
  const record = new AorRecord('a', 0)
  const info = { ...known, ...stored }
  record.insert(new Contact(record, info.uri, info, '', 0, 0), false)
  const asked = { ...known, ...sent }
  const found: Match = findContact({ matching_mode: mode, cseq_delay: 20 }, record, asked.uri, asked, now)
  return typeof found === 'string' ? found : 'found'
}

const { contact, contactCallId, contactPath, callId } = MatchingMode

const rows: readonly (readonly [mode: number, sent: Partial<ContactInfo>, expected: string])[] = [
  [contact, { cseq: 6 }, 'found'],
  [contact, { cseq: 5 }, 'repeated'],
  [contact, { cseq: 4 }, 'outdated'],
  [contact, { cseq: 1, callId: 'other' }, 'found'],
  [contact, { uri: 'sip:2@a' }, 'none'],
  [contactCallId, { cseq: 6 }, 'found'],
  [contactCallId, { cseq: 6, callId: 'other' }, 'none'],
  [contactPath, { cseq: 6 }, 'found'],
  [contactPath, { cseq: 6, path: '<sip:q>' }, 'none'],
  [contactPath, { cseq: 6, path: '' }, 'found'],
  [callId, { cseq: 6, uri: 'sip:2@a' }, 'found'],
  [callId, { cseq: 6, callId: 'other' }, 'none'],
]

test('a registration is about the contact that matching_mode says, and tells copies and old ones by CSeq', () => {
  for (const [mode, sent, expected] of rows) assert.equal(find(mode, {}, sent), expected, `${mode} ${JSON.stringify(sent)}`)
})

test('the same CSeq is a copy for cseq_delay seconds only', () => {
  assert.equal(find(contact, {}, {}, 1019), 'repeated')
  assert.equal(find(contact, {}, {}, 1020), 'outdated')
})

test('a phone is known by its instance and reg-id, whatever its address and CSeq', () => {
  const stored = { instance: '<urn:x>', regId: 1 }
  assert.equal(find(contact, stored, { instance: 'urn:x', regId: 1, uri: 'sip:9@a', cseq: 1 }), 'found')
  assert.equal(find(contact, stored, { instance: '<urn:x>', regId: 2 }), 'none')
  assert.equal(find(contact, stored, { instance: '<urn:y>', regId: 1 }), 'none')
})
