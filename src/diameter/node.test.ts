import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '../base/random.ts'
import { StreamWorld } from '../../test/support/stream-world.ts'
import { VirtualClock } from '../../test/support/virtual-clock.ts'
import { findAvp, textAvp, textOf, unsignedAvp, unsignedOf, type Avp } from './avp.ts'
import type { DiameterConfig, PeerConfig } from './config.ts'
import { isRequest, type DiameterMessage } from './message.ts'
import { DiameterNode, type RequestHandler } from './node.ts'
import type { PeerState } from './peer.ts'
import { DiameterFailure, type Outcome } from './transactions.ts'

const M = 0x40
const ADDRESSES: Readonly<Record<string, string>> = {
  'a.test': '10.0.0.1', 'b.test': '10.0.0.2', 'c.test': '10.0.0.3', 'z.test': '10.0.0.9',
}
const peerConfig = (fqdn: string): PeerConfig => ({ fqdn, realm: 'test', port: 3868, sourceAddress: '' })

interface Parts extends Partial<DiameterConfig> {
  readonly knows?: readonly string[]
}

interface Subject {
  readonly node: DiameterNode
  readonly log: string[]
  state(peer: string): PeerState | undefined
}

/** A world with nodes on one clock. */
class Bench {
  readonly clock = new VirtualClock()
  readonly world = new StreamWorld()
  readonly #random = seededRandom(7)

  async node(fqdn: string, { knows = [], ...parts }: Parts = {}): Promise<Subject> {
    const log: string[] = []
    const keep = (text: string): void => void log.push(text)
    const config: DiameterConfig = {
      fqdn, realm: 'test', vendorId: 10_415, productName: 'test', acceptsUnknownPeers: false, dropsUnknownOnDisconnect: true, tcSeconds: 10,
      workers: 4, queueLength: 32, connectTimeoutSeconds: 5, transactionTimeoutSeconds: 5, sessionsHashSize: 1,
      defaultAuthSessionTimeoutSeconds: 60, maxAuthSessionTimeoutSeconds: 300,
      peers: knows.map(peerConfig), acceptors: [{ port: 3868, bind: fqdn }], applications: [{ id: 4, vendorId: 0, kind: 'auth' }],
      supportedVendors: [10_415], routes: { realms: [], defaults: knows.map((name, metric) => ({ fqdn: name, metric })) }, ...parts,
    }
    const address = ADDRESSES[fqdn] ?? '10.0.0.99'
    const node = new DiameterNode(config, {
      clock: this.clock, random: this.#random, streams: this.world.portsOf(address),
      log: { error: keep, warning: keep, info: () => undefined, debug: () => undefined },
      addressesOf: async (name) => ({ found: ADDRESSES[name] === undefined ? [] : [ADDRESSES[name] ?? ''], reason: 'unknown' }),
    }, { tls: undefined, latencyThresholdMs: 500, queueLatencyThresholdMs: 100, queueLengthThreshold: 0, logsPeers: false })
    await node.start()
    return { node, log, state: (peer) => node.peer(peer)?.state }
  }

