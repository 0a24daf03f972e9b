import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPrivateAddress, looseIpv4 } from './private-networks.ts'

// address, private by nat_addr_mode 0, and by 1
const rows: readonly (readonly [address: string, usual: boolean, reserved: boolean])[] = [
  ['10.255.255.255', true, true], ['172.16.0.0', true, true], ['172.32.0.0', false, false], ['192.168.0.1', true, true],
  ['100.64.0.0', true, true], ['100.128.0.0', false, false], ['192.0.0.7', true, true], ['192.0.0.8', false, true],
  ['192.0.1.0', false, false], ['8.8.8.8', false, false], ['fd00::1', false, false], ['', false, false], ['host', false, false],
]

test('private networks are told from public ones', () => {
  for (const [address, usual, reserved] of rows) {
    assert.deepEqual([isPrivateAddress(address, 0), isPrivateAddress(address, 1)], [usual, reserved], address)
  }
})

test('addresses are read as the C library reads them', () => {
  const texts = { '10.1': 0x0a000001, '0xa.1': 0x0a000001, '012.0.0.1': 0x0a000001, '167772161': 0x0a000001, '1.2.3.4 x': 0x01020304 }
  for (const [text, value] of Object.entries(texts)) assert.equal(looseIpv4(text), value, text)
  for (const text of ['10.0.0.256', '1.2.3.4.5', '08.1.1.1', '1..2', '4294967296']) assert.equal(looseIpv4(text), undefined, text)
})
