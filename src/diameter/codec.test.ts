import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { AvpProblem, decodeAvps, findAvp, group, makeAvp, textOf, ungroup, unsignedOf, type Avp } from './avp.ts'
import { FramingError, MessageFramer } from './framing.ts'
import { decodeMessage, encodeMessage, readdress, type DiameterMessage } from './message.ts'

const recorded = readFileSync(join(import.meta.dirname, '../../test/fixtures/diameter/messages.hex'), 'utf8').split('\n')
  .flatMap((line) => (line === '' || line.startsWith('#') ? [] : [Buffer.from(line.split(' ')[1] ?? '', 'hex')]))

/** The message, or the test fails. */
function read(bytes: Buffer): DiameterMessage {
  const message = decodeMessage(bytes)
  if (message instanceof AvpProblem) throw new Error(`${message.reason} at ${message.at}`)
  return message
}

const anAvp: fc.Arbitrary<Avp> = fc.record({
  code: fc.nat(0xffff_ffff),
  vendorId: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 0xffff_ffff })),
  flags: fc.constantFrom(0, 0x20, 0x40, 0x60),
  data: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
}).map(({ code, vendorId, flags, data }) => makeAvp(code, vendorId, flags, data))

const aMessage: fc.Arbitrary<DiameterMessage> = fc.record({
  flags: fc.nat(0xff), commandCode: fc.nat(0xff_ffff), applicationId: fc.nat(0xffff_ffff),
  hopByHop: fc.nat(0xffff_ffff), endToEnd: fc.nat(0xffff_ffff), avps: fc.array(anAvp, { maxLength: 12 }),
}).map((message) => ({ ...message }))

test('what real peers sent is read, and written byte by byte as it was', () => {
  assert.ok(recorded.length >= 12)
  for (const bytes of recorded) {
    const message = read(bytes)
    assert.equal(message.avps.length > 0 && encodeMessage(message).toString('hex'), bytes.toString('hex'))
    assert.ok(findAvp(message.avps, 264), 'each names its sender')
  }
})

test('values of a recorded CEA are found', () => {
  const cea = recorded.map(read).find(({ commandCode, flags }) => commandCode === 257 && flags === 0)
  assert.equal(textOf(findAvp(cea?.avps ?? [], 264)), 'fd.test.local')
  assert.equal(unsignedOf(findAvp(cea?.avps ?? [], 268)), 2001)
  assert.equal(unsignedOf(findAvp(cea?.avps ?? [], 258)), 0xffff_ffff)
})

test('any message is read as it was written', () => {
  fc.assert(fc.property(aMessage, (message) => {
    assert.deepEqual(read(encodeMessage(message)), message)
  }), { numRuns: 500 })
})

test('groups of any depth are read as they were written', () => {
  fc.assert(fc.property(fc.array(anAvp, { maxLength: 4 }), fc.integer({ min: 1, max: 20 }), (avps, depth) => {
    let data = group(avps)
    for (let index = 0; index < depth; index++) data = group([makeAvp(index, 0, 0x40, data)])
    for (let index = depth - 1; index >= 0; index--) {
      const members = ungroup(data)
      assert.ok(!(members instanceof AvpProblem))
      data = findAvp(members, index)?.data ?? Buffer.alloc(0)
    }
    assert.deepEqual(ungroup(data), avps)
  }), { numRuns: 200 })
})

test('a stream gives the same messages however it is cut', () => {
  fc.assert(fc.property(fc.array(aMessage, { maxLength: 5 }), fc.array(fc.nat(60), { maxLength: 80 }), (messages, cuts) => {
    const stream = Buffer.concat(messages.map(encodeMessage))
    const framer = new MessageFramer()
    const found: DiameterMessage[] = []
    let at = 0
    for (const cut of [...cuts, stream.length]) {
      framer.push(stream.subarray(at, at + cut))
      at = Math.min(stream.length, at + cut)
      for (let next = framer.next(); next !== undefined; next = framer.next()) {
        assert.ok(!(next instanceof FramingError))
        found.push(read(next))
      }
      framer.compact()
    }
    assert.equal(framer.pendingBytes, 0)
    assert.deepEqual(found, messages)
  }), { numRuns: 300 })
})

test('lengths that lie are refused', () => {
  const good = encodeMessage({ flags: 0x80, commandCode: 257, applicationId: 0, hopByHop: 1, endToEnd: 2,
    avps: [makeAvp(264, 0, 0x40, Buffer.from('abcd')), makeAvp(1, 10_415, 0x40, Buffer.from('x'))] })
  const rows: readonly (readonly [at: number, byte: number, reason: AvpProblem['reason']])[] = [
    [27, 200, 'data'], [27, 7, 'length'], [27, 0, 'length'], [39, 11, 'length'], [39, 200, 'data'], [3, good.length - 9, 'header'],
    [3, 19, 'length'], [3, 255, 'length'],
  ]
  for (const [at, byte, reason] of rows) {
    const bytes = Buffer.from(good)
    bytes[at] = byte
    const problem = decodeMessage(bytes)
    assert.equal(problem instanceof AvpProblem ? problem.reason : 'read', reason, `byte ${at} is ${byte}`)
  }
})

test('a stream that cannot be one is told at once', () => {
  const rows: readonly (readonly [hex: string, reason: FramingError['reason'], value: number])[] = [
    ['02', 'version', 2], ['47455420', 'version', 0x47], ['01000013', 'short', 19], ['01000000', 'short', 0], ['01010001', 'long', 65_537],
  ]
  for (const [hex, reason, value] of rows) {
    const framer = new MessageFramer()
    framer.push(Buffer.from(hex, 'hex'))
    assert.deepEqual(framer.next(), new FramingError(reason, value), hex)
  }
})

test('bytes of chance never crash the codec: 20,000 random ones, and 20,000 recorded ones that were damaged', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    const data = Buffer.from(bytes)
    decodeAvps(data, 0, data.length)
    const message = decodeMessage(data)
    if (!(message instanceof AvpProblem)) encodeMessage(message)
  }), { numRuns: 20_000 })
  const changed = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 })
  fc.assert(fc.property(fc.nat(recorded.length - 1), changed, (index, changes) => {
    const data = Buffer.from(recorded[index] ?? Buffer.alloc(0))
    for (const [at, byte] of changes) data[at % data.length] = byte
    const message = decodeMessage(data)
    if (message instanceof AvpProblem) return
    for (const avp of message.avps) ungroup(avp.data)
    assert.ok(message.avps.every((avp) => avp.data.length <= data.length))
    // What was read is written again, and read alike.
    assert.deepEqual(read(encodeMessage(message)), message)
  }), { numRuns: 20_000 })
})

test('a message for another peer has another Hop-by-Hop Identifier and the T flag', () => {
  const bytes = recorded[0] ?? Buffer.alloc(0)
  const message = read(readdress(bytes, 77, true))
  assert.deepEqual({ ...message }, { ...read(bytes), hopByHop: 77, flags: read(bytes).flags | 0x10 })
})