  /** Lets streams and promises have their turns, without time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => { setImmediate(resolve) })
  }

  async seconds(count: number): Promise<void> {
    for (let second = 0; second < count; second++) {
      await this.clock.advance(1000)
      await this.settle()
    }
  }
}

const request = ({ node }: Subject, avps: readonly Avp[] = [], session = node.sessions.newId()): DiameterMessage =>
  node.request(4, 272, session, [textAvp(283, M, 'test'), unsignedAvp(258, M, 4), ...avps])

const granting: RequestHandler = () => [unsignedAvp(268, M, 2001)]
const resultOf = (outcome: Outcome): number | string | undefined =>
  outcome instanceof DiameterFailure ? outcome.reason : unsignedOf(findAvp(outcome.answer.avps, 268))

describe('peers find one another', () => {
  test('one connects, the other accepts, and both know the applications', async () => {
    const bench = new Bench()
    const b = await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }] })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    assert.deepEqual([a.state('b.test'), b.state('a.test')], ['I_Open', 'R_Open'])
    assert.deepEqual(a.node.peer('B.TEST')?.applications, [{ id: 4, vendorId: 0, kind: 'auth' }])
  })

  test('when both connect at once, the connection that the one with the higher name accepted stays', async () => {
    const bench = new Bench()
    // Neither reaches the other at first, so that both try again in the same second.
    for (const address of ['10.0.0.1', '10.0.0.9']) bench.world.silent.add(address)
    const a = await bench.node('a.test', { knows: ['z.test'] })
    const z = await bench.node('z.test', { knows: ['a.test'] })
    await bench.settle()
    bench.world.silent.clear()
    await bench.seconds(11)
    assert.deepEqual([a.state('z.test'), z.state('a.test')], ['I_Open', 'R_Open'])
    assert.equal(bench.world.ends.filter(({ isOpen }) => isOpen).length, 2)
    assert.equal(resultOf(await ask(bench, a, z)), 2001)
  })

  test('without an application in common the answer says so, and the peer stays closed', async () => {
    const bench = new Bench()
    const applications = [{ id: 5, vendorId: 0, kind: 'auth' }] as const
    const b = await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }], applications })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    assert.deepEqual([a.state('b.test'), b.state('a.test')], ['Closed', 'Closed'])
  })

  test('unknown peers are accepted when the configuration says so, and forgotten once they are gone', async () => {
    const bench = new Bench()
    const b = await bench.node('b.test', { acceptsUnknownPeers: true })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    assert.equal(b.state('a.test'), 'R_Open')
    const gone = a.node.stop()
    await bench.seconds(2)
    await gone
    assert.equal(b.state('a.test'), 'Closed')
    await bench.seconds(12)
    assert.equal(b.state('a.test'), undefined)
  })

  test('unknown peers are not accepted otherwise, and their connection goes', async () => {
    const bench = new Bench()
    const b = await bench.node('b.test')
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    assert.deepEqual([a.state('b.test'), b.node.peers.length], ['Wait_I_CEA', 0])
    assert.match(b.log.join(), /Received CER from unknown peer \(accept unknown=0\) -ignored/)
    await bench.seconds(5)
    assert.equal(a.state('b.test'), 'Closed')
  })

  test('a peer that is lost is connected to again', async () => {
    const bench = new Bench()
    await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }] })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    bench.world.ends[0]?.destroy()
    await bench.settle()
    assert.equal(a.state('b.test'), 'Closed')
    await bench.seconds(12)
    assert.equal(a.state('b.test'), 'I_Open')
  })

  test('a disabled peer is disconnected, and stays so until it is enabled', async () => {
    const bench = new Bench()
    const b = await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }] })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    const peer = a.node.peer('b.test')
    if (peer !== undefined) peer.isDisabled = true
    await bench.seconds(15)
    assert.deepEqual([a.state('b.test'), b.state('a.test')], ['Closed', 'Closed'])
    if (peer !== undefined) peer.isDisabled = false
    await bench.seconds(12)
    assert.equal(a.state('b.test'), 'I_Open')
  })
})

async function ask(bench: Bench, from: Subject, to: Subject): Promise<Outcome> {
  to.node.onRequest(granting)
  const asked = from.node.send(request(from))
  await bench.settle()
  return asked
}

/** `a.test` with routes to two peers, the nearer one first. */
async function withTwo(bench: Bench, parts: Parts = {}): Promise<{ a: Subject; b: Subject; c: Subject }> {
  const b = await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }] })
  const c = await bench.node('c.test', { peers: [{ ...peerConfig('a.test'), port: 1 }] })
  const a = await bench.node('a.test', {
    knows: ['b.test', 'c.test'],
    routes: {
      realms: [{ name: 'test', routes: [{ fqdn: 'b.test', metric: 1 }, { fqdn: 'c.test', metric: 2 }] }],
      defaults: [{ fqdn: 'c.test', metric: 1 }],
    },
    ...parts,
  })
  await bench.settle()
  return { a, b, c }
}

const EQUALS: Parts = { routes: { realms: [], defaults: [{ fqdn: 'b.test', metric: 1 }, { fqdn: 'c.test', metric: 1 }] } }

