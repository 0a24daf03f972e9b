/** A transaction layer that keeps what it sends, for tests. */
import { TransactionLayer } from '../../src/transaction/layer.ts'
import type { Transaction, Times } from '../../src/transaction/transaction.ts'
import type { ClientBranch } from '../../src/transaction/client-branch.ts'
import type { Target } from '../../src/sip/endpoint.ts'
import type { SipMessage } from '../../src/sip/message.ts'
import { Attributes } from '../../src/runtime/context.ts'
import { messageOf } from './sip-message.ts'
import { VirtualClock } from './virtual-clock.ts'

export const times: Times = {
  frMs: 5000, frInviteMs: 20_000, retr1Ms: 500, retr2Ms: 4000, waitMs: 5000, inviteLifetimeMs: 180_000, otherLifetimeMs: 32_000,
}

export const target: Target = { transport: 'udp', address: '192.0.2.9', port: 5060, socket: undefined, connectionId: 0 }

export interface TestLayer {
  readonly clock: VirtualClock
  readonly layer: TransactionLayer
  /** What was sent, with the millisecond. */
  readonly sent: { readonly atMs: number; readonly text: string }[]
  readonly expired: ClientBranch[]
  create(request: SipMessage): Transaction
}

export function testLayer({ comparesUri = true } = {}): TestLayer {
  const clock = new VirtualClock()
  const sent: TestLayer['sent'] = []
  const expired: ClientBranch[] = []
  const layer = new TransactionLayer({
    clock,
    times: () => times,
    handlers: { branchExpired: (branch) => expired.push(branch), removed: () => undefined },
    send: (text) => sent.push({ atMs: clock.monotonic(), text }),
    salt: 'a1'.repeat(12),
    rules: { ruri_matching: comparesUri ? 1 : 0, via1_matching: 1, callid_matching: 0, callid_cseq_matching: 0 },
  })
  const create = (request: SipMessage): Transaction => layer.create(request, new Attributes())
  return { clock, layer, sent, expired, create }
}

export interface RequestParts {
  readonly branch?: string
  readonly sentBy?: string
  readonly callId?: string
  readonly cseq?: number
  readonly fromTag?: string
  readonly toTag?: string
  readonly uri?: string
}

export function requestOf(method: string, parts: RequestParts = {}): SipMessage {
  const { branch = 'z9hG4bK-one', sentBy = '192.0.2.9:5070', callId = 'a@b', cseq = 1, fromTag = 'f', toTag = '', uri = 'sip:x@example.com' } = parts
  return messageOf([
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${sentBy}${branch === '' ? '' : `;branch=${branch}`}`,
    `From: <sip:a@example.com>;tag=${fromTag}`,
    `To: <sip:x@example.com>${toTag === '' ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
  ])
}
