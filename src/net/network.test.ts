import assert from 'node:assert/strict'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { systemClock, type Clock } from '../base/clock.ts'
import { createLog } from '../base/log.ts'
import type { ListenSocket, ReceivedFrom, Target, TransportName } from '../sip/endpoint.ts'
import { loadAddon } from './native-addon.ts'
import { defaultNetworkSettings, type NetworkSettings } from './network-settings.ts'
import { isNetworkError, Network, type ListenSpec, type NetworkHandlers } from './network.ts'
import { systemSockets } from './socket-factory.ts'

const HOST = '127.0.20.2'
const PEER = '127.0.20.3'

/** Real time for sockets, but timers run only when the test says so. */
function manualClock(): Clock & { pass(ms: number): void } {
  let offset = 0
  const tasks = new Set<{ readonly at: number; readonly task: () => void }>()
  const now = (): number => performance.now() + offset
  return {
    now: () => Date.now() + offset,
    monotonic: now,
    after(delayMs, task) {
      const entry = { at: now() + delayMs, task }
      tasks.add(entry)
      return () => { tasks.delete(entry) }
    },
    pass(ms) {
      offset += ms
      for (const entry of [...tasks]) {
        if (entry.at > now()) continue
        tasks.delete(entry)
        entry.task()
      }
    },
  }
}

interface World {
  readonly network: Network
  readonly settings: { -readonly [K in keyof NetworkSettings]: NetworkSettings[K] }
  readonly messages: { readonly text: string; readonly from: ReceivedFrom }[]
  readonly closed: string[]
  readonly failures: string[]
  readonly log: string[]
  readonly clock: ReturnType<typeof manualClock>
  listen(transport: TransportName, address?: string): Promise<ListenSocket>
}

function spec(transport: TransportName, address: string, port: number): ListenSpec {
  const family = address.includes(':') ? 6 : 4
  return { transport, address, port, family, name: undefined, advertise: undefined, isVirtual: false }
}

function world(
  t: TestContext,
  settings: Partial<NetworkSettings> = {},
  handlers: Partial<NetworkHandlers> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): World {
  const messages: { readonly text: string; readonly from: ReceivedFrom }[] = []
  const closed: string[] = []
  const failures: string[] = []
  const log: string[] = []
  const current = { ...defaultNetworkSettings, ...settings }
  const clock = manualClock()
  const addon = loadAddon(environment)
  const network = new Network({
    clock,
    log: createLog(2, (record) => log.push(record.text)),
    settings: current,
    sockets: systemSockets(typeof addon === 'string' ? undefined : addon),
    handlers: {
      onMessage: (text, from) => { messages.push({ text, from }) },
      onConnectionClosed: (connection) => { closed.push(connection.closeReason ?? '') },
      onSendFailure(transport, address, _port, reason) {
        failures.push(`${transport} ${address}: ${reason}`)
      },
      ...handlers,
    },
  })
  t.after(() => network.close())
  const listen = async (transport: TransportName, address = HOST): Promise<ListenSocket> => {
    const socket = await network.open(spec(transport, address, 0))
    if (isNetworkError(socket)) throw new Error(socket.reason)
    return socket
  }
  return { network, settings: current, messages, closed, failures, log, clock, listen }
}

interface Peer {
  readonly socket: Socket
  received: string
  isClosed: boolean
}

function watch(t: TestContext, socket: Socket): Peer {
  const peer: Peer = { socket, received: '', isClosed: false }
  socket.on('data', (bytes) => { peer.received += bytes.toString('latin1') })
  socket.on('error', () => undefined)
  socket.on('close', () => { peer.isClosed = true })
  t.after(() => { socket.destroy() })
  return peer
}

async function dial(t: TestContext, to: ListenSocket, localAddress = PEER): Promise<Peer> {
  const isV6 = to.family === 6
  const socket = connect({ host: to.address, port: to.port, ...(isV6 ? {} : { localAddress }) })
  const peer = watch(t, socket)
  await until(() => !socket.connecting, 'connected')
  return peer
}

