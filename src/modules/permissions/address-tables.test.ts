import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAddressFile } from './address-file.ts'
import { AddressTables } from './address-tables.ts'

function tablesOf(text: string, subnetsMax = 10) {
  const tables = new AddressTables(subnetsMax)
  const rows = parseAddressFile(text)
  assert.ok(typeof rows !== 'string')
  return { tables, added: rows.map((row) => tables.add(row)) }
}

const { tables } = tablesOf(`
1 192.0.2.1 32 5060 exact
1 192.0.2.0 24 0 net
2 192.0.2.1
2 2001:db8:: 33 0 six
3 host.example 0 0 name # comment
`)

// address, port, group asked for, group found and tag
type Found = readonly [group: number, tag: string | undefined]
const rows: readonly (readonly [address: string, port: number, group: number | undefined, found?: Found])[] = [
  ['192.0.2.1', 5060, 1, [1, 'exact']], ['192.0.2.1', 5061, 1, [1, 'net']], ['192.0.2.1', 5061, undefined, [2, undefined]],
  ['192.0.2.77', 1, undefined, [1, 'net']], ['192.0.3.1', 1, undefined], ['2001:db8:7fff::1', 1, 2, [2, 'six']], ['2001:db8:8000::1', 1, 2],
  ['[2001:DB8:0::1]', 1, undefined, [2, 'six']], ['host.example', 9, 3, [3, 'name']], ['host.example', 9, undefined, [3, undefined]],
  ['HOST.example', 9, 3], ['192.0.2.1', 5060, 9],
]

test('addresses, subnets and names are found in their groups', () => {
  for (const [address, port, group, found] of rows) {
    const match = tables.find(address, port, group)
    assert.deepEqual(match && [match.group, match.tag], found, `${address}:${port} in ${group}`)
  }
})

test('a prefix that is too long is refused, and subnets have their number', () => {
  const { added } = tablesOf('1 10.0.0.0 33\n1 10.0.0.0 8\n1 11.0.0.0 8\n1 2001:db8:: 129', 1)
  assert.deepEqual(added, ['invalid', 'added', 'full', 'invalid'])
})

test('a line without an address is told by its number', () => {
  assert.equal(parseAddressFile('1 10.0.0.1\n2 # nothing'), 'line 2 has no address')
})
