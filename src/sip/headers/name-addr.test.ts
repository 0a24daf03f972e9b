import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ParseError } from '../parse-error.ts'
import { good } from '../../../test/support/sip-message.ts'
import { isPlainAddress, parseNameAddr, parseNameAddrList } from './name-addr.ts'

type Row = readonly [text: string, display: string, uri: string, tag: string | undefined]

const GOOD: readonly Row[] = [
  ['<sip:a@b>', '', 'sip:a@b', undefined],
  ['sip:a@b;tag=1', '', 'sip:a@b', '1'],
  ['"A, B" <sip:a@b> ; tag = 4 ', '"A, B"', 'sip:a@b', '4'],
  ['"a\\"b"<sip:a@b>', '"a\\"b"', 'sip:a@b', undefined],
  ['x y , z <sip:a@b>', 'x y , z', 'sip:a@b', undefined],
  ['< sip:a@b >', '', 'sip:a@b', undefined],
  ['<sip:a@b>;tag', '', 'sip:a@b', ''],
  ['<sip:a@b>;tag=;x=1', '', 'sip:a@b', ''],
  ['<sip:a@b>;tag=1;TAG=2', '', 'sip:a@b', '2'],
  ['<sip:a@b>\r\n ;tag=3', '', 'sip:a@b', '3'],
  ['<sip:a@b>;x="a;tag=9";tag=3', '', 'sip:a@b', '3'],
]

test('one address is read with its display name, URI and tag', () => {
  for (const [text, display, uri, tag] of GOOD) {
    const address = good(parseNameAddr(text, 0, text.length))
    assert.deepEqual([address.display, address.uri, address.tag], [display, uri, tag], text)
    assert.equal(text.slice(address.uriStart, address.uriEnd), uri, text)
  }
})

const BAD = [
  '', ' ', '<sip:a@b', '"x', '"x" sip:a@b', '<sip:a@b> x', '<sip:a@b>;', '<sip:a@b>;;', '<sip:a@b>;=x', '<sip:a@b>;x==y',
  '<sip:a@b>;tag="1', '<sip:a@b>;tag=a b', '<sip:a@b>,<sip:c@d>', '<>', '<<sip:a@b>>', 'sip:a@b>', '"a\r\n b" <sip:a@b>',
  'a"b" <sip:a@b>', '<sip: a@b>', 'sip:a b@c', 'a;b <sip:a@b>', '<sip:a@b;x=">">', ';tag=1',
]

test('what Kamailio does not take for one address is an error', () => {
  for (const text of BAD) assert.ok(parseNameAddr(text, 0, text.length) instanceof ParseError, text)
})

test('what looks plain is an address, and the usual forms look plain', () => {
  for (const text of BAD) assert.equal(isPlainAddress(`${text}\r\n`, 0, text.length), false, text)
  for (const text of ['<sip:a@b>', '<sip:a@b>;tag=1', '"A B" <sip:a@b>;tag=x-1', '"A"<sip:a@b>']) {
    assert.equal(isPlainAddress(`${text}\r\n`, 0, text.length), true, text)
  }
})

test('addresses of a list are taken apart at commas outside of quotes and brackets', () => {
  const text = '"a, b" <sip:a@b;x=1,2>;q=1 , sip:c@d;expires=5,<sip:e@f>'
  assert.deepEqual(good(parseNameAddrList(text, 0, text.length)).map(({ uri }) => uri), ['sip:a@b;x=1,2', 'sip:c@d', 'sip:e@f'])
})
