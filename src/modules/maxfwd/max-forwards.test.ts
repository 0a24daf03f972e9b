import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { testHost } from '../../../test/support/test-host.ts'
import { outgoingInfo } from '../../sip/build-request.ts'
import type { SipMessage } from '../../sip/message.ts'
import { isBelow, processMaxForwards } from './max-forwards.ts'

const host = testHost()

function withHeader(line: string): SipMessage {
  return messageOf(['OPTIONS sip:b SIP/2.0', 'Via: SIP/2.0/UDP a', ...(line === '' ? [] : [line]), 'X: y'])
}

/** The headers as they leave. */
function leaving(message: SipMessage): string {
  const out = outgoingInfo(message.received.socket, 'udp')
  return message.edits.applyTo(message.text, out, message.headersStart, message.text.length, true)
}

// line, result, the line that leaves: with 10 for a new header and 70 as the most.
const rows: readonly (readonly [line: string, result: number, leaves: string])[] = [
  ['Max-Forwards: 70', 1, 'Max-Forwards: 69'],
  ['Max-Forwards: 1', 1, 'Max-Forwards: 0'],
  ['Max-Forwards: 100', 1, 'Max-Forwards:  70'],
  ['Max-Forwards: 10', 1, 'Max-Forwards:  9'],
  ['Max-Forwards: 0', -1, 'Max-Forwards: 0'],
  ['Max-Forwards:', -1, 'Max-Forwards:'],
  ['Max-Forwards: x', -2, 'Max-Forwards: x'],
  ['Max-Forwards: -1', -2, 'Max-Forwards: -1'],
  ['Max-Forwards: 99999999999', -2, 'Max-Forwards: 99999999999'],
]

test('Max-Forwards is lowered in its place', () => {
  for (const [line, result, leaves] of rows) {
    const message = withHeader(line)
    assert.equal(processMaxForwards(host, message, 10, 70), result, line)
    assert.equal(leaving(message), `Via: SIP/2.0/UDP a\r\n${leaves}\r\nX: y\r\n\r\n`, line)
  }
})

test('a request without it gets one in front of its headers', () => {
  const message = withHeader('')
  assert.equal(processMaxForwards(host, message, 10, 70), 2)
  assert.equal(leaving(message), 'Max-Forwards: 10\r\nVia: SIP/2.0/UDP a\r\nX: y\r\n\r\n')
})

test('each call lowers it once more', () => {
  const message = withHeader('Max-Forwards: 3')
  assert.deepEqual([1, 2, 3, 4].map(() => processMaxForwards(host, message, 10, 70)), [1, 1, 1, -1])
  assert.match(leaving(message), /Max-Forwards: 0\r\n/)
})

test('the number is compared with a limit', () => {
  const rows = [['Max-Forwards: 5', 6, 1], ['Max-Forwards: 5', 5, -1], ['', 5, -2], ['Max-Forwards: x', 5, -3]] as const
  for (const [line, limit, result] of rows) assert.equal(isBelow(host, withHeader(line), limit), result, line)
})
