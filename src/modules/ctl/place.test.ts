import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePlace } from './place.ts'

const good: readonly (readonly [text: string, transport: string, place: string])[] = [
  ['unix:/run/kamailio/kamailio_ctl', 'unixs', '/run/kamailio/kamailio_ctl'],
  ['unixs:/tmp/stream', 'unixs', '/tmp/stream'],
  ['unixd:/tmp/datagrams', 'unixd', '/tmp/datagrams'],
  ['/tmp/test', 'unixs', '/tmp/test'],
  ['kamailio_ctl', 'unixs', 'kamailio_ctl'],
  ['localhost:3000', 'udp', 'localhost 3000'],
  ['udp:localhost:2046', 'udp', 'localhost 2046'],
  ['tcp:localhost:2046', 'tcp', 'localhost 2046'],
  ['tcp:localhost', 'tcp', 'localhost 2049'],
  ['tcp:3012', 'tcp', '0.0.0.0 3012'],
  ['udp:*:3012', 'udp', '0.0.0.0 3012'],
  ['tcp:[::1]:2046', 'tcp', '::1 2046'],
]

for (const [text, transport, place] of good) {
  test(`binrpc listens by ${transport} for "${text}"`, () => {
    const found = parsePlace(text)
    assert.ok(typeof found !== 'string')
    assert.deepEqual([found.transport, 'path' in found ? found.path : `${found.host} ${found.port}`], [transport, place])
  })
}

for (const text of ['', 'tcp:', 'udp:host:0', 'tcp:a:b:c', 'tcp:host:70000']) {
  test(`"${text}" is no place to listen`, () => assert.equal(typeof parsePlace(text), 'string'))
}
