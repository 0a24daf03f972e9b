import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { testHost } from '../../../test/support/test-host.ts'
import type { LogRecord } from '../../base/log.ts'
import type { SipMessage } from '../../sip/message.ts'
import { addDiversion } from './add-diversion.ts'

const REQUEST = ['INVITE sip:x@192.0.2.1 SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1']

const headersSent = ({ edits, text }: SipMessage): readonly string[] =>
  edits.applyTo(text, { host: '192.0.2.1', port: 5060, transport: 'udp' }, 0, text.length, true).split('\r\n').slice(2, -2)

test('each Diversion goes in front of those that came and were added before', () => {
  const message = messageOf([...REQUEST, 'Diversion: <sip:old@h>', 'Subject: x'])
  assert.equal(addDiversion(testHost(), message, 'one', 'sip:a@h'), 1)
  assert.equal(addDiversion(testHost(), message, 'two', 'sip:b@h'), 1)
  assert.deepEqual(headersSent(message), [
    'Diversion: <sip:b@h>;reason=two', 'Diversion: <sip:a@h>;reason=one', 'Diversion: <sip:old@h>', 'Subject: x',
  ])
})

test('without any it goes behind the other headers, in front of what was appended', () => {
  const message = messageOf([...REQUEST, 'Subject: x'])
  message.edits.insert(message.bodyStart - 2, 'X-Appended: 1\r\n')
  addDiversion(testHost(), message, 'one', 'sip:a@h')
  assert.deepEqual(headersSent(message), ['Subject: x', 'Diversion: <sip:a@h>;reason=one', 'X-Appended: 1'])
})

test('a faulty header is an error only where no Diversion stands in front of it', () => {
  const records: LogRecord[] = []
  const host = testHost({ records })
  assert.equal(addDiversion(host, messageOf([...REQUEST, 'Diversion: <sip:a@h>', 'no colon']), 'x', 'sip:a@h'), 1)
  assert.equal(addDiversion(host, messageOf([...REQUEST, 'no colon', 'Diversion: <sip:a@h>']), 'x', 'sip:a@h'), -1)
  assert.deepEqual(records.map(({ text }) => text), ['header parsing failed'])
})
