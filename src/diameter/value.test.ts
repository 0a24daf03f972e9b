import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AvpProblem, findAvp, group, makeAvp, ungroup } from './avp.ts'
import { avpNamed, avpOf, commandCode, knownAvps } from './dictionary.ts'
import { addressData, AvpReader, readValue, ValueProblem, writeRecord, type AvpRecord } from './value.ts'

/** The record as it would be read on the other side. */
function sent(record: AvpRecord): AvpReader {
  const avps = writeRecord(record)
  if (avps instanceof ValueProblem) throw new Error(`${avps.name} ${avps.reason}`)
  const read = ungroup(group(avps))
  if (read instanceof AvpProblem) throw new Error(read.reason)
  return new AvpReader(read)
}

test('the dictionary knows each AVP by one name and one code', () => {
  const all = knownAvps()
  assert.ok(all.length > 1000)
  assert.equal(new Set(all.map(({ vendorId, code }) => `${vendorId}:${code}`)).size, all.length)
  for (const definition of all) assert.equal(avpOf(definition.code, definition.vendorId), avpNamed(definition.name))
})

test('what interfaces live on is in the dictionary', () => {
  const rows: readonly (readonly [name: string, code: number, vendor: number, type: string])[] = [
    ['Session-Id', 263, 0, 'UTF8String'], ['Result-Code', 268, 0, 'Unsigned32'], ['Public-Identity', 601, 10_415, 'UTF8String'],
    ['SIP-Auth-Data-Item', 612, 10_415, 'Grouped'], ['User-Data', 606, 10_415, 'OctetString'],
    ['Sh-User-Data', 702, 10_415, 'OctetString'],
    ['CC-Request-Type', 416, 0, 'Enumerated'], ['Service-Information', 873, 10_415, 'Grouped'],
    ['Media-Component-Description', 517, 10_415, 'Grouped'],
    ['Charging-Rule-Install', 1001, 10_415, 'Grouped'], ['Subscription-Data', 1400, 10_415, 'Grouped'],
    ['Digest-HA1', 121, 0, 'UTF8String'],
  ]
  for (const [name, code, vendorId, type] of rows) {
    const known = avpNamed(name)
    assert.deepEqual([known?.code, known?.vendorId, known?.type], [code, vendorId, type], name)
  }
  assert.equal(commandCode('UAR', 16_777_216), 300)
  assert.equal(commandCode('PUR', 16_777_217), 307)
  assert.equal(commandCode('PUR', 16_777_251), 321)
})

test('values of all types come out as they went in', () => {
  const when = new Date('2026-11-30T08:00:00Z')
  const reader = sent({
    'User-Name': 'ålice', 'Origin-Host': 'a.test', 'Result-Code': 2001, 'Event-Timestamp': when, 'CC-Time': 0xffff_ffff, 'Exponent': -2,
    'Value-Digits': -5n, 'CC-Total-Octets': 2n ** 63n, 'Host-IP-Address': ['192.0.2.1', '2001:db8::1'], 'Class': Buffer.from([0, 255]),
    'Vendor-Specific-Application-Id': { 'Vendor-Id': 10_415, 'Auth-Application-Id': 16_777_216 }, '10415:99999': Buffer.from('x'),
  })
  assert.equal(reader.get('User-Name'), 'ålice')
  assert.equal(reader.get('Event-Timestamp')?.getTime(), when.getTime())
  assert.equal(reader.get('CC-Time'), 0xffff_ffff)
  assert.equal(reader.get('Exponent'), -2)
  assert.equal(reader.get('Value-Digits'), -5n)
  assert.equal(reader.get('CC-Total-Octets'), 2n ** 63n)
  assert.deepEqual(reader.all('Host-IP-Address'), ['192.0.2.1', '2001:db8::1'])
  assert.equal(reader.get('Class')?.toString('hex'), '00ff')
  assert.equal(reader.get('Vendor-Specific-Application-Id')?.get('Auth-Application-Id'), 16_777_216)
  assert.equal(reader.bytes(99_999, 10_415)?.toString(), 'x')
  assert.equal(reader.get('Error-Message'), undefined)
  assert.deepEqual(reader.toObject()['Vendor-Specific-Application-Id'], { 'Vendor-Id': 10_415, 'Auth-Application-Id': 16_777_216 })
})

