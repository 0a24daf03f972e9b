import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packHep2, packHep3, parseHepEnd, type HepEnd } from './hep.ts'

const ends = (from: string, to: string): { from: HepEnd; to: HepEnd } => {
  const [one, two] = [parseHepEnd(from), parseHepEnd(to)]
  if (typeof one === 'string' || typeof two === 'string') return assert.fail(`${String(one)} ${String(two)}`)
  return { from: one, to: two }
}

test('where a message came from is read from proto:address:port', () => {
  for (const [text, protocol, family, port] of [
    ['udp:10.0.0.1:5060', 17, 4, 5060],
    ['tcp:0:0:0:0:0:0:0:1:5061', 6, 6, 5061],
    ['ws:[2001:db8::1]:80', 22, 6, 80],
    ['any:255.255.255.255:5060', 17, 4, 5060],
  ] as const) {
    const end = parseHepEnd(text)
    if (typeof end === 'string') assert.fail(end)
    assert.deepEqual([end.protocol, end.family, end.port], [protocol, family, port], text)
  }
  for (const text of ['10.0.0.1:5060', '', 'udp:', 'udp:host:5060', 'udp:10.0.0.1:x']) {
    assert.equal(typeof parseHepEnd(text), 'string', text)
  }
})

test('HEP 1 and 2 have a fixed head, HEP 2 with time and agent', () => {
  const packet = { ...ends('udp:10.0.0.1:5060', 'udp:10.0.0.2:5070'), atMs: 1_600_000_000_250, captureId: 77, payload: 'text' }
  const one = Buffer.from(packHep2(1, packet) ?? '', 'latin1')
  assert.equal(one.toString('hex'), `01100211${'13c4'}${'13ce'}0a0000010a000002${Buffer.from('text').toString('hex')}`)
  const two = Buffer.from(packHep2(2, packet) ?? '', 'latin1')
  assert.deepEqual([two.readUInt32LE(16), two.readUInt32LE(20), two.readUInt16LE(24)], [1_600_000_000, 250_000, 77])
  assert.equal(two.toString('latin1', 28), 'text')
})

test('HEP 3 is as long as it says, and nothing longer than a datagram is packed', () => {
  const packet = { ...ends('udp:::1:5060', 'tcp:::2:5070'), atMs: 0, captureId: 1, payload: 'text' }
  const three = Buffer.from(packHep3(packet, 'key', 'id') ?? '', 'latin1')
  assert.equal(three.readUInt16BE(4), three.length)
  assert.equal(packHep3({ ...packet, payload: 'x'.repeat(65_500) }, '', ''), undefined)
  assert.equal(packHep2(1, { ...packet, payload: 'x'.repeat(65_500) }), undefined)
})
