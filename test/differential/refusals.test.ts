/** What Kamailio refuses to start with, Kāhea refuses too, and the other way round. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { caseFromText, type Case } from './harness/case-file.ts'
import { compareServers, type Comparison } from './harness/run-case.ts'
import { kamailioInstalled } from './harness/server-process.ts'

const folder = join(import.meta.dirname, 'refusals')
/** Kāhea opens its sockets before modules open databases: a server that ends at once did not start either. */
const outcome = (lines: readonly string[]): string =>
  lines.join('\n').replace(/== the server starts\n== the server ended: .*/, '== the server refuses to start')

const TRIES = 3
const skip = kamailioInstalled() ? false : 'kamailio is not installed (apt-get install kamailio)'

describe('kahea starts with what kamailio starts with', { concurrency: Number(process.env['DIFFERENTIAL_CONCURRENCY'] ?? 4) }, () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.snippets'))) {
    for (const [index, piece] of readFileSync(join(folder, file), 'latin1').split('\n---\n').entries()) {
      const first = piece.split('\n').filter((line) => line !== '' && !line.startsWith('# ')).join(' ').slice(0, 100)
      test(`${file} ${index + 1}: ${first}`, { skip }, async () => {
        const item: Case = { ...caseFromText(file, file, `${piece}\n`, ''), log: 'none' }
        const isSame = ({ kamailio, other }: Comparison): boolean => outcome(kamailio.lines) === outcome(other.lines)
        let result = await compareServers(item)
        // A start that takes too long on a busy machine is no refusal.
        for (let round = 1; round < TRIES && !isSame(result); round++) result = await compareServers(item)
        assert.equal(outcome(result.other.lines), outcome(result.kamailio.lines), `${piece}\n${result.difference}\n--- kamailio wrote\n${result.kamailio.stderr}`
          + `\n--- the other wrote\n${result.other.stderr}`)
      })
    }
  }
})