test('flags are those of the specifications', () => {
  const avps = writeRecord({ 'Session-Id': 's', 'Product-Name': 'p', 'Public-Identity': 'sip:a' })
  assert.ok(!(avps instanceof ValueProblem))
  assert.deepEqual(avps.map(({ flags }) => flags), [0x40, 0, 0xc0])
})

test('what is no value of its type is refused with the name', () => {
  const rows: readonly (readonly [record: Record<string, unknown>, name: string])[] = [
    [{ 'User-Name': 5 }, 'User-Name'], [{ 'Result-Code': -1 }, 'Result-Code'], [{ 'Result-Code': 1.5 }, 'Result-Code'],
    [{ Exponent: 2 ** 31 }, 'Exponent'],
    [{ 'Host-IP-Address': '1.2.3' }, 'Host-IP-Address'], [{ 'CC-Total-Octets': -1n }, 'CC-Total-Octets'],
    [{ 'Event-Timestamp': 'now' }, 'Event-Timestamp'],
    [{ 'No-Such-AVP': 1 }, 'No-Such-AVP'], [{ '1:2': 'text' }, '1:2'],
    [{ 'Subscription-Id': { 'Subscription-Id-Type': 'x' } }, 'Subscription-Id-Type'],
  ]
  for (const [record, name] of rows) {
    const written = writeRecord(record as AvpRecord)
    assert.equal(written instanceof ValueProblem && written.name, name)
  }
})

test('values that do not fit their type are as if they were not there', () => {
  const broken = (code: number, ...bytes: readonly number[]): ReturnType<typeof makeAvp> => makeAvp(code, 0, 0x40, Buffer.from(bytes))
  const reader = new AvpReader([broken(268, 1), broken(257, 0, 1, 2), broken(260, 1, 2, 3)])
  for (const name of ['Result-Code', 'Host-IP-Address', 'Vendor-Specific-Application-Id'] as const)
    assert.equal(reader.get(name), undefined, name)
})

test('times beyond 2036 are told apart from those before', () => {
  for (const iso of ['2026-01-01T00:00:00Z', '2036-02-07T06:28:15Z', '2036-02-07T06:28:16Z', '2040-06-01T00:00:00Z']) {
    const record: AvpRecord = { 'Event-Timestamp': new Date(iso) }
    assert.equal(sent(record).get('Event-Timestamp')?.toISOString(), iso.replace('Z', '.000Z'))
  }
})

test('addresses of both families are written and read in their usual form', () => {
  for (const text of ['0.0.0.0', '255.255.255.255', '::', '::1', '2001:db8::', 'fe80::1:2', '1:2:3:4:5:6:7:8', '1:0:0:4::8']) {
    assert.equal(readValue(addressData(text) ?? Buffer.alloc(0), 'Address'), text)
  }
  for (const text of ['', '1', '1.2.3.4.5', '1.2.3.256', ':::', '1::2::3', '1:2', 'g::', '12345::']) {
    assert.equal(addressData(text), undefined, text)
  }
})

test('bytes of chance never crash the reading of a value: 20,000 of them', () => {
  const types = [...new Set(knownAvps().map(({ type }) => type))]
  fc.assert(fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 40 }), (type, bytes) => {
    const value = readValue(Buffer.from(bytes), type)
    if (value instanceof AvpReader) value.toObject()
  }), { numRuns: 20_000 })
})

test('groups within groups are read down to a depth, and no further', () => {
  let data = group([makeAvp(268, 0, 0x40, Buffer.from([0, 0, 0, 1]))])
  for (let depth = 0; depth < 60; depth++) data = group([makeAvp(279, 0, 0x40, data)])
  let reader: AvpReader | undefined = new AvpReader([makeAvp(279, 0, 0x40, data)])
  let depth = 0
  while (reader !== undefined && findAvp(reader.avps, 279) !== undefined && depth < 100) {
    reader = reader.get('Failed-AVP')
    depth++
  }
  assert.equal(depth, 33)
})
