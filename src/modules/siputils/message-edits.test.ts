import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf, testSource } from '../../../test/support/sip-message.ts'
import { testHost } from '../../../test/support/test-host.ts'
import type { LogRecord } from '../../base/log.ts'
import type { SipMessage } from '../../sip/message.ts'
import { createChargingVectors, handleVector, vectorPart } from './charging-vector.ts'
import { decodeContacts, encodeContacts, hasContactParam, removeContactParam } from './contact-edit.ts'
import { checkDate } from './date-check.ts'
import { isFirstHop } from './first-hop.ts'

const REQUEST = ['OPTIONS sip:x@192.0.2.1 SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1']

const sent = (message: SipMessage): string =>
  message.edits.applyTo(message.text, { host: '192.0.2.1', port: 5060, transport: 'udp' }, 0, message.text.length, true)

const contactSent = (message: SipMessage): string | undefined => /^Contact: (.*)\r$/m.exec(sent(message))?.[1]

test('contacts are put into a parameter and taken out again', () => {
  const { log } = testHost()
  const message = messageOf([...REQUEST, 'Contact: "B" <sip:bob@10.0.0.1>;q=1, sip:c@d'])
  assert.equal(encodeContacts(log, message, 'k', 'sip:192.0.2.1', false), 1)
  const packed = contactSent(message)
  assert.equal(packed, '"B" <sip:192.0.2.1;k=c2lwOmJvYkAxMC4wLjAuMQ>;q=1, <sip:192.0.2.1;k=c2lwOmNAZA>')
  const back = messageOf([...REQUEST, `Contact: ${packed}`])
  assert.equal(decodeContacts(log, back, 'K'), 1)
  assert.equal(contactSent(back), '"B" <sip:bob@10.0.0.1>;q=1, <sip:c@d>')
})

test('the source of a message is encoded along as alias', () => {
  const message = messageOf([...REQUEST, 'Contact: <sip:bob@10.0.0.1>'], '', testSource({ sourceAddress: '2001:db8::1' }))
  assert.equal(encodeContacts(testHost().log, message, 'k', 'sip:h', true), 1)
  const value = /k=([^>]*)>/.exec(sent(message))?.[1] ?? ''
  assert.equal(Buffer.from(value, 'base64url').toString(), 'sip:bob@10.0.0.1;alias=[2001:db8::1]~5070~1')
})

test('a contact that is no base64 is refused, one without the parameter stays', () => {
  const { log } = testHost()
  assert.equal(decodeContacts(log, messageOf([...REQUEST, 'Contact: <sip:a@b;k=!!>']), 'k'), -1)
  const message = messageOf([...REQUEST, 'Contact: <sip:a@b;k>'])
  assert.equal(decodeContacts(log, message, 'k'), 1)
  assert.equal(message.hasEdits, false)
})

test('a parameter of contacts is found and removed', () => {
  const { log } = testHost()
  const message = messageOf([...REQUEST, 'Contact: <sip:a@b;x;k=1;y>, sip:c@d;k=1'])
  assert.equal(hasContactParam(log, message, 'K'), 1)
  assert.equal(hasContactParam(log, message, 'z'), -1)
  assert.equal(removeContactParam(log, message, 'k'), 1)
  assert.equal(contactSent(message), '<sip:a@b;x;y>, sip:c@d;k=1')
})

test('a charging vector is read, removed and made', () => {
  const host = testHost()
  const rows: readonly (readonly [header: string, flags: string, want: RegExp])[] = [
    ['P-Charging-Vector: icid-value=abc', 'g', /^P-Charging-Vector: icid-value=abc\r$/m],
    ['P-Charging-Vector: icid-value=abc', 'f', /^P-Charging-Vector: icid-value=495653[0-9A-F]{26}; icid-generated-at=192.0.2.1\r$/m],
    ['P-Charging-Vector: icid-value=abc', 'rg', /^P-Charging-Vector: icid-value=495653/m],
    ['P-Charging-Vector: broken', 'r', /z9hG4bK1\r\n\r\n$/],
    ['Subject: none', 'G', /^Subject: none\r\nP-Charging-Vector: icid-value=495653/m],
  ]
  for (const [header, flags, want] of rows) {
    const message = messageOf([...REQUEST, header])
    assert.equal(handleVector(createChargingVectors(host), message, flags), 1)
    assert.match(sent(message), want, `${header} ${flags}`)
    assert.equal(sent(message).split('P-Charging-Vector').length <= 2, true)
  }
})

test('$pcv gives the parts of the vector', () => {
  const records: LogRecord[] = []
  const state = createChargingVectors(testHost({ records }))
  const value = 'icid-value=abc;icid-generated-at=1.2.3.4;orig-ioi=o.org, x'
  const message = messageOf([...REQUEST, `P-Charging-Vector: ${value}`])
  const parts = (['all', 'value', 'genaddr', 'orig', 'term'] as const).map((part) => vectorPart(state, message, part))
  assert.deepEqual(parts, [value, 'abc', '1.2.3.4', 'o.org', null])
  assert.ok(records.some(({ text }) => text.includes('No value for pseudo-var $pcv')))
})

test('Date is compared with the clock', () => {
  const host = { ...testHost(), clock: { ...testHost().clock, now: () => Date.UTC(2026, 0, 1, 0, 0, 10) } }
  const rows: readonly (readonly [date: string, age: number, want: number])[] = [
    ['Thu, 01 Jan 2026 00:00:00 GMT', 10, 1],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 9, -4],
    ['Thu, 01 Jan 2099 00:00:00 GMT', 0, 1],
    ['Tue, 01 Jan 1901 00:00:00 GMT', 0, -2],
    ['yesterday', 0, -1],
  ]
  for (const [date, age, want] of rows) assert.equal(checkDate(host, messageOf([...REQUEST, `Date: ${date}`]), age), want, date)
  assert.equal(checkDate(host, messageOf(REQUEST), 0), -1)
})

test('the first hop is told by Via in requests and by Record-Route in replies', () => {
  const { network } = testHost()
  assert.equal(isFirstHop(network, messageOf(REQUEST), 0), true)
  assert.equal(isFirstHop(network, messageOf([...REQUEST, 'Via: SIP/2.0/UDP h']), 0), false)
  const replies: readonly (readonly [route: string, mode: number, want: boolean])[] = [
    ['<sip:192.0.2.1;lr>', 0, true],
    ['<sip:192.0.2.7;lr>', 0, false],
    ['<sip:name;lr>', 0, false],
    ['<sip:192.0.2.1;lr>, <sip:192.0.2.7>', 1, true],
  ]
  for (const [route, mode, want] of replies) {
    const reply = messageOf(['SIP/2.0 200 OK', 'Via: SIP/2.0/UDP 192.0.2.1', `Record-Route: ${route}`])
    assert.equal(isFirstHop(network, reply, mode), want, `${route} ${mode}`)
  }
  const looped = messageOf(['SIP/2.0 200 OK', 'Record-Route: <sip:192.0.2.1;lr>'], '',
    testSource({ sourceAddress: '192.0.2.1', sourcePort: 5060 }))
  assert.equal(isFirstHop(network, looped, 0), false)
  assert.equal(isFirstHop(network, messageOf(['SIP/2.0 200 OK']), 0), true)
})
