/** rtpengine beside Kamailio: with engines of the tests' own, whose questions are compared as well. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FakeRtpEngine } from './fake-rtpengine.ts'
import { caseFromText } from './harness/case-file.ts'
import { difference } from './harness/compare.ts'
import { runServer, type Run } from './harness/run-case.ts'
import { kamailio, kamailioInstalled, subject } from './harness/server-process.ts'
import { takeSlot } from './harness/slots.ts'
import { rtpengineCases, type RtpEngineCase } from './rtpengine-cases.ts'

const skip = kamailioInstalled() ? false : 'kamailio is not installed (apt-get install kamailio)'
const FIRST_PORT = 27200

/** Own branches are random: each gets a number. */
function numbered(lines: readonly string[]): readonly string[] {
  const branches: string[] = []
  return lines.map((line) => line.replace(/via-branch="(z9hG4bK[^"]*)"/g, (_, branch: string) => {
    if (!branches.includes(branch)) branches.push(branch)
    return `via-branch=#${branches.indexOf(branch) + 1}`
  }))
}

async function compare({ name, cfg, traffic, reply, isSilent, opens }: RtpEngineCase, port: number): Promise<void> {
  const engines = ['127.0.42.1', '127.0.42.2', '::1'].map((address) => new FakeRtpEngine(address, port))
  for (const [index, engine] of engines.entries()) if (opens?.[index] !== false) await engine.open()
  const slot = await takeSlot()
  try {
    const written = (text: string): string => text.replaceAll('PORT', String(port))
    const item = caseFromText(name, name, written(cfg), written(traffic))
    const run = async (reference: Run | null): Promise<Run & { readonly asked: readonly string[] }> => {
      for (const [index, engine] of engines.entries()) {
        engine.questions = []
        engine.count = 0
        engine.answers = isSilent !== true
        engine.reply = (command, count, question) => reply?.(command, count, question, index + 1)
      }
      const done = await runServer(item, reference === null ? kamailio : subject(), slot.index, reference)
      const asked = numbered(engines.flatMap(({ questions }, index) => questions.map((question) => `engine ${index + 1}: ${question}`)))
      return { ...done, asked }
    }
    const left = await run(null)
    const right = await run(left)
    if (process.env['SHOW'] !== undefined) console.log([...left.lines, ...left.asked].join('\n'))
    assert.equal(difference([...left.lines, ...left.asked], [...right.lines, ...right.asked], ['kamailio', 'kahea']), null, right.stderr)
  } finally {
    slot.release()
    for (const engine of engines) engine.close()
  }
}

describe('rtpengine does as in Kamailio', { concurrency: 1 }, () => {
  for (const [index, item] of rtpengineCases.entries()) test(item.name, { skip }, () => compare(item, FIRST_PORT + index))
})