async function serve(t: TestContext, onPeer: (peer: Peer) => void, address = PEER): Promise<number> {
  const server: Server = createServer((socket) => onPeer(watch(t, socket)))
  t.after(() => { server.close() })
  await new Promise<void>((resolve) => { server.listen({ host: address, port: 0 }, resolve) })
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : 0
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let round = 0; round < 400; round++) {
    if (condition()) return
    await new Promise((resolve) => { systemClock.after(5, () => resolve(undefined)) })
  }
  assert.fail(`not in time: ${what}`)
}

function options(body = ''): string {
  return `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP c;branch=z9hG4bKd\r\nl: ${body.length}\r\n\r\n${body}`
}

function target(transport: TransportName, address: string, port: number, more: Partial<Target> = {}): Target {
  return { transport, address, port, socket: undefined, connectionId: 0, ...more }
}

test('a datagram comes with its socket and source, short ones are counted and dropped', async (t) => {
  const left = world(t)
  const right = world(t)
  const from = await left.listen('udp')
  const to = await right.listen('udp')
  left.network.send('x'.repeat(31), target('udp', HOST, to.port))
  left.network.send(options(), target('udp', HOST, to.port))
  await until(() => right.messages.length === 1, 'message')
  assert.equal(right.messages[0]?.text, options())
  assert.deepEqual(right.messages[0]?.from, { socket: to, sourceAddress: HOST, sourcePort: from.port, connectionId: 0 })
  assert.equal(right.network.counters.shortDatagrams, 1)
})

for (const address of [HOST, '::1']) {
  test(`a message on a connection is answered on it (${address})`, async (t) => {
    const { network, messages, listen } = world(t)
    const socket = await listen('tcp', address)
    const peer = await dial(t, socket)
    peer.socket.write(options('hello') + options())
    await until(() => messages.length === 2, 'messages')
    const from = messages[0]?.from
    assert.ok(from)
    assert.equal(from.socket, socket)
    assert.equal(from.sourceAddress, address === HOST ? PEER : '::1')
    assert.equal(from.connectionId, 1)
    const back = target('tcp', from.sourceAddress, from.sourcePort, { connectionId: from.connectionId })
    assert.equal(network.send('SIP/2.0 200 OK\r\nl: 0\r\n\r\n', back), true)
    await until(() => peer.received.includes('200 OK'), 'answer')
    assert.equal(network.connections.size, 1)
  })
}

test('keep-alives are answered, unless tcp_crlf_ping is 0', async (t) => {
  const { network, settings, listen } = world(t)
  const peer = await dial(t, await listen('tcp'))
  peer.socket.write('\r\n\r\n')
  await until(() => peer.received === '\r\n', 'pong')
  settings.tcp_crlf_ping = 0
  peer.socket.write('\r\n\r\n')
  await until(() => network.connections.counters.pings === 2, 'second ping')
  assert.equal(peer.received, '\r\n')
})

test('bad framing closes the connection, and the log says why', async (t) => {
  const { network, closed, log, listen } = world(t)
  const peer = await dial(t, await listen('tcp'))
  peer.socket.write('OPTIONS sip:a@b SIP/2.0\r\n\r\n')
  await until(() => peer.isClosed && closed.length === 1, 'closed')
  assert.deepEqual(closed, ['bad framing'])
  assert.equal(network.connections.counters.badFraming, 1)
  assert.match(log[0] ?? '', /^bad request from tcp 127\.0\.20\.3:\d+: no Content-Length, closing$/)
})

