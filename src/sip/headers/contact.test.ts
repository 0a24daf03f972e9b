import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { HeaderType } from '../header-name.ts'
import { ParseError } from '../parse-error.ts'
import type { NameAddr } from './name-addr.ts'
import { parseContacts } from './contact.ts'

function contactsOf(value: string): readonly NameAddr[] | ParseError {
  const message = messageOf(['INVITE sip:b SIP/2.0', 'Via: SIP/2.0/UDP a', `Contact: ${value}`])
  const header = message.header(HeaderType.contact)
  assert.ok(header !== undefined)
  return parseContacts(message.text, header)
}

test('contacts are read with their parameters; without brackets those belong to the header', () => {
  const contacts = contactsOf('"A, B" <sip:a@192.0.2.9;ob>;expires=60;q=0.5, sip:b@192.0.2.8;expires=0')
  assert.ok(!(contacts instanceof ParseError))
  assert.deepEqual(contacts.map((contact) => [contact.display, contact.uri, contact.param('expires'), contact.param('q')]), [
    ['"A, B"', 'sip:a@192.0.2.9;ob', '60', '0.5'], ['', 'sip:b@192.0.2.8', '0', undefined],
  ])
})

test('a star is a contact', () => {
  const contacts = contactsOf('*')
  assert.ok(!(contacts instanceof ParseError))
  assert.deepEqual(contacts.map((contact) => contact.isStar), [true])
})

test('what is no contact is an error', () => {
  for (const value of ['bob', '<sip:a@b', '"open <sip:a@b>', 'sip:a@b, bob', '<sip:a@b> x']) {
    assert.ok(contactsOf(value) instanceof ParseError, value)
  }
})
