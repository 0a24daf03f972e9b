/** Bytes that are no requests, by the ten thousand: readers of binrpc and JSON end in an answer or a refusal, and never read past the end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/base/random.ts'
import { RpcDouble, RpcStruct, type RpcValue } from '../../src/define/define.ts'
import { PacketType } from '../../src/rpc/binrpc-format.ts'
import { readPacket, readRecords } from '../../src/rpc/binrpc-read.ts'
import { binrpcAnswer, binrpcPacket, binrpcRequest } from '../../src/rpc/binrpc-write.ts'
import { jsonOf, readJsonRequest } from '../../src/rpc/json-rpc.ts'
import { readJson } from '../../src/rpc/json-read.ts'
import { writeJson } from '../../src/rpc/json-write.ts'

const ROUNDS = 10_000
const BODY_MAX = 65_536
const random = seededRandom(20_260)
const below = (limit: number): number => random.integer(limit)

function bytes(length: number): string {
  let text = ''
  for (let index = 0; index < length; index++) text += String.fromCharCode(below(256))
  return text
}

/** Some bytes changed, taken out or put in. */
function damaged(text: string): string {
  let result = text
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(result.length + 1)
    const kind = below(3)
    result = result.slice(0, at) + (kind === 0 ? '' : bytes(1 + below(3))) + result.slice(kind === 2 ? at : at + 1)
  }
  return result
}

const value = new RpcStruct()
  .add('a', 1).add('b', 'text').add('c', new RpcDouble(1.5)).add('d', new RpcStruct().add('e', -7)).add('f', [1, 'x', new RpcStruct().add('g', 2)])

test('damaged packets of binrpc are refused or read, and nothing is invented', () => {
  const good = [binrpcRequest('core.echo', ['a', 12, new RpcDouble(2.5), ''], 0x1234), binrpcAnswer([value, 'x', 5], 7)]
  for (let round = 0; round < ROUNDS; round++) {
    const text = round % 3 === 0 ? bytes(below(40)) : damaged(good[round % good.length] ?? '')
    const packet = readPacket(text, BODY_MAX)
    if (packet === undefined || typeof packet === 'string') continue
    assert.ok(packet.size <= text.length && packet.body.length <= packet.size)
    const records = readRecords(packet.body)
    if (typeof records === 'string') assert.notEqual(records, '')
    else assert.ok(records.length <= packet.body.length)
  }
})

test('a body that says it is larger than allowed is refused before it is there', () => {
  const head = binrpcPacket(PacketType.request, 1, 'x'.repeat(300)).slice(0, 6)
  assert.equal(typeof readPacket(head, 200), 'string')
  assert.equal(readPacket(head, 400), undefined)
})

test('structures within structures end in a refusal, not in a stack without end', () => {
  assert.equal(typeof readRecords('\x03'.repeat(20_000)), 'string')
  assert.equal(readJson('['.repeat(20_000)), undefined)
  assert.equal(readJson('{"a":'.repeat(20_000)), undefined)
})

test('damaged documents are refused or read', () => {
  const good = '{"jsonrpc": "2.0", "method": "core.echo", "params": ["a\\u00e9\\n", 1.5e3, {"x": [true, null]}], "id": "7"}'
  for (let round = 0; round < ROUNDS; round++) {
    const request = readJsonRequest(round % 3 === 0 ? bytes(below(60)) : damaged(good))
    if (request !== undefined) assert.ok(request.params.length <= good.length)
  }
})

/** What is written is read again; doubles keep three digits. */
const rows: readonly RpcValue[] = [
  0, 1, -1, 255, 256, 65_535, 65_536, 2_147_483_647, -2_147_483_648, '', 'text', 'x'.repeat(7), 'x'.repeat(300), '\x00\xff', value, [1, 'a'], new RpcStruct(),
]
for (const row of rows) {
  test(`binrpc gives back ${JSON.stringify(row).slice(0, 40)}`, () => {
    const packet = readPacket(binrpcAnswer([row], 9), BODY_MAX)
    assert.ok(packet !== undefined && typeof packet !== 'string')
    assert.equal(packet.cookie, 9)
    assert.deepEqual(readRecords(packet.body), [row])
  })
}

test('JSON gives back what was written, with names in their order and repeated', () => {
  const repeated = new RpcStruct().add('9', 1).add('1', 2).add('9', 'again').add('q', '"\\\x01\xe9')
  for (const isPretty of [true, false]) {
    const written = writeJson(jsonOf(repeated), isPretty)
    assert.equal(writeJson(readJson(written) ?? null, isPretty), written)
    assert.match(written.replace(/\s/g, ''), /^\{"9":1,"1":2,"9":"again"/)
  }
})
