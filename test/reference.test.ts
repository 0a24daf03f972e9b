import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { referencePages } from '../scripts/reference.ts'

test('docs/reference is what `npm run docs` makes of the definitions', async () => {
  const folder = join(import.meta.dirname, '..', 'docs', 'reference')
  for (const [path, text] of await referencePages()) {
    assert.equal(readFileSync(join(folder, path), 'utf8'), text, `${path} is old: run npm run docs`)
  }
})
