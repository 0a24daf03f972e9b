import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf, readNodeLine } from './node.ts'
import { Outbox } from './outbox.ts'
import { isMarkedTag } from './send.ts'
import { parseBody } from './json.ts'

const lines: readonly [text: string, host: string, port: string, transport: string, status: string][] = [
  ['sip:192.0.2.1:5090;status=active', '192.0.2.1', '5090', '', 'active'],
  ['sip:192.0.2.1;status=timeout', '192.0.2.1', '', '', 'timeout'],
  ['sip:192.0.2.1:5061;transport=TLS;status=not_active', '192.0.2.1', '5061', 'tls', 'not_active'],
  ['sip:[2001:db8::1]:5090;status=disabled', '2001:db8::1', '5090', '', 'disabled'],
  ['sip:node.example.com:5090', 'node.example.com', '5090', '', 'active'],
]

for (const [text, host, port, transport, status] of lines) {
  test(`${text} is a node`, () => {
    assert.deepEqual(readNodeLine(text), { host, port, transport, status })
  })
}

for (const text of ['', 'rubbish', 'sip:', 'tel:123', 'sip:192.0.2.1:5090;status=strange', 'sip:192.0.2.1:99999;status=active']) {
  test(`'${text}' is no node`, () => {
    assert.equal(readNodeLine(text), undefined)
  })
}

test('a node is the same with the usual port and without, over UDP named and unnamed', () => {
  const key = (text: string): string => keyOf(readNodeLine(text) ?? { host: '', port: '', transport: '' })
  assert.equal(key('sip:192.0.2.1'), key('sip:192.0.2.1:5060;transport=udp'))
  assert.notEqual(key('sip:192.0.2.1'), key('sip:192.0.2.1;transport=tcp'))
})

test('a tag of another kind of node is hardly ever taken for a marked one', () => {
  assert.equal(isMarkedTag('1528c116320cf465187e540608440d28-fd0d3d44'), false)
  assert.equal(isMarkedTag(''), false)
})

test('an outbox sends so many at once, keeps so many, and drops the rest', () => {
  const outbox = new Outbox()
  const sent: (() => void)[] = []
  let dropped = 0
  const put = (): boolean => outbox.put({ body: 'x', send: (done) => void sent.push(done), drop: () => { dropped++ } })
  let taken = 0
  for (let count = 0; count < 5000; count++) if (put()) taken++
  assert.equal(sent.length, 64)
  assert.equal(taken, 64 + 2000)
  assert.equal(dropped, 5000 - taken)
  for (let at = 0; at < 100; at++) sent[at]?.()
  assert.equal(sent.length, 164)
  assert.equal(outbox.underway, 64)
  assert.equal(outbox.clear(), 2000 - 100)
  assert.equal(put(), true)
  outbox.close()
  assert.equal(put(), false)
})

test('texts in bodies are bytes, however they are written', () => {
  assert.deepEqual(parseBody('{"a":"\\u00e9\\\\u00e9\xc3\xa9"}'), { a: '\xc3\xa9\\u00e9\xc3\xa9' })
  for (const text of ['', '[]', '1', 'null', '{"a":', '{"a":1}x', '\xff']) assert.equal(parseBody(text), undefined)
})
