/** One seeded world: a proxy, phones and weather, from the first packet until nothing is left to do; and what must hold then. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from 'dns-packet'
import { seededRandom, type Random } from '../../src/base/random.ts'
import type { LogRecord } from '../../src/base/log.ts'
import { loadConfiguration, StartFailure, type LoadedConfiguration } from '../../src/server/start.ts'
import { startServer, type Server } from '../../src/server/server.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { Callee, type AnswerPlan } from './callee.ts'
import { Caller, type Asked } from './caller.ts'
import { calm, placeText, SimulatedNetwork, type Weather } from './network.ts'
import { parameterOf, readMessage, valueOf } from './sip-text.ts'
import { simulatedWorld } from './world.ts'

const place = { address: '192.0.2.1', port: 5060 }
const phones = ['192.0.2.11', '192.0.2.12', '192.0.2.13', '192.0.2.14']
const users = ['one', 'fork', 'next', 'order', 'slow', 'later', 'name', 'answer', 'nobody']
const zone: readonly Answer[] = [
  { type: 'SRV', name: '_sip._udp.phones.test', ttl: 60, data: { priority: 1, weight: 1, port: 5060, target: 'gone.test' } },
  { type: 'SRV', name: '_sip._udp.phones.test', ttl: 60, data: { priority: 2, weight: 1, port: 5060, target: 'there.test' } },
  { type: 'A', name: 'gone.test', ttl: 60, data: '192.0.2.98' },
  { type: 'A', name: 'there.test', ttl: 60, data: '192.0.2.13' },
]
const REQUESTS = 12
/** All that is asked begins within so much time. */
const BUSY_MS = 20_000
/** The longest of all timers: order's four phones, each for fr_inv_timer, with what the phones need to notice. */
const QUIET_MS = 240_000
/** What the proxy may answer by itself. */
const OWN_FINALS = [408, 478, 486, 487, 500]

let loaded: Promise<LoadedConfiguration> | undefined

const configuration = (): Promise<LoadedConfiguration> => {
  loaded ??= loadConfiguration({
    path: 'kamailio.cfg',
    readFile: (path) => (path === 'kamailio.cfg' ? readFileSync(join(import.meta.dirname, path), 'latin1') : undefined),
    defines: new Map(),
    substs: [],
    environment: {},
  })
  return loaded
}

function weatherOf(random: Random): Weather {
  if (random.integer(3) === 0) return calm
  return {
    delayMs: [1, 1 + random.integer(200)],
    lossPerMille: random.integer(2) * random.integer(150),
    duplicatesPerMille: random.integer(2) * random.integer(150),
  }
}

function answerPlan(random: Random): AnswerPlan {
  const finals = [200, 200, 200, 200, 486, 404, 480, 503, 603, 302, 0]
  return {
    provisional: [[], [180], [100], [100, 180], [183, 180]][random.integer(5)] ?? [],
    finalAfterMs: random.integer(4) === 0 ? random.integer(15_000) : random.integer(1500),
    final: finals[random.integer(finals.length)] ?? 0,
  }
}

/** A proxy in its weather, without traffic yet. */
export interface SimulatedProxy {
  readonly random: Random
  readonly clock: VirtualClock
  readonly network: SimulatedNetwork
  readonly server: Server
  readonly log: LogRecord[]
  readonly timersAtStart: number
}

export async function startProxy(seed: number, weather?: Weather): Promise<SimulatedProxy> {
  const random = seededRandom(seed)
  const clock = new VirtualClock()
  const network = new SimulatedNetwork(clock, random, weather ?? weatherOf(random))
  const log: LogRecord[] = []
  const parsed = await configuration()
  const server = await startServer({
    loaded: parsed,
    settings: parsed.configuration.settings,
    listens: [],
    aliases: [],
    environment: {},
    addon: undefined,
    world: simulatedWorld({ clock, random, network, zone, files: { '/etc/resolv.conf': 'nameserver 192.0.2.53\n' } }),
    sink: () => ({ colours: new Map(), write: (record) => log.push(record), close: () => undefined }),
    onShutdown: () => undefined,
  })
  if (server instanceof StartFailure) throw new Error(server.reason)
  return { random, clock, network, server, log, timersAtStart: clock.waiting }
}

export interface TrafficReport {
  /** What does not hold, in words; empty when all is well. */
  readonly faults: readonly string[]
  /** Each packet with the millisecond it was sent in. */
  readonly ladder: readonly string[]
}