test('a handler may close the connection its message came on; the answer still goes out', async (t) => {
  const { network, messages, listen } = world(t, {}, {
    onMessage(text, from) {
      messages.push({ text, from })
      const back = target('tcp', PEER, 1, { connectionId: from.connectionId, closeAfter: true })
      network.send('SIP/2.0 400 Bad\r\nl: 0\r\n\r\n', back)
    },
  })
  const peer = await dial(t, await listen('tcp'))
  peer.socket.write(options() + options())
  await until(() => peer.isClosed, 'closed')
  assert.equal(messages.length, 1)
  assert.match(peer.received, /^SIP\/2\.0 400 Bad/)
})

test('requests to one peer share a connection, answers come back on it', async (t) => {
  const { network, messages, listen } = world(t)
  await listen('tcp')
  const peers: Peer[] = []
  const port = await serve(t, (peer) => peers.push(peer))
  assert.equal(network.send(options('one'), target('tcp', PEER, port)), true)
  assert.equal(network.send(options('two'), target('tcp', PEER, port)), true)
  await until(() => peers[0]?.received === options('one') + options('two'), 'both requests')
  assert.equal(peers.length, 1)
  peers[0]?.socket.write('SIP/2.0 200 OK\r\nl: 0\r\n\r\n')
  await until(() => messages.length === 1, 'answer')
  assert.equal(messages[0]?.from.sourcePort, port)
})

test('closeAfter on a connection still being made sends first', async (t) => {
  const { network, closed, listen } = world(t)
  await listen('tcp')
  const peers: Peer[] = []
  const port = await serve(t, (peer) => peers.push(peer))
  network.send(options(), target('tcp', PEER, port, { closeAfter: true }))
  await until(() => peers[0]?.isClosed === true && closed.length === 1, 'closed')
  assert.equal(peers[0]?.received, options())
  assert.deepEqual(closed, ['closed here'])
})

const refusals: readonly { title: string; settings?: Partial<NetworkSettings>; to: Target; reason: RegExp }[] = [
  { title: 'noConnect', to: target('tcp', PEER, 9, { noConnect: true }), reason: /none may be made/ },
  { title: 'tcp_no_connect', settings: { tcp_no_connect: 1 }, to: target('tcp', PEER, 9), reason: /none may be made/ },
  { title: 'a full table', settings: { tcp_max_connections: 0 }, to: target('tcp', PEER, 9), reason: /maximum number/ },
  { title: 'a name for an address', to: target('tcp', 'example.com', 9), reason: /no tcp socket/ },
  { title: 'port 0', to: target('tcp', PEER, 0), reason: /invalid address or port/ },
  { title: 'a family without socket', to: target('tcp', '::1', 9), reason: /no tcp socket/ },
  { title: 'a transport without socket', to: target('tls', PEER, 9), reason: /no tls socket/ },
  { title: 'UDP without socket', to: target('udp', PEER, 9), reason: /no udp socket/ },
]
for (const { title, settings, to, reason } of refusals) {
  test(`sending is refused with a reason: ${title}`, async (t) => {
    const { network, log, listen } = world(t, settings)
    await listen('tcp')
    const result = network.send(options(), to)
    assert.match(result === true ? 'taken' : result.reason, reason)
    assert.equal(network.counters.sendRefused, 1)
    assert.equal(log.length, 1)
  })
}

const WITHOUT_ADDON = { KAHEA_NO_ADDON: '1' }

test('a connection that this machine refuses is an error of the send', { skip: typeof loadAddon(process.env) === 'string' }, async (t) => {
  const { network, failures, listen } = world(t)
  await listen('tcp')
  const port = await serve(t, () => undefined)
  const free = port === 65535 ? 1 : port + 1
  assert.deepEqual(network.send(options(), target('tcp', '127.0.20.4', free)), { code: 'ECONNREFUSED', reason: 'nobody listens there' })
  assert.equal(network.connections.counters.connectFailures, 1)
  assert.equal(network.connections.size, 0)
  assert.deepEqual(failures, [])
})

