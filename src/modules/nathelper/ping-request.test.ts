import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { testHost, testSocket } from '../../../test/support/test-host.ts'
import { PingRequests, reversedHex } from './ping-request.ts'

const requests = new PingRequests(testHost(), { method: 'OPTIONS', from: 'sip:pinger@example.com' })

/** The reply of a phone to a ping: the headers as they came. */
function replyTo(ping: string, change = (lines: string[]): string[] => lines) {
  const lines = ping.split('\r\n').filter((line) => line !== '')
  return messageOf(change(['SIP/2.0 200 OK', ...lines.slice(1)]))
}

test('a ping names the contact, and its reply tells whose it is', () => {
  const ping = requests.text('sip:a@192.0.2.9', '<sip:p;lr>', 'uloc-1-2', 0x1234abcd, testSocket())
  assert.match(ping, /^OPTIONS sip:a@192\.0\.2\.9 SIP\/2\.0\r\nVia: SIP\/2\.0\/UDP 192\.0\.2\.1:5060;branch=z9hG4bK\w{7}\r\n/)
  assert.match(ping, /\r\nRoute: <sip:p;lr>\r\nFrom: sip:pinger@example\.com;tag=uloc-1-2-dcba4321-/)
  assert.deepEqual(requests.contactOf(replyTo(ping)), { ruid: 'uloc-1-2', hash: 0x1234abcd })
})

test('an advertised address stands in the Via, and there is no Route without a path', () => {
  const ping = requests.text('sip:a@b', '', 'r', 0, testSocket({ advertise: { host: 'sip.example.com', port: 0 } }))
  assert.match(ping, /Via: SIP\/2\.0\/UDP sip\.example\.com:5060;branch=z9hG4bK\w{7}\r\nFrom: sip:pinger@example\.com;tag=r-0-/)
})

test('other replies are no answers to pings', () => {
  const ping = requests.text('sip:a@b', '', 'r', 5, testSocket())
  const changes: readonly ((line: string) => string)[] = [
    (line) => line.replace('pinger', 'other'), (line) => line.replace('CSeq: 1 OPTIONS', 'CSeq: 1 INFO'),
    (line) => line.replace(/^Via: .*/, '$&\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1'), (line) => line.replace(/tag=.*/, 'tag=x'),
  ]
  for (const change of changes) assert.equal(requests.contactOf(replyTo(ping, (lines) => lines.map(change))), undefined)
})

test('numbers are written with the lowest digit first', () => {
  for (const [value, text] of [[0, '0'], [0x1f, 'f1'], [-1, 'ffffffff']] as const) assert.equal(reversedHex(value), text)
})
