import assert from 'node:assert/strict'
import { test } from 'node:test'
import { good } from '../../test/support/sip-message.ts'
import { ParseError } from './parse-error.ts'
import { withHost, withPort, withUser } from './rewrite-uri.ts'
import { endpointText, withBrackets, withoutBrackets } from '../base/address.ts'
import { parseUri, uriParam } from './uri.ts'

type Row = readonly [text: string, user: string, password: string, host: string, port: number, params: string, headers: string]

const GOOD: readonly Row[] = [
  ['sip:a@b', 'a', '', 'b', 0, '', ''],
  ['SIPS:b.example:5061', '', '', 'b.example', 5061, '', ''],
  ['sip:a:secret@b:5070;lr;x=y?H=v&I=w', 'a', 'secret', 'b', 5070, 'lr;x=y', 'H=v&I=w'],
  ['sip:a;x=1@b', 'a;x=1', '', 'b', 0, '', ''],
  ['sip:a b@c', 'a b', '', 'c', 0, '', ''],
  ['sip:[2001:db8::1]:5060;transport=tcp', '', '', '[2001:db8::1]', 5060, 'transport=tcp', ''],
  ['tel:+4930;phone-context=x', '+4930', '', '', 0, 'phone-context=x', ''],
]

test('a URI is read by its parts', () => {
  for (const [text, user, password, host, port, params, headers] of GOOD) {
    const uri = good(parseUri(text))
    const parts = [uri.user, uri.password, uri.host, uri.port, uri.params, uri.headers]
    assert.deepEqual(parts, [user, password, host, port, params, headers], text)
  }
})

test('other texts are no URI', () => {
  const faulty = ['', 'sip', 'sip:', 'x:a@b', 'http://a', 'sip:a@', 'sip:a@b:99999', 'sip:a@b:xyz', 'sip:[::1', 'sip:a@b@c', '<sip:a@b>']
  for (const text of faulty) {
    assert.ok(parseUri(text) instanceof ParseError, text)
  }
})

test('parameters are found by name in any case', () => {
  const uri = good(parseUri('sip:a@b;Transport=TCP;lr'))
  assert.deepEqual([uriParam(uri, 'transport'), uriParam(uri, 'lr'), uriParam(uri, 'none')], ['TCP', '', undefined])
})

test('one part of a URI is exchanged and the rest stays', () => {
  const uri = good(parseUri('sip:a:secret@b:5070;lr?H=v'))
  assert.equal(withUser(uri, 'new'), 'sip:new:secret@b:5070;lr?H=v')
  assert.equal(withUser(uri, ''), 'sip:b:5070;lr?H=v')
  assert.equal(withHost(uri, '[::1]'), 'sip:a:secret@[::1]:5070;lr?H=v')
  assert.equal(withPort(uri, '9'), 'sip:a:secret@b:9;lr?H=v')
  assert.equal(withPort(uri, ''), 'sip:a:secret@b;lr?H=v')
})

test('a telephone URI with a host becomes a SIP URI', () => {
  const uri = good(parseUri('tel:+4930;phone-context=x'))
  assert.equal(withUser(uri, '110'), 'tel:110;phone-context=x')
  assert.equal(withHost(uri, 'gw.example'), 'sip:+4930;phone-context=x@gw.example;user=phone')
  assert.equal(withPort(uri, '5060'), uri.text)
})

test('brackets are put around IPv6 addresses and taken away', () => {
  assert.deepEqual([withBrackets('::1'), withBrackets('[::1]'), withBrackets('a.b')], ['[::1]', '[::1]', 'a.b'])
  assert.deepEqual([withoutBrackets('[::1]'), withoutBrackets('a.b')], ['::1', 'a.b'])
  assert.deepEqual([endpointText('::1', 5060), endpointText('192.0.2.1', 5060)], ['[::1]:5060', '192.0.2.1:5060'])
})
