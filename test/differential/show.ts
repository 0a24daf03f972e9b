/**
 * Shows what Kamailio does with a case, and how Kāhea differs:
 *
 *     node --import tsx test/differential/show.ts CASE.cfg [--kamailio] [--stderr]
 *
 * --kamailio  runs Kamailio alone and prints all it did
 * --stderr    prints the whole stderr too
 */
import { resolve } from 'node:path'
import { loadCase } from './harness/find-cases.ts'
import { compareServers, observeKamailio } from './harness/run-case.ts'
import { explainTable } from './harness/table.ts'

const args = process.argv.slice(2)
const paths = args.filter((arg) => !arg.startsWith('--'))
if (paths.length === 0 || args.includes('--help')) {
  console.log('usage: show.ts CASE.cfg ... [--kamailio] [--stderr]')
}
for (const path of paths) {
  const item = loadCase(resolve(path))
  const explain = (text: string): string => ('tableLines' in item ? explainTable(text, item.tableLines) : text)
  if (args.includes('--kamailio')) {
    const run = await observeKamailio(item)
    console.log(explain(run.lines.join('\n')))
    if (args.includes('--stderr') || run.lines.some((line) => line.startsWith('== the server refuses'))) console.log(run.stderr)
    continue
  }
  const result = await compareServers(item)
  console.log(`${item.name}: ${explain(result.difference ?? 'no difference')}`)
  if (args.includes('--stderr')) console.log(`--- stderr of the subject\n${result.other.stderr}`)
}