describe('requests find their way', () => {
  test('the peer with the lowest metric answers, and the other one when it is away', async () => {
    const bench = new Bench()
    const { a, b, c } = await withTwo(bench)
    const seen: string[] = []
    b.node.onRequest(() => { seen.push('b'); return [unsignedAvp(268, M, 2001)] })
    c.node.onRequest(() => { seen.push('c'); return [unsignedAvp(268, M, 2002)] })
    const first = a.node.send(request(a))
    await bench.settle()
    assert.equal(resultOf(await first), 2001)
    bench.world.silent.add('10.0.0.2')
    const gone = b.node.stop()
    await bench.seconds(2)
    await gone
    const second = a.node.send(request(a))
    await bench.settle()
    assert.equal(resultOf(await second), 2002)
    assert.deepEqual(seen, ['b', 'c'])
  })

  test('what the first has not answered when it dies goes to the second, with the T flag and the same End-to-End Identifier', async () => {
    const bench = new Bench()
    const { a, b, c } = await withTwo(bench)
    const seen: DiameterMessage[] = []
    b.node.onRequest((message) => { seen.push(message); return new Promise(() => undefined) })
    c.node.onRequest((message) => { seen.push(message); return [unsignedAvp(268, M, 2001)] })
    const asked = a.node.send(request(a))
    await bench.settle()
    assert.equal(seen.length, 1)
    a.node.peer('b.test')?.link?.connection.destroy()
    await bench.settle()
    assert.equal(resultOf(await asked), 2001)
    const [one, other] = seen
    assert.deepEqual([other?.endToEnd, (other?.flags ?? 0) & 0x10], [one?.endToEnd, 0x10])
    assert.notEqual(other?.hopByHop, one?.hopByHop)
  })

  test('a request to a peer that is named does not go to another one', async () => {
    const bench = new Bench()
    const { a, b } = await withTwo(bench)
    b.node.onRequest(() => new Promise(() => undefined))
    const asked = a.node.send(request(a), { peer: 'b.test' })
    await bench.settle()
    a.node.peer('b.test')?.link?.connection.destroy()
    await bench.settle()
    assert.equal(resultOf(await asked), 'connection lost')
    assert.equal(resultOf(await a.node.send(request(a), { peer: 'b.test' })), 'not connected')
    assert.equal(resultOf(await a.node.send(request(a), { peer: 'nobody.test' })), 'unknown peer')
  })

  test('a realm without routes takes the default ones, and without any the request is refused at once', async () => {
    const bench = new Bench()
    const { a, c } = await withTwo(bench)
    c.node.onRequest(granting)
    const asked = a.node.send(a.node.request(4, 272, 's', [textAvp(283, M, 'other'), unsignedAvp(258, M, 4)]))
    await bench.settle()
    assert.equal(resultOf(await asked), 2001)
    assert.equal(resultOf(await a.node.send(a.node.request(9, 272, 's', [unsignedAvp(258, M, 9)]))), 'no route')
    const lonely = await bench.node('z.test', { routes: undefined })
    assert.equal(resultOf(await lonely.node.send(request(lonely))), 'no route')
    assert.match(lonely.log.join(), /Empty routing table/)
  })

  test('peers of one metric take turns', async () => {
    const bench = new Bench()
    const { a, b, c } = await withTwo(bench, EQUALS)
    const seen: string[] = []
    for (const { node } of [b, c]) node.onRequest(() => { seen.push(node.config.fqdn); return [unsignedAvp(268, M, 2001)] })
    for (let round = 0; round < 4; round++) {
      void a.node.send(request(a))
      await bench.clock.advance(1)
      await bench.settle()
    }
    assert.deepEqual(seen, ['b.test', 'c.test', 'b.test', 'c.test'])
  })

  test('a session stays with the peer that it began with', async () => {
    const bench = new Bench()
    const { a, b, c } = await withTwo(bench, EQUALS)
    const seen: string[] = []
    for (const { node } of [b, c]) node.onRequest(() => { seen.push(node.config.fqdn); return [unsignedAvp(268, M, 2001)] })
    const session = a.node.sessions.openCredit(() => undefined)
    for (let round = 1; round <= 3; round++) {
      void a.node.send(request(a, [unsignedAvp(416, M, Math.min(round, 2))], session?.id))
      await bench.clock.advance(1)
      await bench.settle()
    }
    assert.equal(new Set(seen).size, 1)
    assert.equal(session?.state, 'Open')
  })

  test('no answer in time is a failure, and one that comes later is nobody\'s', async () => {
    const bench = new Bench()
    const { a, b } = await withTwo(bench)
    let answer: (avps: readonly Avp[]) => void = () => undefined
    b.node.onRequest(() => new Promise((resolve) => { answer = resolve }))
    const asked = a.node.send(request(a))
    await bench.settle()
    await bench.clock.advance(5_020)
    assert.equal(resultOf(await asked), 'timeout')
    assert.equal(a.node.figures.timeouts, 1)
    answer([unsignedAvp(268, M, 2001)])
    await bench.settle()
    assert.equal(a.node.figures.replies, 0)
  })

  test('no more routes run at a time than there are workers, and who asks more is not read until there is room', async () => {
    const bench = new Bench()
    const b = await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }], workers: 2, queueLength: 4 })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    const finish: (() => void)[] = []
    let most = 0
    b.node.onRequest(() => new Promise((resolve) => {
      finish.push(() => resolve([unsignedAvp(268, M, 2001)]))
      most = Math.max(most, finish.length)
    }))
    const asked = Array.from({ length: 20 }, () => a.node.send(request(a)))
    await bench.settle()
    assert.equal(finish.length, 2)
    assert.ok(b.node.queueLength <= 4, String(b.node.queueLength))
    while (finish.length > 0) {
      finish.shift()?.()
      await bench.settle()
    }
    assert.deepEqual(new Set((await Promise.all(asked)).map(resultOf)), new Set([2001]))
    assert.equal(most, 2)
  })
})

