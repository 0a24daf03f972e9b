/**
 * Compares Kāhea with Kamailio, each on one core under the same load:
 *
 *     npm run bench -- [--seconds 4] [--window 200] [--rate PER_SECOND] [--rounds 2] [--only WORD] [--scenario WORD] [--floor] [--json]
 *
 * Runs go there and back (A-B-C, C-B-A), so that a machine which slows down hurts all alike. Needs Linux, a C compiler,
 * taskset, and kamailio for the comparison. Build first (`npm run build`).
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildFloors, buildGenerator, contenders, measure } from './measure.ts'
import type { Load, Measurement } from './measure.ts'

/** `isPassedOn`: a forwarder without SIP does for the generator. */
const scenarios: { name: string, cfg: string, mode: Load['mode'], isPassedOn?: true }[] = [
  { name: 'stateless proxy, OPTIONS', cfg: 'stateless.cfg', mode: 'options', isPassedOn: true },
  { name: 'stateless proxy, whole calls', cfg: 'stateless.cfg', mode: 'call' },
  { name: 'variables and header edits, OPTIONS', cfg: 'header-edits.cfg', mode: 'options' },
  { name: 'own reply, OPTIONS', cfg: 'reply.cfg', mode: 'options' },
  { name: 'stateful proxy, OPTIONS', cfg: 'stateful.cfg', mode: 'options', isPassedOn: true },
  { name: 'stateful proxy, whole calls', cfg: 'stateful.cfg', mode: 'call' },
  { name: 'record-routing stateful proxy, whole calls', cfg: 'record-routing.cfg', mode: 'call' },
  { name: 'registrar in memory, REGISTER', cfg: 'register.cfg', mode: 'register' },
]

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '2' },
    window: { type: 'string', default: '200' },
    rate: { type: 'string' },
    floor: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    scenario: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const median = (numbers: number[]): number => {
  const sorted = numbers.toSorted((one, two) => one - two)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] ?? 0 : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

const combine = (all: Measurement[]): Measurement => {
  const of = (pick: (each: Measurement) => number): number => median(all.map(pick))
  const sum = (pick: (each: Measurement) => number): number => all.reduce((total, each) => total + pick(each), 0)
  return {
    done: sum((each) => each.done),
    perSecond: of((each) => each.perSecond),
    cpuMicroseconds: of((each) => each.cpuMicroseconds),
    p50Ms: of((each) => each.p50Ms),
    p99Ms: of((each) => each.p99Ms),
    lost: sum((each) => each.lost),
    retransmitted: sum((each) => each.retransmitted),
    refused: sum((each) => each.refused),
    memoryMb: of((each) => each.memoryMb),
  }
}

const columns = ['server', 'CPU us each', 'ratio', 'each/s', 'p50 ms', 'p99 ms', 'memory MB', 'lost', 'resent', 'refused']

const row = (cells: string[]): string => cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(11))).join(' ')

const print = (name: string, results: Map<string, Measurement>): void => {
  const base = results.get('kamailio')?.cpuMicroseconds
  console.log(`\n${name}\n${row(columns)}`)
  for (const [server, found] of results) {
    console.log(row([
      server, found.cpuMicroseconds.toFixed(2), base === undefined ? '-' : (found.cpuMicroseconds / base).toFixed(2),
      found.perSecond.toFixed(0), found.p50Ms.toFixed(2), found.p99Ms.toFixed(2), found.memoryMb.toFixed(0),
      String(found.lost), String(found.retransmitted), String(found.refused),
    ]))
  }
}

const main = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-sipgen-'))
  try {
    const generator = buildGenerator(folder)
    const chosen = contenders.filter((each) => each.name.includes(values.only) && existsSync(each.command[0] ?? ''))
    const floors = values.floor ? buildFloors(folder) : []
    for (const scenario of scenarios.filter((each) => each.name.includes(values.scenario))) {
      const load: Load = {
        mode: scenario.mode, seconds: Number(values.seconds), warmupSeconds: Number(values.warmup), window: Number(values.window),
        ...(values.rate === undefined ? {} : { rate: Number(values.rate) }),
      }
      const all = scenario.isPassedOn === true ? [...floors, ...chosen] : chosen
      const found = new Map<string, Measurement[]>(all.map((each) => [each.name, []]))
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const contender of round % 2 === 0 ? all : all.toReversed()) {
          const cfg = join(import.meta.dirname, 'compare', scenario.cfg)
          found.get(contender.name)?.push(await measure(contender, cfg, load, generator))
        }
      }
      const results = new Map([...found].map(([name, each]) => [name, combine(each)]))
      if (values.json) console.log(JSON.stringify({ scenario: scenario.name, load, results: Object.fromEntries(results) }))
      else print(scenario.name, results)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const USAGE = `usage: npm run bench -- [--seconds 4] [--warmup 2] [--window 200] [--rate PER_SECOND] [--rounds 2]
                          [--only WORD] [--scenario WORD] [--floor] [--json]`

if (values.help) console.log(USAGE)
else await main()
