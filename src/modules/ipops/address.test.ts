import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipType, isInSubnets, isPrivate, isSameAddress, type IpType } from './address.ts'
import { detailedIpType, detailedIpv4Type, detailedIpv6Type } from './detailed-type.ts'

test('a text is an IPv4 address, an IPv6 one, one in brackets or none', () => {
  const table: readonly (readonly [text: string, type: IpType | undefined])[] = [
    ['192.0.2.1', 'ipv4'],
    ['192.0.2.256', undefined],
    ['192.0.2', undefined],
    ['192.0.2.01', undefined],
    [' 192.0.2.1', undefined],
    ['2001:DB8::1', 'ipv6'],
    ['::ffff:192.0.2.1', 'ipv6'],
    ['fe80::1%eth0', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['[::1]', 'reference'],
    ['[::1', undefined],
    ['[192.0.2.1]', undefined],
    ['example.com', undefined],
    ['', undefined],
  ]
  for (const [text, type] of table) assert.equal(ipType(text), type, text)
})

test('addresses are the same whatever their form, in brackets where that is taken', () => {
  const table: readonly (readonly [left: string, right: string, pure: boolean, any: boolean])[] = [
    ['192.0.2.1', '192.0.2.1', true, true],
    ['192.0.2.1', '192.0.2.2', false, false],
    ['2001:db8::1', '2001:DB8:0:0::1', true, true],
    ['2001:db8::1', '[2001:db8::1]', false, true],
    ['192.0.2.1', '::ffff:192.0.2.1', false, false],
    ['host', 'host', false, false],
  ]
  for (const [left, right, pure, any] of table) {
    assert.equal(isSameAddress(left, right, false), pure, `${left} ${right}, no brackets`)
    assert.equal(isSameAddress(left, right, true), any, `${left} ${right}`)
  }
})

test('an address is within the networks of a list', () => {
  const table: readonly (readonly [address: string, list: string, isIn: boolean])[] = [
    ['10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '192.0.2.0/24, 10.0.0.0/8 ', true],
    ['10.1.2.3', '192.0.2.0/24,\t10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.0.0.0', false],
    ['10.1.2.3', '10.0.0.0/33', false],
    ['10.1.2.3', '192.0.2.1/x', true],
    ['10.1.2.3', '10.0.0.0/-2', false],
    ['10.1.2.3', '10.1.2.3/-1', true],
    ['10.1.2.3', '10.0.0.0/4294967304', true],
    ['10.1.2.3', '10.0.0.0/99999999999999999999', false],
    ['10.1.2.3', '10.0.0.0/8/8', false],
    ['10.1.2.3', '/8', false],
    ['10.1.2.3', '::/0', false],
    ['2001:db8::5', '2001:db8::/32', true],
    // An IPv6 network that does not fit leaves the address as it is; Kamailio goes on with less of it.
    ['2001:db8::5', '1::/32,2001:db8::5', true],
    ['2001:db8::5', '1::/32,2001:db8::/127', false],
    ['[2001:db8::5]', '2001:db8::/32', false],
    ['host', '0.0.0.0/0', false],
  ]
  for (const [address, list, isIn] of table) assert.equal(isInSubnets(address, list), isIn, `${address} in ${list}`)
})

test('private addresses are those of RFC 1918', () => {
  const table = { '10.0.0.0': true, '11.0.0.0': false, '172.16.0.0': true, '172.32.0.0': false, '192.168.9.9': true, 'fd00::1': false }
  for (const [address, isIn] of Object.entries(table)) assert.equal(isPrivate(address), isIn, address)
})

test('what an address is for has a name', () => {
  const table: readonly (readonly [text: string, any?: string, ipv4?: string, ipv6?: string])[] = [
    ['192.0.2.1', 'TEST-NET', 'TEST-NET', undefined],
    ['8.8.8.8', 'PUBLIC', 'PUBLIC', undefined],
    [' 10.0.0.1\t', undefined, 'PRIVATE', undefined],
    ['255.255.255.255', 'BROADCAST', 'BROADCAST', undefined],
    ['2001:db8::1', 'DOCUMENTATION', undefined, 'DOCUMENTATION'],
    ['[fe80::1]', 'LINK-LOCAL-UNICAST', undefined, 'LINK-LOCAL-UNICAST'],
    ['\n::1 ', undefined, undefined, 'LOOPBACK'],
    ['[ ff02::1 ]', undefined, undefined, 'MULTICAST'],
    [' [ff02::1]', undefined, undefined, undefined],
    ['::1\v', undefined, undefined, undefined],
    ['4000::1', 'RESERVED', undefined, 'RESERVED'],
    ['host', undefined, undefined, undefined],
  ]
  for (const [text, any, ipv4, ipv6] of table) {
    assert.deepEqual([detailedIpType(text), detailedIpv4Type(text), detailedIpv6Type(text)], [any, ipv4, ipv6], text)
  }
})