/** Phones ask and answer, so many times, within `busyMs`; then it is waited until nothing can be left to do. */
export async function runTraffic(proxy: SimulatedProxy, requests: number, busyMs: number): Promise<TrafficReport> {
  const { random, clock, network, server, log } = proxy
  const { weather } = network
  const ladder: string[] = []
  const answers: Answers = new Map()
  network.onPacket = ({ text, from, to }) => {
    const message = readMessage(text)
    const what = message.status === 0 ? `${message.method} ${message.uri}` : `${message.status} (${message.method})`
    const vias = message.headers.filter(({ name }) => name === 'via').map(({ value }) => parameterOf(value, 'branch')).join(' ')
    ladder.push(`${String(clock.monotonic()).padStart(7)} ${from} > ${to} ${what} | ${valueOf(message, 'call-id').slice(0, 6)} ${vias}`)
    if (from !== placeText(place) || message.status < 200) return
    const key = `${parameterOf(valueOf(message, 'via'), 'branch')} ${message.method}`
    const given = answers.get(key) ?? { firstAt: ladder.length, statuses: [] }
    answers.set(key, given)
    if (!given.statuses.includes(message.status)) given.statuses.push(message.status)
  }
  const callees = phones.map((address) => new Callee(network, random, { address, port: 5060 }, () => answerPlan(random)))
  const caller = new Caller(network, random, { address: '192.0.2.21', port: 5060 }, place)
  for (let index = 0; index < requests; index++) {
    const uri = `sip:${users[random.integer(users.length)] ?? ''}@example.com`
    const isCall = random.integer(4) > 0
    const cancelAfterMs = random.integer(3) === 0 ? random.integer(4000) : undefined
    const talkMs = random.integer(3000)
    clock.after(random.integer(busyMs), () => (isCall ? caller.call({ uri, cancelAfterMs, talkMs }) : caller.options(uri)))
  }
  await clock.advance(busyMs + QUIET_MS)

  const faults = [
    ...caller.asked.flatMap((asked) => faultsOf(asked, callees, weather, answers)),
    ...(caller.strays.length > 0 && weather === calm ? [`the caller got what it did not ask for:\n${caller.strays.join('\n')}`] : []),
    ...callees.filter(({ unacknowledged }) => unacknowledged > 0 && weather.lossPerMille === 0)
      .map(({ unacknowledged }) => `${unacknowledged} 2xx were never acknowledged`),
    ...log.filter(({ level }) => level <= -1).map(({ text }) => `the log says: ${text.trim()}`),
  ]
  const inUse = server.host.statistics.counter('tmx', 'inuse_transactions').value
  if (inUse !== 0) faults.push(`${inUse} transactions outlived their timers`)
  if (server.busyWorkers !== 0) faults.push(`${server.busyWorkers} routes still wait`)
  if (clock.waiting !== proxy.timersAtStart) faults.push(`${clock.waiting} timers run, at the start there were ${proxy.timersAtStart}`)
  for (const phone of [caller, ...callees]) phone.leave()
  return { faults, ladder }
}

export interface SeedReport extends TrafficReport {
  readonly weather: Weather
  readonly packets: number
}

export async function runSeed(seed: number): Promise<SeedReport> {
  const proxy = await startProxy(seed)
  const report = await runTraffic(proxy, REQUESTS, BUSY_MS)
  await proxy.server.stop()
  return { ...report, weather: proxy.network.weather, packets: proxy.network.counters.sent }
}

/** Final answers that the proxy sent, by branch and method: the line of the ladder of the first one, and each status once. */
type Answers = Map<string, { readonly firstAt: number; readonly statuses: number[] }>

function faultsOf(asked: Asked, callees: readonly Callee[], weather: Weather, answers: Answers): string[] {
  const faults: string[] = []
  const answer = answers.get(`${asked.branch} ${asked.method}`)
  const answerToCancel = answers.get(`${asked.branch} CANCEL`)
  const name = `${asked.method} ${asked.uri} (${asked.callId.slice(0, 6)} ${asked.branch})`
  const statuses = asked.finals.map(({ status }) => status)
  const list = statuses.join(', ')
  const isInvite = asked.method === 'INVITE'
  const failures = statuses.filter((status) => status >= 300)
  if (failures.length > 1) faults.push(`${name} got several final answers: ${list}`)
  // A phone may pick up after the proxy gave it up: then the caller has to know, to end the call.
  const isFailedLate = answer?.statuses.some((status, index) => status >= 300 && index > 0) === true
  if (isInvite && isFailedLate) faults.push(`${name} got a failure behind another answer: ${list}`)
  if (!isInvite && statuses.length > 1) faults.push(`${name} got several answers: ${list}`)
  if (statuses.length === 0) {
    if (weather.lossPerMille === 0) faults.push(`${name} got no final answer`)
    else if (answer === undefined && !asked.hasTimedOut) faults.push(`${name} was never answered`)
  }
  const given = callees.flatMap((callee) => callee.given).filter(({ callId }) => callId === asked.callId)
    // RFC 3261 §16.7: the caller is not to take a gateway's 503 for the proxy's.
    .map(({ status }) => (status === 503 ? 500 : status))
  const possible = isInvite ? [...given, ...OWN_FINALS] : [200, 408, 478, 481, 486, 500]
  const foreign = statuses.filter((status) => !possible.includes(status))
  if (foreign.length > 0) faults.push(`${name} got ${foreign.join(', ')}, which nobody gave`)
  const isWellCanceled = statuses.every((status) => status === 487 || status < 300 || given.includes(status))
  // A CANCEL that comes behind the answer changes nothing.
  const isInTime = answer !== undefined && answerToCancel !== undefined && answerToCancel.firstAt < answer.firstAt
  if (asked.isCanceled && isInTime && !isWellCanceled) faults.push(`${name} was canceled and got ${list}`)
  return faults
}
