/**
 * Mutates messages for a while and reads and builds each: node --import tsx test/fuzz/sip.fuzz.ts [SECONDS] [SEED]
 *
 * Ends with status 1 at the first message that throws, takes long, or leaves badly framed, and prints it with the seed.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../../src/base/random.ts'
import { exercise } from './sip-exercise.ts'

const SLOW_MS = 50
/** Room is left for what forwarding adds. */
const BYTES_MAX = 60_000

const seconds = Number(process.argv[2] ?? 10)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
const random = seededRandom(seed)

const fixtures = fileURLToPath(new URL('../fixtures/sip/', import.meta.url))
const corpus = readdirSync(fixtures).filter((name) => name.endsWith('.sip'))
  .map((name) => readFileSync(fixtures + name, 'latin1').replaceAll(/\r?\n/g, '\r\n'))

const pick = <T>(list: readonly T[]): T | undefined => list[random.integer(list.length)]

/** One change: bytes taken out, put in, doubled, or taken from another message. */
function mutate(text: string): string {
  const at = random.integer(text.length + 1)
  const length = random.integer(random.integer(4) === 0 ? 2000 : 12)
  const other = pick(corpus) ?? ''
  switch (random.integer(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length)
    case 1:
      return text.slice(0, at) + String.fromCharCode(random.integer(256)) + text.slice(at + 1)
    case 2:
      return text.slice(0, at) + text.slice(at, at + length).repeat(1 + random.integer(40)) + text.slice(at + length)
    case 3: {
      const from = random.integer(other.length + 1)
      return text.slice(0, at) + other.slice(from, from + length) + text.slice(at)
    }
    default:
      return text.slice(0, at) + (pick(['\r\n', '\n', '\r\n ', '"', '\\', '<', '>', ';', ',', '\0', ':', '(', '=', '@', '[']) ?? '') + text.slice(at)
  }
}

let count = 0
let slowestMs = 0
const end = performance.now() + seconds * 1000
while (performance.now() < end) {
  let text = pick(corpus) ?? ''
  for (let rounds = 1 + random.integer(12); rounds > 0; rounds--) text = mutate(text).slice(0, BYTES_MAX)
  const start = performance.now()
  let problem: string | undefined
  try {
    problem = exercise(text)
  } catch (error) {
    problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const ms = performance.now() - start
  slowestMs = Math.max(slowestMs, ms)
  // A second look: another program may have had the processor.
  if (problem === undefined && ms > SLOW_MS && timeOf(text) > SLOW_MS) problem = `took ${ms.toFixed(0)} ms`
  count++
  if (problem !== undefined) {
    console.error(`seed ${seed}, message ${count}: ${problem}\n${JSON.stringify(text)}`)
    process.exit(1)
  }
}
console.log(`${count} messages in ${seconds} s with seed ${seed}, the slowest took ${slowestMs.toFixed(1)} ms`)

function timeOf(text: string): number {
  const start = performance.now()
  exercise(text)
  return performance.now() - start
}
