import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListenSocket } from '../sip/endpoint.ts'
import { OwnNames } from './own-names.ts'

const socket: ListenSocket = {
  index: 0,
  transport: 'udp',
  address: '192.0.2.1',
  port: 5060,
  family: 4,
  name: undefined,
  advertise: { host: 'proxy.example', port: 5080 },
  isVirtual: false,
}

for (const [title, host, port, transport, isOwn] of [
  ['the address and port of a socket are own', '192.0.2.1', 5060, 'udp', true],
  ['another port is not', '192.0.2.1', 5061, 'udp', false],
  ['no port fits any', '192.0.2.1', 0, undefined, true],
  ['another transport is not', '192.0.2.1', 5060, 'tcp', false],
  ['the advertised address is own, in any case', 'Proxy.Example', 5080, undefined, true],
  ['an alias is own', 'sip.example', 5060, 'udp', true],
  ['an alias with a port is not at another', 'sip.example', 5090, 'udp', false],
  ['an alias without port and transport is own at any', 'any.example', 1234, 'tcp', true],
  ['a stranger is not own', '192.0.2.9', 0, undefined, false],
] as const) {
  test(title, () => {
    const names = new OwnNames([socket])
    names.add('sip.example', 5060, undefined)
    names.add('any.example', 0, undefined)
    assert.equal(names.has(host, port, transport), isOwn)
  })
}