test('a refused connection is reported, counted and forgotten', async (t) => {
  const { network, failures, closed, listen } = world(t, {}, {}, WITHOUT_ADDON)
  await listen('tcp')
  const port = await serve(t, () => undefined)
  const free = port === 65535 ? 1 : port + 1
  assert.equal(network.send(options(), target('tcp', '127.0.20.4', free)), true)
  await until(() => failures.length === 1, 'failure')
  assert.deepEqual(failures, ['tcp 127.0.20.4: ECONNREFUSED'])
  assert.deepEqual(closed, ['connect failed'])
  assert.equal(network.connections.size, 0)
})

test('an alias leads requests to another port over the connection', async (t) => {
  const { network, messages, listen } = world(t)
  const peer = await dial(t, await listen('tcp'))
  peer.socket.write(options())
  await until(() => messages.length === 1, 'message')
  assert.equal(network.addAlias(1, 5999), true)
  assert.equal(network.addAlias(2, 5999), false)
  assert.equal(network.addAlias(1, 70000), false)
  assert.equal(network.send(options('x'), target('tcp', PEER, 5999, { noConnect: true })), true)
  await until(() => peer.received === options('x'), 'request')
  for (let port = 6000; port < 6010; port++) assert.equal(network.addAlias(1, port), true)
  assert.equal(network.addAlias(1, 6010), false, 'a connection has at most twelve ports')
  peer.socket.destroy()
  await until(() => network.connections.size === 0, 'closed')
  assert.notEqual(network.send(options('x'), target('tcp', PEER, 5999, { noConnect: true })), true)
})

test('the newest connection from an address and port is found first, the older one when it goes', async (t) => {
  const { network, listen } = world(t)
  const first = await dial(t, await listen('tcp'))
  const second = await dial(t, network.sockets[0] ?? assert.fail())
  await until(() => network.connections.size === 2, 'both')
  network.addAlias(1, 5999)
  network.addAlias(2, 5999)
  assert.equal(network.connections.find('tcp', PEER, 5999)?.id, 2)
  second.socket.destroy()
  await until(() => network.connections.size === 1, 'one gone')
  assert.equal(network.connections.find('tcp', PEER, 5999)?.id, 1)
  assert.equal(first.isClosed, false)
})

const limits = [
  {
    title: 'in all', settings: { tcp_max_connections: 2 }, counter: 'refusedTotal',
    log: /exceeded: 2\/2: refused tcp/,
  },
  {
    title: 'of one address', settings: { tcp_accept_iplimit: 2 }, counter: 'refusedPerAddress',
    log: /one address exceeded: 2/,
  },
] as const
for (const { title, settings, counter, log: wanted } of limits) {
  test(`connections above the limit ${title} are refused, and taken again when one goes`, async (t) => {
    const { network, log, listen } = world(t, settings)
    const socket = await listen('tcp')
    const first = await dial(t, socket)
    await dial(t, socket)
    const third = await dial(t, socket)
    await until(() => third.isClosed, 'third refused')
    assert.equal(network.connections.counters[counter], 1)
    assert.match(log[0] ?? '', wanted)
    first.socket.destroy()
    await until(() => network.connections.size === 1, 'first gone')
    const fourth = await dial(t, socket)
    await until(() => network.connections.size === 2, 'fourth taken')
    assert.equal(fourth.isClosed, false)
  })
}

const timeouts = [
  { title: 'silent from the start', write: '', passMs: 20_000, reason: 'no first message' },
  { title: 'only keep-alives', write: '\r\n\r\n', passMs: 20_000, reason: 'no first message' },
  { title: 'half a message', write: options() + options().slice(0, 30), passMs: 20_000, reason: 'message timeout' },
  { title: 'idle', write: options(), passMs: 120_000, reason: 'idle' },
] as const
for (const { title, write, passMs, reason } of timeouts) {
  test(`a connection is closed in time: ${title}`, async (t) => {
    const { network, closed, clock, listen } = world(t)
    const peer = await dial(t, await listen('tcp'))
    peer.socket.write(write)
    await until(() => network.connections.size === 1 && peer.socket.bytesWritten === write.length, 'written')
    if (write !== '') {
      await until(() => network.connections.counters.messagesReceived + network.connections.counters.pings > 0, 'read')
    }
    clock.pass(passMs - 2000)
    assert.deepEqual(closed, [])
    clock.pass(3000)
    await until(() => peer.isClosed && closed.length === 1, 'closed')
    assert.deepEqual(closed, [reason])
  })
}