describe('time', () => {
  test('watchdogs go to and fro while nothing else does, and a peer that does not answer them is given up', async () => {
    const bench = new Bench()
    await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }] })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    await bench.seconds(100)
    assert.equal(a.state('b.test'), 'I_Open')
    for (const end of bench.world.ends) end.isUnread = true
    await bench.seconds(25)
    assert.match(a.log.join(), /Inactivity on peer \[b\.test\] and no DWA, Closing peer\.\.\./)
  })

  test('a peer that reads nothing is given up when too much waits for it', async () => {
    const bench = new Bench()
    const { a } = await withTwo(bench)
    const end = bench.world.ends.find(({ remoteAddress }) => remoteAddress === '10.0.0.2')
    if (end !== undefined) end.isUnread = true
    const big = textAvp(9999, 0, 'x'.repeat(60_000))
    const asked = Array.from({ length: 80 }, () => a.node.send(request(a, [big])))
    await bench.settle()
    assert.match(a.log.join(), /bytes wait to be read by the peer\.\.\. dropping/)
    await bench.seconds(6)
    // None is left waiting: they went to the other peer, which does not answer them either.
    assert.deepEqual(new Set((await Promise.all(asked)).map(resultOf)), new Set(['timeout']))
  })

  test('farewell is said with DPR, and its answer ends the connection', async () => {
    const bench = new Bench()
    const b = await bench.node('b.test', { peers: [{ ...peerConfig('a.test'), port: 1 }] })
    const a = await bench.node('a.test', { knows: ['b.test'] })
    await bench.settle()
    const stopped = a.node.stop()
    await bench.seconds(1)
    await stopped
    assert.deepEqual([a.state('b.test'), b.state('a.test')], ['Closed', 'Closed'])
    assert.equal(bench.clock.waiting <= 1, true, 'only the other node\'s look at its peers is left')
  })
})

describe('sessions', () => {
  test('a session whose time is over is told, and terminated at its server', async () => {
    const bench = new Bench()
    const { a, b } = await withTwo(bench)
    const heard: number[] = []
    b.node.onRequest((message) => {
      if (isRequest(message)) heard.push(message.commandCode)
      return [unsignedAvp(268, M, 2001), unsignedAvp(27, M, 20)]
    })
    const events: string[] = []
    const session = a.node.sessions.openAuth({ side: 'client', isStateful: true }, (event) => void events.push(event))
    void a.node.send(request(a, [], session?.id))
    await bench.settle()
    assert.equal(session?.state, 'Open')
    await bench.seconds(22)
    assert.deepEqual(events, ['created', 'opened', 'timeout', 'ended'])
    assert.deepEqual(heard, [272, 275])
    assert.equal(a.node.sessions.size, 0)
  })

  test('a session that its server aborts is answered and terminated', async () => {
    const bench = new Bench()
    const { a, b } = await withTwo(bench)
    const heard: number[] = []
    b.node.onRequest((message) => { heard.push(message.commandCode); return [unsignedAvp(268, M, 2001)] })
    const events: string[] = []
    const session = a.node.sessions.openAuth({ side: 'client', isStateful: true }, (event) => void events.push(event))
    void a.node.send(request(a, [], session?.id))
    await bench.settle()
    const aborted = b.node.send(b.node.request(4, 274, session?.id ?? '', []), { peer: 'a.test' })
    await bench.settle()
    assert.equal(resultOf(await aborted), 2001)
    await bench.settle()
    assert.deepEqual(heard, [272, 275])
    assert.ok(events.includes('aborted') && events.at(-1) === 'ended', events.join())
  })

  test('a session of credit control is told before its units end', async () => {
    const bench = new Bench()
    const { a, b } = await withTwo(bench)
    b.node.onRequest(() => [unsignedAvp(268, M, 2001), unsignedAvp(448, M, 40)])
    const events: string[] = []
    const session = a.node.sessions.openCredit((event) => void events.push(event))
    for (const type of [1, 2]) {
      void a.node.send(request(a, [unsignedAvp(416, M, type)], session?.id))
      await bench.settle()
      await bench.seconds(26)
    }
    void a.node.send(request(a, [unsignedAvp(416, M, 3)], session?.id))
    await bench.settle()
    assert.deepEqual([session?.state, session?.validitySeconds], ['Discon', 40])
    await bench.seconds(61)
    assert.deepEqual(events, ['created', 'opened', 'reservation ends', 'modified', 'reservation ends', 'ended'])
  })

  test('ids are the identity and two numbers, and never the same', async () => {
    const { node } = await new Bench().node('a.test')
    const [one, other] = [node.sessions.newId(), node.sessions.newId()]
    assert.match(one, /^a\.test;\d+;1$/)
    assert.notEqual(one, other)
    assert.equal(textOf(findAvp(node.request(4, 272, one, []).avps, 263)), one)
  })
})
