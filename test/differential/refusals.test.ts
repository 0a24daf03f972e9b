/** What Kamailio refuses to start with, Kāhea refuses too, and the other way round. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { caseFromText, type Case } from './harness/case-file.ts'
import { runServer } from './harness/run-case.ts'
import { kamailio, kamailioInstalled } from './harness/server-process.ts'
import { takeSlot } from './harness/slots.ts'
import { startHere, type Start } from './harness/starts-here.ts'

const folder = join(import.meta.dirname, 'refusals')
const TRIES = 3
const skip = kamailioInstalled() ? false : 'kamailio is not installed (apt-get install kamailio)'

/** A server that ends at once did not start either. */
const startOfKamailio = async (item: Case, slot: number): Promise<Start> => {
  const { lines, stderr } = await runServer(item, kamailio, slot, null)
  return { isRefused: lines.some((line) => /^== the server (?:refuses|ended)/.test(line)), told: stderr }
}

const startsOf = async (item: Case): Promise<readonly [Start, Start]> => {
  const slot = await takeSlot()
  try {
    const reference = await startOfKamailio(item, slot.index)
    return [reference, await startHere(item, slot.index, reference.isRefused)]
  } finally {
    slot.release()
  }
}

describe('kahea starts with what kamailio starts with', { concurrency: Number(process.env['DIFFERENTIAL_CONCURRENCY'] ?? 4) }, () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.snippets'))) {
    for (const [index, piece] of readFileSync(join(folder, file), 'latin1').split('\n---\n').entries()) {
      const first = piece.split('\n').filter((line) => line !== '' && !line.startsWith('# ')).join(' ').slice(0, 100)
      test(`${file} ${index + 1}: ${first}`, { skip }, async () => {
        const item: Case = { ...caseFromText(file, file, `${piece}\n`, ''), log: 'none' }
        let [reference, own] = await startsOf(item)
        // A start that takes too long on a busy machine is no refusal.
        for (let round = 1; round < TRIES && reference.isRefused !== own.isRefused; round++) [reference, own] = await startsOf(item)
        assert.equal(own.isRefused, reference.isRefused, `${piece}\n--- kamailio wrote\n${reference.told}\n--- kahea wrote\n${own.told}`)
      })
    }
  }
})
