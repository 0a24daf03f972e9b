/** Clusters in many seeded worlds; a failing seed is printed, and CLUSTER_SEED=N runs it alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runClusterSeed } from './cluster.ts'

const SEEDS = Number(process.env['CLUSTER_SEEDS'] ?? 30)
const only = process.env['CLUSTER_SEED']

test(`in ${SEEDS} worlds all nodes hold the same two ping intervals behind partitions, restarts and loss`, async () => {
  const failures: string[] = []
  let things = 0
  const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [Number(only)]
  for (const seed of seeds) {
    const report = await runClusterSeed(seed)
    things += report.things
    if (report.faults.length > 0) failures.push(`seed ${seed}:\n  ${report.faults.join('\n  ')}`)
    if (failures.length >= 3) break
  }
  assert.equal(failures.join('\n'), '')
  assert.ok(things > seeds.length, 'the nodes hold next to nothing')
})
