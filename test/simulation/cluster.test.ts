/** Clusters in many seeded worlds; a failing seed is printed, and CLUSTER_SEED=N runs it alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RpcFault } from '../../src/define/define.ts'
import { usrlocApi, NO_CONNECTION } from '../../src/modules/usrloc/api.ts'
import { Cluster, PING_INTERVAL_S, runClusterSeed } from './cluster.ts'

const SEEDS = Number(process.env['CLUSTER_SEEDS'] ?? 12)
const only = process.env['CLUSTER_SEED']

test(`in ${SEEDS} worlds all nodes hold the same two ping intervals behind partitions, restarts and loss`, async () => {
  const failures: string[] = []
  let things = 0
  const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [Number(only)]
  for (const seed of seeds) {
    const report = await runClusterSeed(seed)
    things += report.things
    if (report.faults.length > 0) failures.push(`seed ${seed}:\n  ${report.faults.join('\n  ')}`)
    if (failures.length >= 3) break
  }
  assert.equal(failures.join('\n'), '')
  assert.ok(things > seeds.length, 'the nodes hold next to nothing')
})

const CONTACTS = 5000

test(`a node that joins has ${CONTACTS} contacts within a second, in messages that fit in datagrams`, async () => {
  const cluster = new Cluster(3, 2)
  await cluster.start(0)
  const usrloc = cluster.hostOf(0).api(usrlocApi)
  assert.ok(usrloc !== undefined)
  const now = usrloc.now()
  for (let index = 0; index < CONTACTS; index++) {
    void usrloc.change(usrloc.table('location'), `user${index}`, (change) => change.insert({
      uri: `sip:u${index}@198.51.100.1`, callId: `${index}@phones`, cseq: 1, expires: now + 3600, q: -1, userAgent: 'phone', received: '', path: '',
      socket: undefined, socketText: '', flags: 0, cflags: 0, methods: -1, instance: '', regId: 0, ruid: `uloc-${index}`, serverId: 0,
      connectionId: NO_CONNECTION, lastModified: now, xavp: undefined,
    }), () => undefined)
  }
  let largest = 0
  cluster.network.onPacket = ({ text }) => {
    largest = Math.max(largest, text.length)
  }
  await cluster.start(1)
  cluster.register(0, 'late', 'late', 300)
  await cluster.clock.advance(1000)
  assert.equal(cluster.hostOf(1).api(usrlocApi)?.table('location').contacts, CONTACTS + 1)
  assert.ok(largest < 32_000, `a message of ${largest} bytes`)
  await cluster.end()
})

test('forged, malformed and mutilated messages are refused or counted, and change nothing', async () => {
  const cluster = new Cluster(11, 2)
  const { random } = cluster
  await cluster.start(0)
  await cluster.start(1)
  await cluster.clock.advance(1000)
  cluster.register(0, 'alice', 'alice', 300)
  cluster.note(1, 'key')
  await cluster.clock.advance(1000)
  const withoutTime = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replace(/:5060 \d+ /, ' '))
  const before = withoutTime(await cluster.holdings(0))
  const bodies: readonly [channel: string, body: string][] = [
    ['usrloc', '{"action":2,"aor":"mallory","ruid":"","c":"sip:mallory@198.51.100.1:5060","callid":"x","expires":0,"cseq":1}'],
    ['htable', '{"action":9,"htname":"t","cname":"key","type":2,"strval":"forged","mode":1}'],
    ['notification_peer', 'rubbish\r\n;;;\r\nsip:\r\n'],
    ['kahea', '{"op":"entries","set":"usrloc:location","e":[["alice",5,5,0]]}'],
    ['kahea', '{"op":"part","set":"htable:t","p":[99999],"e":[]}'],
    ['kahea', '{"op":"groups","set":"htable:t","d":"00"}'],
    ['kahea', '{"op":"root","sets":7}'],
  ]
  let sent = 0
  const send = (channel: string, body: string, from: string): void => {
    const id = `forged-${++sent}`
    cluster.network.send(`KDMQ sip:${channel}@192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP ${from}:5060;branch=z9hG4bK${id}\r\n`
      + `From: <sip:${channel}@${from}:5060>;tag=1\r\nTo: <sip:${channel}@192.0.2.1:5060>\r\nCall-ID: ${id}\r\nCSeq: 10 KDMQ\r\n`
      + `Max-Forwards: 1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    { address: from, port: 5060 }, { address: '192.0.2.1', port: 5060 })
  }
  for (let round = 0; round < 400; round++) {
    for (const [channel, body] of bodies) {
      // As it is from nobody, and with a character gone, doubled or another from a node's own address.
      if (round === 0) send(channel, body, '192.0.2.66')
      const at = random.integer(body.length)
      const mutilated = body.slice(0, at) + ['', body.slice(at, at + 1).repeat(2), String.fromCharCode(random.integer(256)), '[', '{'][random.integer(5)] + body.slice(at + 1)
      send(channel, round === 0 ? body : mutilated, '192.0.2.2')
    }
    await cluster.clock.advance(10)
  }
  const counted = (name: string): number => cluster.hostOf(0).statistics.counter('dmq', name).value
  assert.equal(counted('refused'), bodies.length)
  assert.ok(counted('malformed') > 500, String(counted('malformed')))
  await cluster.clock.advance(2 * PING_INTERVAL_S * 1000)
  assert.deepEqual(withoutTime(await cluster.holdings(0)).filter((line) => before.includes(line)), before)
  assert.deepEqual(await cluster.holdings(1), await cluster.holdings(0))
  const asked = cluster.rpc(0, 'dmq.diff')
  await cluster.clock.advance(1000)
  const answer = await asked
  assert.ok(!(answer instanceof RpcFault))
  await cluster.end()
})

test('a node that is away costs no more than a bounded queue', async () => {
  const cluster = new Cluster(12, 2)
  await cluster.start(0)
  await cluster.start(1)
  await cluster.clock.advance(1000)
  cluster.network.isCut = (from, to) => from === '192.0.2.2' || to === '192.0.2.2'
  let packets = 0
  cluster.network.onPacket = ({ to }) => {
    if (to.startsWith('192.0.2.2:')) packets++
  }
  for (let count = 0; count < 20; count++) {
    for (let index = 0; index < 500; index++) cluster.note(0, `k${count}-${index}`)
    await cluster.clock.advance(500)
  }
  // 10,000 changes, and more time than a node is waited for: then nothing goes there but pings.
  await cluster.clock.advance(40_000)
  assert.ok(packets < 3000, `${packets} packets`)
  packets = 0
  cluster.note(0, 'more')
  await cluster.clock.advance(1000)
  assert.ok(packets < 4, `${packets} packets`)
  cluster.network.isCut = () => false
  await cluster.clock.advance(2 * PING_INTERVAL_S * 1000)
  assert.deepEqual(await cluster.holdings(1), await cluster.holdings(0))
  await cluster.end()
})
