import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/databases.ts'
import { main } from './main.ts'

async function run(...words: readonly string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), isColoured: false }
  return { status: await main(['db', ...words], terminal), out, err }
}

test('tables are made, kept and checked', async (t) => {
  const url = `sqlite:///${temporaryFolder(t)}/k.db`
  const missing = await run('check', url, 'usrloc')
  assert.equal(missing.status, 1)
  assert.match(missing.out, /^location +usrloc +9 +missing$/m)
  assert.match(missing.err, /Not all tables/)
  const made = await run('create', url, 'usrloc')
  assert.equal(made.status, 0)
  assert.match(made.out, /^location +usrloc +9 +made$/m)
  assert.match(made.out, /^3 tables made, 0 were there\.$/m)
  const kept = await run('create', url)
  assert.equal(kept.status, 0)
  assert.match(kept.out, /^location +usrloc +9 +kept$/m)
  assert.equal((await run('check', url)).status, 0)
})

test('what cannot be done is said, with status 255', async () => {
  const rows: readonly (readonly [words: readonly string[], says: RegExp])[] = [
    [[], /^Usage: kahea db create/], [['drop', 'sqlite:///x'], /^Usage/], [['create'], /^Usage/],
    [['create', 'sqlite:///x', 'nosuch'], /no group nosuch; there are: all standard/], [['create', 'k.db'], /no database URL/],
    [['check', 'oracle://h/d'], /kind oracle/], [['check', 'sqlite:////nosuch/k.db'], /sqlite:\/\/\/\/nosuch\/k\.db: unable to open/],
    [['check', 'mysql://u:secret@127.0.43.9:1/d'], /mysql:\/\/u:\*\*\*@127\.0\.43\.9:1\/d: /],
  ]
  for (const [words, says] of rows) {
    const { status, err } = await run(...words)
    assert.equal(status, 255, words.join(' '))
    assert.match(err, says)
  }
})
