/** Seeded clusters: nodes that are parted, restarted and lose packets while phones register anew, and then have peace. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogRecord } from '../../src/base/log.ts'
import { seededRandom, type Random } from '../../src/base/random.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcValue } from '../../src/define/define.ts'
import { startServer, type Server } from '../../src/server/server.ts'
import { loadConfiguration, StartFailure } from '../../src/server/start.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { calm, SimulatedNetwork } from './network.ts'
import { simulatedWorld } from './world.ts'

export const PING_INTERVAL_S = 10
const client = { address: '192.0.2.200', port: 5060 }
const addressOf = (index: number): string => `192.0.2.${index + 1}`

export class Cluster {
  readonly clock = new VirtualClock()
  readonly network: SimulatedNetwork
  readonly random: Random
  readonly log: LogRecord[] = []
  readonly count: number
  readonly #servers: (Server | undefined)[]
  #requests = 0

  constructor(seed: number, count: number) {
    this.random = seededRandom(seed)
    this.network = new SimulatedNetwork(this.clock, this.random, calm)
    this.network.bind(client, () => undefined)
    this.count = count
    this.#servers = new Array<Server | undefined>(count).fill(undefined)
  }

  async start(index: number): Promise<void> {
    const text = readFileSync(join(import.meta.dirname, 'cluster.cfg'), 'latin1')
      .replaceAll('NODE', addressOf(index)).replaceAll('OTHER', addressOf(index === 0 ? 1 : 0))
    const loaded = await loadConfiguration({
      path: 'cluster.cfg', readFile: (path) => (path === 'cluster.cfg' ? text : undefined), defines: new Map(), substs: [], environment: {},
    })
    const server = await startServer({
      loaded, settings: loaded.configuration.settings, listens: [], aliases: [], environment: {}, addon: undefined,
      world: simulatedWorld({ clock: this.clock, random: this.random, network: this.network }),
      sink: () => ({ colours: new Map(), write: (record) => this.log.push(record), close: () => undefined }),
      onShutdown: () => undefined,
    })
    if (server instanceof StartFailure) throw new Error(server.reason)
    this.#servers[index] = server
  }

  async stop(index: number): Promise<void> {
    await this.#servers[index]?.stop()
    this.#servers[index] = undefined
  }

  isUp(index: number): boolean {
    return this.#servers[index] !== undefined
  }

  hostOf(index: number): Server['host'] {
    const server = this.#servers[index]
    if (server === undefined) throw new Error(`node ${index} is down`)
    return server.host
  }

  rpc(index: number, method: string, ...params: (string | number)[]): Promise<RpcAnswer> {
    const server = this.#servers[index]
    return server === undefined ? Promise.resolve([]) : server.host.rpc(method, params)
  }

  send(index: number, text: string): void {
    this.network.send(text.replaceAll('\n', '\r\n'), client, { address: addressOf(index), port: 5060 })
  }

  register(index: number, user: string, contact: string, expires: number): void {
    const id = ++this.#requests
    this.send(index, `REGISTER sip:example.com SIP/2.0
Via: SIP/2.0/UDP ${client.address}:5060;branch=z9hG4bK${id}
From: <sip:${user}@example.com>;tag=${id}
To: <sip:${user}@example.com>
Call-ID: ${contact}@phones
CSeq: ${id} REGISTER
Contact: <sip:${contact}@198.51.100.1:5060>;expires=${expires}
Content-Length: 0

`)
  }

  /** Sets an item of table t, and counts in table u. */
  note(index: number, key: string): void {
    const id = ++this.#requests
    this.send(index, `OPTIONS sip:${key}@example.com SIP/2.0
Via: SIP/2.0/UDP ${client.address}:5060;branch=z9hG4bK${id}
From: <sip:x@example.com>;tag=${id}
To: <sip:${key}@example.com>
Call-ID: ${id}@phones
CSeq: ${id} OPTIONS
Content-Length: 0

`)
  }

  /** What a node holds, one line for each thing, in an order that all have. */
  async holdings(index: number): Promise<readonly string[]> {
    const lines: string[] = []
    const contacts = plain(await this.rpc(index, 'ul.dump'))
    for (const match of contacts.matchAll(/"AoR":"([^"]*)".*?(?="AoR"|$)/gs)) {
      for (const contact of match[0].matchAll(/"Address":"([^"]*)".*?"Expires":("?\w+"?).*?"Call-ID":"([^"]*)","CSeq":(\d+).*?"Ruid":"([^"]*)"/gs)) {
        if (Number(contact[2]) > 1) lines.push(`${match[1]} ${contact.slice(1).join(' ')}`)
      }
    }
    for (const table of ['t', 'u']) {
      for (const cell of plain(await this.rpc(index, 'htable.dump', table)).matchAll(/"name":"([^"]*)"/g)) {
        // Items that have expired are shown until the timer takes them out.
        const item = await this.rpc(index, 'htable.get', table, cell[1] ?? '')
        if (!(item instanceof RpcFault)) lines.push(`${table} ${plain(item)}`)
      }
    }
    return lines.sort()
  }

  async end(): Promise<void> {
    for (let index = 0; index < this.count; index++) await this.stop(index)
  }
}

