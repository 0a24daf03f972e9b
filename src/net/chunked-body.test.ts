import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChunkedBody } from './chunked-body.ts'

const rows: readonly [what: string, pieces: readonly string[], end: number | string, body: string][] = [
  ['a body in one piece', ['4\r\nbody\r\n0\r\n\r\nGET'], 14, 'body'],
  ['chunks cut anywhere', ['4', '\r', '\nbo', 'dy\r', '\n3\r\nabc\r\n0\r\n', '\r\n'], 2, 'bodyabc'],
  ['no chunk at all', ['0\r\n\r\n'], 5, ''],
  ['bare line feeds', ['1\na\n0\n\n'], 7, 'a'],
  ['an extension', ['1;x="y"\r\na\r\n0\r\n\r\n'], 17, 'a'],
  ['hexadecimal sizes', ['A\r\n0123456789\r\n0\r\n\r\n'], 20, '0123456789'],
  ['no size', ['\r\n'], 'bad chunk', ''],
  ['a size that is none', ['g\r\n'], 'bad chunk', ''],
  ['a sign', ['-1\r\n'], 'bad chunk', ''],
  ['more data than said', ['1\r\nab\r\n'], 'bad chunk', 'a'],
  ['a trailer', ['0\r\nA: b\r\n\r\n'], 'bad chunk', ''],
  ['a size beyond the limit', ['64\r\n'], 'message too large', ''],
  ['a size beyond all numbers', ['fffffffffffffffffff\r\n'], 'message too large', ''],
  ['a size line without end', ['0'.repeat(300)], 'bad chunk', ''],
  ['less than all', ['4\r\nbod'], 'incomplete', 'bod'],
]

for (const [what, pieces, end, body] of rows) {
  test(`a chunked body: ${what}`, () => {
    const chunks = new ChunkedBody(100)
    let last: number | string = 'incomplete'
    for (const piece of pieces) last = chunks.feed(piece)
    assert.equal(last, end)
    assert.equal(chunks.body, body)
  })
}
