import { addressFamily } from '../../base/address.ts'
import { defineModule, SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { every } from '../../runtime/timer-process.ts'
import { slApi } from '../sl/api.ts'
import { tmApi } from '../tm/api.ts'
import { dmqApi, type DmqApi } from './api.ts'
import { Comparing } from './comparing.ts'
import { counterTexts, createCounters } from './counters.ts'
import { discover } from './discover.ts'
import { dmqFunctions } from './functions.ts'
import { DmqNode, isEveryAddress, readNodeLine } from './node.ts'
import { NodeList } from './node-list.ts'
import { ping } from './notification.ts'
import { Outbox } from './outbox.ts'
import { dmqParams, type DmqParams } from './params.ts'
import { dmqRpc } from './rpc.ts'
import { broadcast, sendTo } from './send.ts'
import type { Dmq, NotificationAddress } from './state.ts'

export default defineModule({
  name: 'dmq',
  summary: 'Lets servers tell each other what they keep, by SIP messages of the method KDMQ.',
  area: 'data',
  params: dmqParams,
  setup: setUp,
  start: startDmq,
  ready: async (dmq) => {
    dmq.comparing.start()
    await discover(dmq)
  },
  stop(dmq) {
    for (const stop of dmq.stops.splice(0)) stop()
    dmq.comparing.stop()
    for (const node of dmq.nodes.all) node.outbox.close()
  },
  functions: dmqFunctions,
  rpc: dmqRpc,
  events: {
    'dmq:peer-up': 'A node is there (later versions of Kamailio); $ru is its address.',
    'dmq:peer-down': 'A node does not answer any more.',
    'dmq:peer-disabled': 'A node is given up until it comes back.',
  },
  statistics: counterTexts,
})

/** Seconds, where none are given. */
const PING_INTERVAL = 60

function setUp(host: Host, params: DmqParams): Dmq | SetupError {
  const self = params.server_address === undefined ? undefined : readNodeLine(params.server_address)
  if (self === undefined) return new SetupError('server address invalid')
  const addresses: NotificationAddress[] = []
  for (const given of params.notification_address) {
    const text = String(given)
    const line = readNodeLine(text)
    if (line === undefined) return new SetupError(`could not parse notification address: ${text}`)
    addresses.push({ text, line })
  }
  const comparing = new Comparing(() => dmq)
  const dmq: Dmq = {
    host, params, channels: new Map(), counters: createCounters(host.statistics), nodes: new NodeList(), self, addresses, comparing,
    socket: undefined, local: undefined, tm: undefined, sl: undefined, isJoined: false, refusalToldAtMs: Number.NEGATIVE_INFINITY,
    events: { up: undefined, down: undefined, disabled: undefined }, stops: [],
  }
  host.provide(dmqApi, apiOf(dmq))
  return dmq
}

async function startDmq(dmq: Dmq, host: Host): Promise<SetupError | undefined> {
  const { params, self, events } = dmq
  dmq.tm = host.api(tmApi)
  dmq.sl = host.api(slApi)
  if (dmq.sl === undefined) return new SetupError('cannot bind to SL API')
  if (dmq.tm === undefined) return new SetupError('can\'t load tm functions. TM module probably not loaded')
  const named = params.server_socket === undefined
    ? { host: self.host, port: Number(self.port) || 5060, transport: transportOf(self.transport) }
    : parseSocketName(params.server_socket)
  const socket = named === undefined ? undefined : host.network.socketOf(named.host, named.port || 5060, named.transport)
  if (socket === undefined) return new SetupError('server_uri is not a socket the proxy is listening on')
  dmq.socket = socket
  const address = addressFamily(self.host) !== 0 ? self.host : (await host.names.addresses(self.host)).found[0]
  if (address === undefined) return new SetupError(`could not resolve ${self.host}`)
  const text = params.server_address ?? ''
  const toldHost = isEveryAddress(self.host) ? ownAddress(host, addressFamily(self.host)) : self.host
  dmq.local = new DmqNode({ ...self, status: 'active' }, { text, address, isLocal: true, toldHost, outbox: new Outbox() })
  dmq.nodes.add(dmq.local)
  events.up = host.routes.event('dmq:peer-up')
  events.down = host.routes.event('dmq:peer-down')
  events.disabled = host.routes.event('dmq:peer-disabled')
  dmq.stops.push(every(host.clock, (params.ping_interval < 1 ? PING_INTERVAL : params.ping_interval) * 1000, async () => {
    ping(dmq)
    dmq.comparing.compareAll()
    if (params.multi_notify !== 0 || dmq.nodes.all.length === 1) await discover(dmq)
  }))
  return undefined
}

/** The address to tell others where the server listens on all: the first that is no loopback one. */
function ownAddress(host: Host, family: number): string {
  const addresses = host.network.interfaceAddresses().filter((address) => addressFamily(address) === family)
  const isOutside = (address: string): boolean => !address.startsWith('127.') && address !== '::1' && !/^fe[89ab]/i.test(address)
  return addresses.find(isOutside) ?? addresses[0] ?? '127.0.0.1'
}

function transportOf(name: string): 'udp' | 'tcp' | 'tls' | 'sctp' | undefined {
  return name === '' ? 'udp' : name === 'udp' || name === 'tcp' || name === 'tls' || name === 'sctp' ? name : undefined
}

function apiOf(dmq: Dmq): DmqApi {
  const isPlain = (node: DmqNode): boolean => !node.isComparing || !dmq.comparing.hasReplicas
  return {
    addChannel(channel) {
      dmq.channels.set(channel.name, channel)
    },
    broadcast: (message, isPlainOnly = false) => broadcast(dmq, message, isPlainOnly ? isPlain : undefined),
    send: (message, node, answered) => sendTo(dmq, node, message, answered),
    addReplica: (replica) => dmq.comparing.add(replica),
    get hasPlainNodes() {
      return dmq.nodes.all.some((node) => !node.isLocal && node.status === 'active' && isPlain(node))
    },
  }
}