test('a slow message is timed from its own first byte', async (t) => {
  const { network, closed, clock, listen } = world(t)
  const peer = await dial(t, await listen('tcp'))
  peer.socket.write(options())
  await until(() => network.connections.counters.messagesReceived === 1, 'first')
  clock.pass(60_000)
  peer.socket.write('OPT')
  await until(() => (network.connections.byId(1)?.messageStartedMs ?? 0) > 0, 'second begun')
  clock.pass(15_000)
  assert.deepEqual(closed, [])
  peer.socket.write(options().slice(3))
  await until(() => network.connections.counters.messagesReceived === 2, 'second')
  clock.pass(15_000)
  assert.deepEqual(closed, [])
})

test('a connect that nobody answers ends after tcp_connect_timeout', async (t) => {
  const { network, failures, clock, listen } = world(t, {}, {}, WITHOUT_ADDON)
  await listen('tcp')
  const port = await serve(t, () => undefined)
  network.send(options(), target('tcp', PEER, port))
  // The event loop has not turned, so the peer's answer has not been seen.
  const connection = network.connections.byId(1)
  assert.equal(connection?.state, 'connecting')
  clock.pass(11_000)
  await until(() => failures.length === 1, 'failure')
  assert.match(failures[0] ?? '', /connect timeout/)
  assert.equal(network.connections.size, 0)
})

test('a peer that never reads is cut off at tcp_conn_wq_max, and others are served', async (t) => {
  const { network, messages, closed, log, listen } = world(t)
  const socket = await listen('tcp')
  const deaf = await dial(t, socket)
  deaf.socket.pause()
  const other = await dial(t, socket)
  other.socket.write(options())
  await until(() => network.connections.size === 2 && messages.length === 1, 'both there')
  const text = options('x'.repeat(10_000))
  let sent = 0
  let result = network.send(text, target('tcp', PEER, 1, { connectionId: 1 }))
  while (result === true && sent < 10_000) {
    sent++
    assert.ok(network.connections.queuedBytes <= 32768 + text.length)
    if (sent % 50 === 0) await new Promise((resolve) => { setImmediate(resolve) })
    result = network.send(text, target('tcp', PEER, 1, { connectionId: 1 }))
  }
  assert.deepEqual(result, { code: 'EPIPE', reason: 'write queue full' })
  assert.equal(network.send(options(), target('tcp', PEER, 1, { connectionId: 2 })), true)
  await until(() => other.received === options() && closed.length === 1, 'other served')
  assert.deepEqual(closed, ['write queue full'])
  assert.equal(network.connections.queuedBytes, 0)
  assert.match(log[0] ?? '', /^write queue full: \d+ bytes wait for 127\.0\.20\.3:\d+/)
})

test('queued data that nobody reads for tcp_send_timeout closes the connection', async (t) => {
  const { network, closed, failures, clock, listen } = world(t)
  const deaf = await dial(t, await listen('tcp'))
  deaf.socket.pause()
  await until(() => network.connections.size === 1, 'there')
  while ((network.connections.byId(1)?.queuedBytes ?? 0) === 0) {
    assert.equal(network.send(options('x'.repeat(20_000)), target('tcp', PEER, 1, { connectionId: 1 })), true)
  }
  clock.pass(2000)
  assert.deepEqual(closed, [])
  clock.pass(10_000)
  await until(() => closed.length === 1, 'closed')
  assert.deepEqual(closed, ['send timeout'])
  assert.equal(failures.length, 1)
})

