/** All that a server has of the outside, on a simulated network: virtual time, seeded chance, files and names from lists. */
import { decode, encode, type Answer } from 'dns-packet'
import type { Random } from '../../src/base/random.ts'
import { StreamProblem } from '../../src/base/streams.ts'
import type { DnsExchange, DnsQuestion } from '../../src/net/dns-exchange.ts'
import type { Reading } from '../../src/net/dns-answer.ts'
import type { SocketFactory } from '../../src/net/socket-factory.ts'
import type { UdpCounters } from '../../src/net/udp.ts'
import { HttpFailure } from '../../src/runtime/http-port.ts'
import type { World } from '../../src/server/world.ts'
import type { VirtualClock } from '../support/virtual-clock.ts'
import { StreamFailure } from '../../src/runtime/peer-ports.ts'
import type { SimulatedNetwork } from './network.ts'

export interface SimulatedWorldParts {
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: SimulatedNetwork
  /** What the name servers know. */
  readonly zone?: readonly Answer[]
  readonly files?: Readonly<Record<string, string>>
}

export function simulatedWorld({ clock, random, network, zone = [], files = {} }: SimulatedWorldParts): World {
  return {
    clock,
    random,
    files: {
      read: (path) => files[path],
      write: () => false,
      writeFifo: () => 'there are no files here',
      watch: () => () => undefined,
      sendUnix: () => 'there are no files here',
    },
    sockets: simulatedSockets(network),
    control: {
      listenStream: () => Promise.resolve('there are no files here'),
      listenDatagram: () => Promise.resolve('there are no files here'),
      listenFifo: () => Promise.resolve('there are no files here'),
      answerFifo: () => Promise.resolve('there are no files here'),
    },
    http: {
      ask: async () => new HttpFailure('connect', 'there are no HTTP servers in a simulated world'),
      close: () => undefined,
    },
    programs: { run: async () => 'there are no programs in a simulated world', close: () => undefined },
    peers: {
      openDatagram: () => Promise.resolve('there are no media proxies here'),
      openWebSocket: () => Promise.resolve('there are no media proxies here'),
      askStream: () => Promise.resolve(new StreamFailure('connect', 'there are no files here')),
    },
    streams: {
      connect: async () => new StreamProblem('ECONNREFUSED', 'there are no streams in a simulated world'),
      listen: async () => new StreamProblem('EACCES', 'there are no streams in a simulated world'),
    },
    dns: simulatedDns(clock, zone),
    names: {
      hostname: 'simulated',
      addressesOf: (host) => Promise.reject(Object.assign(new Error(`no such host: ${host}`), { code: 'ENOTFOUND' })),
      nameOf: (address) => Promise.reject(Object.assign(new Error(`no name for ${address}`), { code: 'ENOTFOUND' })),
    },
    pid: 1,
    process: { version: '', arguments: ['kahea'], folder: () => '/', memory: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0 }) },
  }
}

function simulatedSockets(network: SimulatedNetwork): SocketFactory {
  return {
    udpBody: 'simulated',
    openUdp(options, handlers) {
      const place = { address: options.address, port: options.port || network.freePort() }
      const counters = { ...noUdpCounters }
      const isFree = network.bind(place, (text, address, port) => {
        counters.receivedPackets++
        counters.receivedBytes += text.length
        handlers.onDatagram(text, address, port, undefined)
      })
      if (!isFree) return Promise.resolve({ code: 'EADDRINUSE', reason: `${place.address}:${place.port} is taken` })
      return Promise.resolve({
        body: 'simulated',
        ...place,
        family: options.family,
        send(text, address, port) {
          counters.sentPackets++
          counters.sentBytes += text.length
          network.send(text, place, { address, port })
          return true
        },
        flush: () => undefined,
        counters: () => counters,
        close() {
          network.unbind(place)
          return Promise.resolve()
        },
      })
    },
    listenTcp(options, _settings, onConnection) {
      const place = { address: options.address, port: options.port || network.freePort() }
      if (!network.listen(place, onConnection)) {
        return Promise.resolve({ code: 'EADDRINUSE', reason: `${place.address}:${place.port} is taken` })
      }
      return Promise.resolve({
        port: place.port,
        close() {
          network.unlisten(place)
          return Promise.resolve()
        },
      })
    },
    connectTcp: (address, port, socket) => network.connect({ address: socket.address, port: network.freePort() }, { address, port }),
    localAddressFor: () => undefined,
    interfaces: () => ({}),
  }
}

const noUdpCounters: { -readonly [Name in keyof UdpCounters]: number } = {
  receivedPackets: 0, receivedBytes: 0, receiveErrors: 0, kernelDrops: 0,
  sentPackets: 0, sentBytes: 0, sendErrors: 0, sendBlocked: 0, sendRefused: 0,
}

const DNS_DELAY_MS = 5
const AUTHORITATIVE_ANSWER = 1 << 10
const NO_SUCH_NAME = 3

/** Answers from the list, a little later; names that end in `.silent` never get an answer. */
function simulatedDns(clock: VirtualClock, zone: readonly Answer[]): DnsExchange {
  const ask = ({ bytes, timeoutMs, read }: DnsQuestion): Promise<Reading | undefined> => new Promise((resolve) => {
    const query = decode(bytes)
    const { name, type } = query.questions?.[0] ?? { name: '', type: 'A' }
    if (name.endsWith('.silent')) {
      clock.after(timeoutMs, () => resolve(undefined))
      return
    }
    const ofName = zone.filter((answer) => answer.name === name)
    const answers = ofName.filter((answer) => answer.type === type)
    const packet = encode({
      type: 'response',
      id: query.id ?? 0,
      flags: AUTHORITATIVE_ANSWER | (ofName.length > 0 ? 0 : NO_SUCH_NAME),
      questions: [{ name, type }],
      answers,
    })
    clock.after(DNS_DELAY_MS, () => resolve(read(packet)))
  })
  return { overUdp: ask, overTcp: ask }
}
