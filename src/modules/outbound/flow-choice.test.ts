import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHost } from '../../../test/support/test-host.ts'
import { messageOf } from '../../../test/support/sip-message.ts'
import { chooseFlow, type FlowChoice } from './flow-choice.ts'
import { encodeFlowToken, keyOfSecret } from './flow-token.ts'

const key = keyOfSecret('x')
const outbound = { host: testHost(), key, params: { force_outbound_flag: 3, force_no_outbound_flag: 31 } }
const local = { transport: 'udp', localAddress: '192.0.2.1', localPort: 5060 } as const
/** The message comes from 192.0.2.9:5070. */
const toPhone = encodeFlowToken(key, { ...local, peerAddress: '192.0.2.7', peerPort: 5070 })
const ofPhone = encodeFlowToken(key, { ...local, peerAddress: '192.0.2.9', peerPort: 5070 })

const VIA = 'Via: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1'
const OB = 'Contact: <sip:a@192.0.2.9:5070;ob>'

const rows: readonly { readonly title: string; readonly method: string; readonly lines: readonly string[]; readonly want: FlowChoice }[] = [
  { title: 'with reg-id', method: 'REGISTER', lines: [VIA, 'Contact: <sip:a@x>;reg-id=1'], want: 'received' },
  { title: 'with ob alone', method: 'REGISTER', lines: [VIA, OB], want: 'none' },
  { title: 'of a phone behind a proxy', method: 'REGISTER', lines: [VIA, VIA, 'Contact: <sip:a@x>;reg-id=1'], want: 'none' },
  { title: 'whose last Contact has no reg-id', method: 'REGISTER', lines: [VIA, 'Contact: <sip:a@x>;reg-id=1, <sip:b@x>'], want: 'none' },
  { title: 'that removes all bindings', method: 'REGISTER', lines: [VIA, 'Contact: *'], want: 'none' },
  { title: 'with ob in Contact', method: 'INVITE', lines: [VIA, OB], want: 'received' },
  { title: 'with reg-id alone', method: 'INVITE', lines: [VIA, 'Contact: <sip:a@x>;reg-id=1'], want: 'none' },
  { title: 'that supports other things', method: 'INVITE', lines: [VIA, OB, 'Supported: path'], want: 'none' },
  { title: 'that supports outbound', method: 'INVITE', lines: [VIA, OB, 'k: path, Outbound'], want: 'received' },
  { title: 'with ob in Contact, from a proxy', method: 'INVITE', lines: [VIA, VIA, OB], want: 'none' },
  { title: 'without Contact', method: 'INVITE', lines: [VIA], want: 'none' },
  { title: 'with a Contact that is no URI', method: 'INVITE', lines: [VIA, 'Contact: <foo:a;ob>'], want: 'none' },
  { title: 'with the Route of another', method: 'INVITE', lines: [VIA, OB, 'Route: <sip:192.0.2.77;lr;ob>'], want: 'none' },
  { title: 'with a Route that is no URI', method: 'INVITE', lines: [VIA, OB, 'Route: <foo>'], want: 'none' },
  { title: 'with ob in the own Route', method: 'INVITE', lines: [VIA, VIA, 'Route: <sip:192.0.2.1;lr;ob>'], want: 'received' },
  { title: 'to a phone', method: 'INVITE', lines: [VIA, VIA, `Route: <sip:${toPhone}@192.0.2.1;lr;ob>`], want: 'route' },
  { title: 'of the flow\'s phone', method: 'INVITE', lines: [VIA, `Route: <sip:${ofPhone}@192.0.2.1;lr;ob>`], want: 'received' },
  { title: 'with a forged token', method: 'INVITE', lines: [VIA, `Route: <sip:${'a'.repeat(31)}=@192.0.2.1;lr;ob>`], want: 'received' },
]

for (const { title, method, lines, want } of rows) {
  test(`a request ${method} ${title}: ${want}`, () => {
    assert.equal(chooseFlow(outbound, messageOf([`${method} sip:b@example.com SIP/2.0`, ...lines])), want)
  })
}

test('flags force and forbid flow tokens, and force goes first', () => {
  const plain = messageOf(['INVITE sip:b@example.com SIP/2.0', VIA])
  plain.flags = 1 << 3
  assert.equal(chooseFlow(outbound, plain), 'received')
  plain.flags = (1 << 3) | (1 << 31)
  assert.equal(chooseFlow(outbound, plain), 'received')
  const asking = messageOf(['INVITE sip:b@example.com SIP/2.0', VIA, OB])
  asking.flags = 1 << 31
  assert.equal(chooseFlow(outbound, asking), 'none')
})