test('a flood of connections that are reset at once leaves nothing behind', async (t) => {
  const { network, listen } = world(t)
  const socket = await listen('tcp')
  for (let round = 0; round < 50; round++) {
    const peer = await dial(t, socket)
    peer.socket.write(options())
    peer.socket.resetAndDestroy()
  }
  await until(() => network.connections.size === 0 && network.connections.counters.closed > 40, 'all gone')
  assert.equal(network.connections.queuedBytes, 0)
  const peer = await dial(t, socket)
  peer.socket.write('\r\n\r\n')
  await until(() => peer.received === '\r\n', 'still serving')
})

test('tcp_accept_haproxy takes the source from the PROXY header', async (t) => {
  const { network, messages, listen } = world(t, { tcp_accept_haproxy: 1 })
  const socket = await listen('tcp')
  const peer = await dial(t, socket)
  peer.socket.write('PROXY TCP4 203.0.113.7 203.0.113.8 40000 5060\r\n')
  peer.socket.write(options())
  await until(() => messages.length === 1, 'message')
  assert.equal(messages[0]?.from.sourceAddress, '203.0.113.7')
  assert.equal(messages[0]?.from.sourcePort, 40000)
  assert.equal(network.connections.find('tcp', '203.0.113.7', 40000)?.id, 1)
  const bad = await dial(t, socket)
  bad.socket.write(options())
  await until(() => bad.isClosed, 'closed')
})

test('the socket to send from is the first of its transport and family', async (t) => {
  const { network, listen } = world(t)
  const first = await listen('udp')
  await listen('udp', '127.0.20.5')
  const six = await listen('udp', '::1')
  const tcp = await listen('tcp', '127.0.20.5')
  assert.equal(network.findSocket('udp', 4, '127.0.0.1'), first)
  assert.equal(network.findSocket('udp', 6, '::1'), six)
  assert.equal(network.findSocket('tcp', 4, '127.0.0.1'), tcp)
  assert.equal(network.findSocket('tcp', 6, '::1'), undefined)
  assert.equal(network.socketOf('127.0.20.5', 0, 'tcp'), tcp)
  assert.equal(network.isListening('127.0.20.5', tcp.port, 'udp'), false)
  assert.deepEqual(network.sockets.map((socket) => socket.index), [0, 1, 2, 3])
})

test('a socket of another transport stands for the right one on its address', async (t) => {
  const left = world(t)
  const right = world(t)
  await left.listen('udp', '127.0.20.5')
  const named = await left.listen('tcp')
  const beside = await left.listen('udp')
  const to = await right.listen('udp')
  assert.equal(left.network.send(options(), target('udp', HOST, to.port, { socket: named })), true)
  await until(() => right.messages.length === 1, 'message')
  assert.equal(right.messages[0]?.from.sourcePort, beside.port)
})

test('with mhomed the socket stands on the address that the routing table names, or there is none', async (t) => {
  const { network, listen } = world(t, { mhomed: 1 })
  await listen('udp')
  assert.equal(network.findSocket('udp', 4, PEER), undefined)
  const routed = await listen('udp', '127.0.0.1')
  assert.equal(network.findSocket('udp', 4, PEER), routed)
})

test('a transport that is not there cannot be listened on', async (t) => {
  const { network } = world(t)
  const result = await network.open(spec('tls', HOST, 0))
  assert.ok(isNetworkError(result))
  assert.match(result.reason, /there are udp and tcp/)
})

test('a TCP port in use is an error that says what to do', async (t) => {
  const { network, listen } = world(t)
  const { port } = await listen('tcp')
  const result = await network.open(spec('tcp', HOST, port))
  assert.ok(isNetworkError(result))
  assert.match(result.reason, /^cannot listen on tcp:127\.0\.20\.2:\d+: address already in use \(another program/)
})