/** As JSON text. */
function plain(answer: RpcAnswer): string {
  return answer instanceof RpcFault ? answer.reason : answer.map(jsonOf).join(',')
}

function jsonOf(value: RpcValue): string {
  if (value instanceof RpcStruct) return `{${value.entries.map(([name, field]) => `${JSON.stringify(name)}:${jsonOf(field)}`).join(',')}}`
  if (Array.isArray(value)) return `[${(value as readonly RpcValue[]).map(jsonOf).join(',')}]`
  return JSON.stringify(value)
}

export interface ClusterReport {
  /** What does not hold, in words; empty when all is well. */
  readonly faults: readonly string[]
  readonly things: number
}

const BUSY_MS = 60_000
const ACTIONS = 90

/** Trouble for a while, then peace for two ping intervals: all nodes hold the same, and say so. */
export async function runClusterSeed(seed: number): Promise<ClusterReport> {
  const cluster = new Cluster(seed, 2 + (seed % 3))
  const { random, network, clock, count } = cluster
  for (let index = 0; index < count; index++) await cluster.start(index)
  await clock.advance(1000)
  for (let action = 0; action < ACTIONS; action++) {
    await act(cluster)
    await clock.advance(random.integer(2 * BUSY_MS / ACTIONS))
  }
  network.isCut = () => false
  network.weather = calm
  for (let index = 0; index < count; index++) if (!cluster.isUp(index)) await cluster.start(index)
  await clock.advance(2 * PING_INTERVAL_S * 1000)
  const faults = await faultsOf(cluster)
  const things = (await cluster.holdings(0)).length
  await cluster.end()
  return { faults, things }
}

async function act(cluster: Cluster): Promise<void> {
  const { random, network, count } = cluster
  const index = random.integer(count)
  const name = `u${random.integer(8)}`
  switch (random.integer(12)) {
    case 0: {
      const sides = Array.from({ length: count }, () => random.integer(2))
      const side = (address: string): number | undefined => sides[Number(address.split('.')[3]) - 1]
      network.isCut = (from, to) => side(from) !== undefined && side(to) !== undefined && side(from) !== side(to)
      return
    }
    case 1:
      network.isCut = () => false
      return
    case 2:
      network.weather = random.integer(2) === 0 ? calm : { delayMs: [1, 80], lossPerMille: 300, duplicatesPerMille: 50 }
      return
    case 3:
      if (cluster.isUp(index)) await cluster.stop(index)
      else await cluster.start(index)
      return
    case 4: return void cluster.rpc(index, 'htable.delete', random.integer(2) === 0 ? 't' : 'u', name)
    case 5: return void cluster.rpc(index, 'htable.setex', 't', name, 1 + random.integer(40))
    case 6: return cluster.note(index, name)
    case 7: return void cluster.rpc(index, 'ul.rm', 'location', name)
    case 8:
      if (random.integer(5) === 0) return void cluster.rpc(index, 'htable.flush', 'u')
      return cluster.note(index, name)
    case 9: return cluster.register(index, name, `c${random.integer(4)}`, 0)
    default: return cluster.register(index, name, `c${random.integer(4)}`, 2 + random.integer(random.integer(2) === 0 ? 20 : 300))
  }
}

async function faultsOf(cluster: Cluster): Promise<readonly string[]> {
  const faults: string[] = []
  const first = (await cluster.holdings(0)).join('\n')
  for (let index = 1; index < cluster.count; index++) {
    const other = (await cluster.holdings(index)).join('\n')
    if (other !== first) faults.push(`node 0 holds\n${first}\nand node ${index}\n${other}`)
  }
  for (let index = 0; index < cluster.count; index++) {
    const asked = cluster.rpc(index, 'dmq.diff')
    await cluster.clock.advance(1000)
    for (const row of await asked.then((answer) => (answer instanceof RpcFault ? [] : answer))) {
      const text = jsonOf(row)
      if (!text.includes('"different":0')) faults.push(`node ${index} says ${text}`)
    }
  }
  for (const { level, text } of cluster.log) if (level <= -2) faults.push(`the log says: ${text.trim()}`)
  return faults
}
