import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LogRecord } from '../../base/log.ts'
import type { DatagramHandlers, PeerPorts, WebSocketHandlers } from '../../runtime/peer-ports.ts'
import { testHost } from '../../../test/support/test-host.ts'
import { VirtualClock } from '../../../test/support/virtual-clock.ts'
import { BencodeDictionary } from './bencode.ts'
import { Control, type ControlSettings } from './control.ts'
import { EngineNode, type NodeKind } from './node.ts'

const SETTINGS: ControlSettings = { rtpengine_tout_ms: 100, rtpengine_retr: 3, force_send_interface: '', control_cmd_tos: -1 }
const PING = new BencodeDictionary().add('command', 'ping')

const nodeOf = (kind: NodeKind, address: string): EngineNode =>
  new EngineNode(0, `${kind}:${address}`, { kind, address }, { weight: 1, isDisabled: false, recheckAt: 0 })

interface Wire {
  readonly control: Control
  readonly clock: VirtualClock
  readonly sent: string[]
  readonly errors: () => readonly string[]
  readonly unexpected: () => number
  handlers: (DatagramHandlers & WebSocketHandlers) | undefined
}

function wire(settings: Partial<ControlSettings> = {}, peers: Partial<PeerPorts> = {}): Wire {
  const records: LogRecord[] = []
  const clock = new VirtualClock()
  const host = { ...testHost({ records }), clock }
  const sent: string[] = []
  const peer = { send: (bytes: string): true => { sent.push(bytes); return true }, isOpen: () => true, close: () => undefined }
  const made: Wire = {
    control: new Control({
      ...host,
      peers: {
        ...host.peers,
        openDatagram: async (_peer, handlers) => {
          made.handlers = { ...handlers, onMessage: handlers.onDatagram, onClose: () => undefined }
          return peer
        },
        openWebSocket: async (_peer, handlers) => {
          made.handlers = { ...handlers, onDatagram: handlers.onMessage, onError: () => undefined }
          return peer
        },
        ...peers,
      },
    }, { ...SETTINGS, ...settings }),
    clock,
    sent,
    errors: () => records.map(({ text }) => text),
    unexpected: () => host.statistics.counter('rtpengine', 'unexpected_answers').value,
    handlers: undefined,
  }
  return made
}

const cookieOf = (sent: string | undefined): string => sent?.slice(0, sent.indexOf(' ')) ?? ''
/** Lets promises go on. */
const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

describe('a question over UDP', () => {
  test('waits as often as it may be sent, and no longer', async () => {
    const { control, clock, sent, errors } = wire()
    let answer: string | undefined | null = null
    void control.send(nodeOf('udp', '192.0.2.1:2223'), PING).then((text) => { answer = text })
    await settle()
    await clock.advance(299)
    await settle()
    assert.equal(answer, null)
    await clock.advance(1)
    await settle()
    assert.equal(answer, undefined)
    assert.equal(sent.length, 3)
    assert.equal(new Set(sent).size, 1)
    assert.deepEqual(errors(), ['timeout waiting reply for command "ping" from RTPEngine <udp:192.0.2.1:2223>'])
  })

  test('gets the answer with its cookie, whatever comes in between and in which order', async () => {
    const made = wire()
    const node = nodeOf('udp', '192.0.2.1:2223')
    const answers = Promise.all([made.control.send(node, PING), made.control.send(node, PING)])
    await settle()
    const [one, two] = made.sent.map(cookieOf)
    const noises = ['', ' ', 'x', '1_1_1 d6:result4:ponge', `${one}0 late`, 'd6:result4:ponge', '\0\xff']
    for (const noise of noises) made.handlers?.onDatagram(noise)
    made.handlers?.onDatagram(`${two} second`)
    made.handlers?.onDatagram(`${one} first`)
    made.handlers?.onDatagram(`${one} again`)
    assert.deepEqual(await answers, ['first', 'second'])
    assert.equal(made.unexpected(), 8)
  })

  test('ends at once when nobody listens there', async () => {
    const made = wire()
    const answer = made.control.send(nodeOf('udp', '192.0.2.1:2223'), PING)
    await settle()
    made.handlers?.onError('connection refused')
    assert.equal(await answer, undefined)
    assert.deepEqual(made.errors(), ['can\'t send command "ping" to RTPEngine <udp:192.0.2.1:2223>'])
  })

  test('is refused while there is no socket, and the next one tries again', async () => {
    let tries = 0
    const { control, errors } = wire({}, { openDatagram: async () => { tries++; return 'no such name' } })
    const node = nodeOf('udp', 'engine.example:2223')
    assert.equal(await control.send(node, PING), undefined)
    assert.equal(await control.send(node, PING), undefined)
    assert.equal(tries, 2)
    assert.equal(errors().length, 4)
  })

  test('is never sent when it may be sent no time', async () => {
    const { control, sent } = wire({ rtpengine_retr: 0 })
    assert.equal(await control.send(nodeOf('udp', '192.0.2.1:2223'), PING), undefined)
    assert.deepEqual(sent, [])
  })
})

test('the socket gets the own address and the type of service of the parameters', async () => {
  const asked: unknown[] = []
  const openDatagram: PeerPorts['openDatagram'] = async (peer) => {
    asked.push(peer)
    return 'no'
  }
  const { control } = wire({ force_send_interface: '2001:db8::1', control_cmd_tos: 184 }, { openDatagram })
  await control.send(nodeOf('udp6', '[2001:db8::7]:2223'), PING)
  assert.deepEqual(asked, [{ host: '2001:db8::7', port: 2223, family: 6, localAddress: '2001:db8::1', tos: 184 }])
})

test('a question over a WebSocket is sent once a connection', async () => {
  const made = wire()
  const node = nodeOf('ws', 'ws://192.0.2.1:2225/')
  const first = made.control.send(node, PING)
  await settle()
  made.handlers?.onMessage(`${cookieOf(made.sent[0])} d6:result4:ponge`)
  assert.equal(await first, 'd6:result4:ponge')
  // A connection may have ended while nobody looked: it is tried on another one, with the same cookie, and no further.
  const second = made.control.send(node, PING)
  await settle()
  made.handlers?.onClose('gone')
  await settle()
  made.handlers?.onClose('gone again')
  assert.equal(await second, undefined)
  const third = made.control.send(node, PING)
  await settle()
  await made.clock.advance(100)
  assert.equal(await third, undefined)
  assert.equal(made.sent.length, 4)
  assert.equal(made.sent[1], made.sent[2])
  assert.deepEqual(made.errors(), ['failed to do websocket request', 'failed to do websocket request'])
})

test('whoever waits is told when the server stops', async () => {
  const { control } = wire()
  const answer = control.send(nodeOf('udp', '192.0.2.1:2223'), PING)
  await settle()
  control.close()
  assert.equal(await answer, undefined)
})
