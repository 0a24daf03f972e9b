import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

/** How many times as large the young generation of a process is, when it has kept all that it made for a while. */
function growth(isFrozen: boolean): number {
  const source = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { freezeYoungGeneration } from ${JSON.stringify(join(import.meta.dirname, 'v8-flags.ts'))}
    const capacity = () => {
      const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
      return space.space_used_size + space.space_available_size
    }
    const before = capacity()
    if (${isFrozen}) freezeYoungGeneration()
    const kept = []
    const more = () => {
      for (let index = 0; index < 5000; index++) kept.push({ index, text: 'text ' + index })
      if (kept.length < 1_000_000) setImmediate(more)
      else console.log(capacity() / before)
    }
    more()`
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], { encoding: 'utf8' })
  assert.match(stdout, /^[\d.]+\n$/, stderr)
  return Number(stdout)
}

test('the young generation does not grow any more', () => {
  assert.ok(growth(false) > 1.5)
  assert.ok(growth(true) <= 1)
})
