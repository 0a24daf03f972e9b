/**
 * A server joins another one that has very many contacts, while phones register at both:
 *
 *     npm run build && node --import tsx bench/cluster.ts [--contacts 200000] [--rate 200] [--json]
 *
 * Told are the seconds until both hold the same, memory, how long their event loops did not turn, and how soon phones were answered.
 * Uses 127.0.32.1, .2 and .9.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { NodeReport } from './cluster/node.ts'

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '200000' }, rate: { type: 'string', default: '200' }, json: { type: 'boolean', default: false },
  },
})
const contacts = Number(values.contacts)
const rate = Number(values.rate)
const addresses = ['127.0.32.1', '127.0.32.2'] as const
const PHONE = '127.0.32.9'
const LIMIT_S = 300
const STEP_MS = 100

const cfgOf = (own: string, other: string): string =>
  readFileSync(join(import.meta.dirname, '..', 'test', 'simulation', 'cluster.cfg'), 'latin1').replaceAll('NODE', own).replaceAll('OTHER', other)

/** As the command leaves it (src/cli/v8-flags.ts), which here would come too late: to read the sources takes more. */
const YOUNG_GENERATION = '--max-semi-space-size=4'

async function startNode(own: string, other: string, count: number): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'cluster', 'node.ts'), { execArgv: [YOUNG_GENERATION, '--import', 'tsx'] })
  child.send({ cfg: cfgOf(own, other), contacts: count })
  await new Promise<void>((resolve) => { child.once('message', () => resolve()) })
  return child
}

function ask<Answer>(child: ChildProcess, word: string): Promise<Answer> {
  return new Promise((resolve) => {
    child.once('message', (answer: Answer) => resolve(answer))
    child.send(word)
  })
}

/** Phones that register, at a rate, at both servers in turn; the answer tells how long they waited. */
function startPhones(): { stop(): { asked: number; answered: number; p99Ms: number; maxMs: number } } {
  const socket = createSocket('udp4').bind(5060, PHONE)
  const asked = new Map<string, number>()
  const waits: number[] = []
  let count = 0
  socket.on('message', (bytes) => {
    const id = /^Call-ID: (.*)\r$/m.exec(bytes.toString('latin1'))?.[1] ?? ''
    const atMs = asked.get(id)
    if (atMs !== undefined) waits.push(performance.now() - atMs)
    asked.delete(id)
  })
  const timer = setInterval(() => {
    const id = `bench-${++count}`
    asked.set(id, performance.now())
    socket.send(`REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP ${PHONE}:5060;branch=z9hG4bK${id}\r\nFrom: <sip:b${count % 500}@x>;tag=${id}\r\n` +
      `To: <sip:b${count % 500}@x>\r\nCall-ID: ${id}\r\nCSeq: ${count} REGISTER\r\nContact: <sip:b@${PHONE}>;expires=600\r\nContent-Length: 0\r\n\r\n`,
    5060, addresses[count % 2])
  }, 1000 / rate)
  return {
    stop() {
      clearInterval(timer)
      socket.close()
      waits.sort((left, right) => left - right)
      const round = (value = 0): number => Math.round(value * 10) / 10
      return { asked: count, answered: waits.length, p99Ms: round(waits[Math.floor(waits.length * 0.99)]), maxMs: round(waits.at(-1)) }
    },
  }
}

const [one, two] = addresses
const full = await startNode(one, two, contacts)
await ask<NodeReport>(full, 'report')
await setTimeout(1000)
const fullBefore = await ask<NodeReport>(full, 'report')
const joining = await startNode(two, one, 0)
const joiningBefore = await ask<NodeReport>(joining, 'report')
const startedMs = performance.now()
const phones = startPhones()
const stalls = { full: 0, joining: 0, fullCpu: 0, joiningCpu: 0, fullOwn: 0, joiningOwn: 0, fullCollection: 0, joiningCollection: 0, fullRss: 0, joiningRss: 0 }
let seconds = 0
let [atFull, atJoining] = [fullBefore, joiningBefore]
while (seconds < LIMIT_S) {
  await setTimeout(STEP_MS)
  ;[atFull, atJoining] = await Promise.all([ask<NodeReport>(full, 'report'), ask<NodeReport>(joining, 'report')])
  seconds = (performance.now() - startedMs) / 1000
  stalls.full = Math.max(stalls.full, atFull.stallMs)
  stalls.joining = Math.max(stalls.joining, atJoining.stallMs)
  stalls.fullCpu = Math.max(stalls.fullCpu, atFull.turnCpuMs)
  stalls.joiningCpu = Math.max(stalls.joiningCpu, atJoining.turnCpuMs)
  stalls.fullOwn = Math.max(stalls.fullOwn, atFull.ownStallMs)
  stalls.joiningOwn = Math.max(stalls.joiningOwn, atJoining.ownStallMs)
  stalls.fullCollection = Math.max(stalls.fullCollection, atFull.collectionMs)
  stalls.joiningCollection = Math.max(stalls.joiningCollection, atJoining.collectionMs)
  stalls.fullRss = Math.max(stalls.fullRss, atFull.rssMegabytes)
  stalls.joiningRss = Math.max(stalls.joiningRss, atJoining.rssMegabytes)
  if (atJoining.contacts >= contacts) break
}
const heard = phones.stop()
await setTimeout(500)
const differences = await ask<string>(joining, 'diff')
const result = {
  contacts, secondsUntilSynchronised: Math.round(seconds * 10) / 10, isComplete: atJoining.contacts >= contacts,
  fullNode: {
    rssMegabytesBefore: fullBefore.rssMegabytes, rssMegabytesMost: stalls.fullRss, loopDelayMs: stalls.full, turnCpuMs: stalls.fullCpu, ownStallMs: stalls.fullOwn,
    collectionMs: stalls.fullCollection, cpuSeconds: atFull.cpuSeconds - fullBefore.cpuSeconds, dropped: atFull.dropped,
  },
  joiningNode: {
    rssMegabytesBefore: joiningBefore.rssMegabytes, rssMegabytesMost: stalls.joiningRss, loopDelayMs: stalls.joining, turnCpuMs: stalls.joiningCpu, ownStallMs: stalls.joiningOwn,
    collectionMs: stalls.joiningCollection, cpuSeconds: atJoining.cpuSeconds - joiningBefore.cpuSeconds, dropped: atJoining.dropped,
  },
  phones: heard, differences,
}
console.log(JSON.stringify(result, undefined, values.json ? undefined : 2))
full.send('stop')
joining.send('stop')
process.exitCode = result.isComplete ? 0 : 1
