/** The phones of the soak, in a process of their own: they call over real sockets, lose packets on purpose and report by IPC. */
import { createSocket, type Socket } from 'node:dgram'
import { systemClock } from '../../src/base/clock.ts'
import { seededRandom } from '../../src/base/random.ts'
import { Callee } from '../../test/simulation/callee.ts'
import { Caller } from '../../test/simulation/caller.ts'
import type { PacketNetwork, PacketTaker, Place } from '../../test/simulation/network.ts'

export interface SoakPlan {
  readonly proxy: Place
  /** The first three numbers of the phones' addresses. */
  readonly subnet: string
  readonly callsPerSecond: number
  readonly seconds: number
  readonly lossPerMille: number
  readonly seed: number
}

export interface SoakReport {
  readonly calls: number
  readonly canceled: number
  readonly established: number
  readonly withoutAnswer: number
  readonly packets: number
  readonly lost: number
}

const users = ['one', 'fork', 'next', 'order', 'slow', 'later', 'answer', 'nobody']
/** A new caller now and then, so that the records of old ones can go. */
const CALLER_LIFE_MS = 30_000
/** The longest that an INVITE may take: four phones in turn, each until fr_inv_timer. */
const CALL_MS_MAX = 100_000

class RealNetwork implements PacketNetwork {
  readonly clock = systemClock
  readonly counters = { packets: 0, lost: 0 }
  readonly #sockets = new Map<string, Socket>()
  readonly #lossPerMille: number

  constructor(lossPerMille: number) {
    this.#lossPerMille = lossPerMille
  }

  bind(place: Place, take: PacketTaker): boolean {
    const socket = createSocket('udp4')
    socket.on('message', (bytes, { address, port }) => {
      if (!this.#isLost()) take(bytes.toString('latin1'), address, port)
    })
    socket.bind(place.port, place.address)
    this.#sockets.set(keyOf(place), socket)
    return true
  }

  unbind(place: Place): void {
    this.#sockets.get(keyOf(place))?.close()
    this.#sockets.delete(keyOf(place))
  }

  send(text: string, from: Place, to: Place): void {
    if (!this.#isLost()) this.#sockets.get(keyOf(from))?.send(Buffer.from(text, 'latin1'), to.port, to.address)
  }

  #isLost(): boolean {
    this.counters.packets++
    const isLost = Math.random() * 1000 < this.#lossPerMille
    if (isLost) this.counters.lost++
    return isLost
  }
}

const keyOf = ({ address, port }: Place): string => `${address}:${port}`

function soak(plan: SoakPlan): Promise<SoakReport> {
  const random = seededRandom(plan.seed)
  const network = new RealNetwork(plan.lossPerMille)
  const totals = { calls: 0, canceled: 0, established: 0, withoutAnswer: 0 }
  const phones = [11, 12, 13, 14].map((host) => new Callee(network, random, { address: `${plan.subnet}.${host}`, port: 5060 }, () => ({
    provisional: [[], [100], [180], [100, 180]][random.integer(4)] ?? [],
    finalAfterMs: random.integer(3000),
    final: [200, 200, 200, 200, 200, 200, 486, 404, 503, 603, 0][random.integer(11)] ?? 0,
  })))

  const collect = (caller: Caller): void => {
    for (const asked of caller.asked) {
      if (asked.method !== 'INVITE') continue
      totals.calls++
      if (asked.isCanceled) totals.canceled++
      if (asked.finals.some(({ status }) => status < 300)) totals.established++
      if (asked.finals.length === 0) totals.withoutAnswer++
    }
    caller.leave()
  }
  let port = 20_000
  const newCaller = (): Caller => {
    const caller = new Caller(network, random, { address: `${plan.subnet}.21`, port: port++ }, plan.proxy)
    systemClock.after(CALLER_LIFE_MS + CALL_MS_MAX, () => collect(caller))
    return caller
  }
  let caller = newCaller()
  const renew = setInterval(() => { caller = newCaller() }, CALLER_LIFE_MS)
  const beat = setInterval(() => {
    const uri = `sip:${users[random.integer(users.length)] ?? ''}@example.com`
    caller.call({ uri, cancelAfterMs: random.integer(3) === 0 ? random.integer(4000) : undefined, talkMs: random.integer(5000) })
  }, 1000 / plan.callsPerSecond)
  return new Promise((resolve) => {
    systemClock.after(plan.seconds * 1000, () => {
      clearInterval(beat)
      clearInterval(renew)
      systemClock.after(CALLER_LIFE_MS + CALL_MS_MAX + 1000, () => {
        for (const phone of phones) phone.leave()
        resolve({ ...totals, ...network.counters })
      })
    })
  })
}

process.once('message', (plan: SoakPlan) => {
  void soak(plan).then((report) => {
    process.send?.(report)
    process.disconnect()
  })
})
