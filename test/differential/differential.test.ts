/** Every case does the same on Kāhea as on Debian's Kamailio, or differs as docs/differences.md says and explains. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Case } from './harness/case-file.ts'
import { casePaths, loadCase } from './harness/find-cases.ts'
import { compareServers } from './harness/run-case.ts'
import { kamailioInstalled } from './harness/server-process.ts'
import { explainTable } from './harness/table.ts'

const root = join(import.meta.dirname, '..', '..')

/** `## Some heading` of docs/differences.md is the anchor `some-heading`. */
const differenceAnchors = (): Set<string> => {
  const path = join(root, 'docs', 'differences.md')
  if (!existsSync(path)) return new Set()
  return new Set([...readFileSync(path, 'utf8').matchAll(/^#{2,4} (.+)$/gm)]
    .map((match) => (match[1] ?? '').toLowerCase().replace(/[^\w\s-]/g, '').trim().replace(/\s+/g, '-')))
}

const reasonToSkip = (item: Case): string | false => {
  if (!kamailioInstalled()) return 'kamailio is not installed (apt-get install kamailio)'
  if (item.needs !== null && !existsSync(resolve(root, item.needs))) return `${item.needs} is not there`
  return false
}

const TRIES = 3
/** More than a few are no accident. */
const DOUBTFUL_MAX = 5

/**
 * Where time passes, a loaded machine moves what a timer does over the edge of a wait, and Kamailio reads memory that it did not
 * write now and then: what differs each time differs, when nothing else runs beside it as well. A difference that vanished is told, so
 * that one that comes often is seen.
 */
const compareInTries = async (item: Case, tell: (text: string) => void): ReturnType<typeof compareServers> => {
  let result = await compareServers(item)
  for (let round = 1; item.knownDifference === null && result.difference !== null && round < TRIES; round++) {
    const before = result.difference
    result = await compareServers(item)
    if (result.difference === null) tell(`differed once, then no more:\n${before}`)
  }
  return result
}

/** Cases that differed beside others. */
const doubtful: Case[] = []

const check = async (item: Case, tell: (text: string) => void, isAlone: boolean): Promise<void> => {
  const result = await compareInTries(item, tell)
  const report = result.difference === null || !('tableLines' in item) || !Array.isArray(item.tableLines)
    ? result.difference
    : explainTable(result.difference, item.tableLines)
  if (item.knownDifference !== null) {
    assert.ok(differenceAnchors().has(item.knownDifference), `docs/differences.md has no heading "${item.knownDifference}"`)
    assert.notEqual(report, null, `the known difference ${item.knownDifference} has vanished: remove the mark and the entry`)
    return
  }
  if (report === null) return
  if (!isAlone && doubtful.length < DOUBTFUL_MAX) {
    doubtful.push(item)
    tell(`differs, and is run again alone:\n${report}`)
    return
  }
  const refused = result.other.lines.some((line) => line.startsWith('== the server refuses'))
  assert.fail(`${item.path}\n${report}${refused ? `\n--- it wrote\n${result.other.stderr.slice(0, 4000)}` : ''}`)
}

describe('kahea does as kamailio does', { concurrency: Number(process.env['DIFFERENTIAL_CONCURRENCY'] ?? 4) }, () => {
  for (const path of casePaths()) {
    const item = loadCase(path)
    test(item.name, { skip: reasonToSkip(item) }, (context) => check(item, (text) => context.diagnostic(text), false))
  }
  after(async () => {
    for (const item of doubtful) await check(item, (text) => console.log(text), true)
  })
})
