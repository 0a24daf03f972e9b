import assert from 'node:assert/strict'
import { test } from 'node:test'
import { good, messageOf } from '../../../test/support/sip-message.ts'
import { HeaderType } from '../header-name.ts'
import { ParseError } from '../parse-error.ts'
import type { Via } from './via.ts'

function viaOf(value: string): Via | ParseError | undefined {
  const message = messageOf(['OPTIONS sip:a SIP/2.0', `Via: ${value}`])
  return message.firstVia() ?? message.error
}

type Row = readonly [value: string, transport: string, host: string, port: number, branch: string | undefined]

const GOOD: readonly Row[] = [
  ['SIP/2.0/UDP 192.0.2.9:5070;branch=x', 'UDP', '192.0.2.9', 5070, 'x'],
  ['SIP / 2.0 / tcp  a.example : 5070 ; branch = x', 'tcp', 'a.example', 5070, 'x'],
  ['SIP/2.0/UDP [2001:db8::1];branch=x', 'UDP', '2001:db8::1', 0, 'x'],
  ['SIP/2.0/UDP a;rport;received=192.0.2.1', 'UDP', 'a', 0, undefined],
  ['SIP/2.0/UDP a:70606', 'UDP', 'a', 5070, undefined],
  ['SIP/2.0/UDP a\r\n ;branch=x', 'UDP', 'a', 0, 'x'],
]

test('a Via is read with transport, host, port and branch', () => {
  for (const [value, transport, host, port, branch] of GOOD) {
    const via = good(viaOf(value))
    assert.deepEqual([via.transport, via.host, via.port, via.branch], [transport, host, port, branch], value)
  }
})

test('what Kamailio does not take for a Via is an error', () => {
  const values = [
    '', 'nonsense', 'SIP/2.0/UDP', 'SIP/3.0/UDP a', 'SIP/2.0/UDP :5070', 'SIP/2.0/UDP a:', 'SIP/2.0/UDP a:x', 'SIP/2.0/UDP a:705070',
    'SIP/2.0/UDP a;branch', 'SIP/2.0/UDP a;branch=', 'SIP/2.0/UDP a;received', 'SIP/2.0/UDP a;;branch=x', 'SIP/2.0/UDP a;=x',
    'SIP/2.0/UDP a;branch=a=b', 'SIP/2.0/UDP a,', 'SIP/2.0/UDP [::1', 'SIP/2.0/UDP a b',
  ]
  for (const value of values) assert.ok(viaOf(value) instanceof ParseError, value)
})

test('rport is empty without a value and absent without a name', () => {
  assert.equal(good(viaOf('SIP/2.0/UDP a;rport;branch=x')).rport, '')
  assert.equal(good(viaOf('SIP/2.0/UDP a;RPORT=5;branch=x')).rport, '5')
  assert.equal(good(viaOf('SIP/2.0/UDP a;branch=x')).rport, undefined)
})

test('parameters are found by name in any case', () => {
  const via = good(viaOf('SIP/2.0/UDP a;MAddr=192.0.2.7;ttl=1;alias'))
  assert.deepEqual([via.maddr, via.param('ttl'), via.param('alias'), via.param('none')], ['192.0.2.7', '1', '', undefined])
  assert.equal(via.header.type, HeaderType.via)
})
