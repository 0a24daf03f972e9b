import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../test/support/until.ts'
import { FileWatch } from './file-watch.ts'

test('a save is told once, also where another file takes the name; other files of the folder are nobody\'s business', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-watch-'))
  const [one, two, other] = ['one', 'two', 'other'].map((name) => join(folder, name)) as [string, string, string]
  for (const file of [one, two, other]) writeFileSync(file, 'a')
  const saved: string[] = []
  const watch = new FileWatch((files) => void saved.push(files.toSorted().join(' ')))
  try {
    watch.follow([one, two, '/there/is/no/such/folder/file'])
    writeFileSync(other, 'b')
    writeFileSync(one, 'b')
    writeFileSync(one, 'bc')
    await until(() => saved.length > 0, () => 'nothing was told')
    assert.deepEqual([...new Set(saved)], [one])
    saved.length = 0
    writeFileSync(`${two}.new`, 'c')
    renameSync(`${two}.new`, two)
    await until(() => saved.includes(two), () => saved.join(', '))
    saved.length = 0
    watch.follow([two])
    writeFileSync(one, 'd')
    writeFileSync(two, 'd')
    await until(() => saved.includes(two), () => saved.join(', '))
    assert.ok(!saved.join(' ').includes(one), saved.join(', '))
  } finally {
    watch.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('what was saved between reading and watching is told of, what is older is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-watch-'))
  const [old, young] = ['old', 'young'].map((name) => join(folder, name)) as [string, string]
  for (const file of [old, young]) writeFileSync(file, 'a')
  const readAt = statSync(young).mtimeMs
  utimesSync(young, readAt / 1000 + 1, readAt / 1000 + 1)
  const saved: string[] = []
  const watch = new FileWatch((files) => void saved.push(files.join(' ')))
  try {
    watch.follow([old, young, join(folder, 'nothing')])
    watch.catchUp(readAt)
    await until(() => saved.length > 0, () => 'nothing was told')
    assert.deepEqual(saved, [young])
  } finally {
    watch.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
