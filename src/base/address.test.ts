import assert from 'node:assert/strict'
import { isIPv4 } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressBytes, addressOfBytes, addressFamily, endpointText, ipv4Text, ipv6Text, withoutBrackets } from './address.ts'

const families: readonly (readonly [string, 0 | 4 | 6])[] = [
  ['127.0.0.1', 4], ['0.0.0.0', 4], ['255.255.255.255', 4], ['256.0.0.1', 0], ['1.2.3', 0], ['1.2.3.4.5', 0],
  ['1.2.3.', 0], ['1..3.4', 0], ['01.2.3.4', 0], ['1.2.3.4 ', 0], ['1.2.3.0004', 0], ['', 0], ['example.com', 0],
  ['1und1.example', 0], ['::', 6], ['::1', 6], ['[::1]', 6], ['2001:DB8::1', 6],
  ['fe80::1%eth0', 6], ['a:b', 0], ['[::1', 0],
]
for (const [host, family] of families) {
  test(`the family of ${JSON.stringify(host)} is ${family}`, () => assert.equal(addressFamily(host), family))
}

test('four numbers are taken exactly as Node takes them', () => {
  const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '0', '00', '09', '1e1', '-1', 'x'))
  fc.assert(fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
    const host = parts.join('.')
    assert.equal(addressFamily(host) === 4, isIPv4(host))
  }))
})

const texts: readonly (readonly [readonly [number, number, number, number], string])[] = [
  [[0, 0, 0, 0], '::'],
  [[0, 0, 0, 1], '::1'],
  [[0x20010db8, 0, 0, 9], '2001:db8::9'],
  [[0xfe800000, 0, 0x00010000, 0x00010000], 'fe80::1:0:1:0'],
  [[0x00010000, 0, 0x00010002, 0x00030004], '1::1:2:3:4'],
  [[0x00010002, 0x00030004, 0x00050006, 0x00070008], '1:2:3:4:5:6:7:8'],
  [[0x00010002, 0x00030004, 0x00050006, 0], '1:2:3:4:5:6::'],
  [[0, 0, 0xffff, 0x7f000001], '::ffff:127.0.0.1'],
]
for (const [words, text] of texts) {
  test(`an IPv6 address is written in its shortest form: ${text}`, () => assert.equal(ipv6Text(...words), text))
}

test('addresses and ports are written so that they can be told apart', () => {
  assert.equal(endpointText('10.0.0.1', 5060), '10.0.0.1:5060')
  assert.equal(endpointText('::1', 5060), '[::1]:5060')
  assert.equal(withoutBrackets('[::1]'), '::1')
  assert.equal(ipv4Text(0xc0000201), '192.0.2.1')
})

test('addresses become bytes and come back in their shortest form', () => {
  for (const [text, hex, back = text] of [
    ['192.0.2.255', 'c00002ff'],
    ['::', '00'.repeat(16)],
    ['::1', `${'00'.repeat(15)}01`],
    ['2001:db8::', `20010db8${'00'.repeat(12)}`],
    ['2001:0db8:0:0:1:0:0:2', '20010db8000000000001000000000002', '2001:db8::1:0:0:2'],
    ['::ffff:10.0.0.1', `${'00'.repeat(10)}ffff0a000001`],
    ['[::1]', `${'00'.repeat(15)}01`, '::1'],
    ['fe80::1%eth0', `fe80${'00'.repeat(13)}01`, 'fe80::1'],
  ] as const) {
    const bytes = addressBytes(text)
    assert.equal(bytes === undefined ? undefined : Buffer.from(bytes).toString('hex'), hex, text)
    assert.equal(bytes === undefined ? undefined : addressOfBytes(bytes), back)
  }
  for (const text of ['', 'example.com', '1.2.3', '1.2.3.4.5', '[::1', ':::', '1::2::3']) assert.equal(addressBytes(text), undefined, text)
})
