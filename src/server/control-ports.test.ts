import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemControlPorts } from './control-ports.ts'

const { answerFifo } = systemControlPorts(undefined)

function fifoIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-fifo-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'fifo')
  execFileSync('mkfifo', [path])
  return path
}

/** What a reader gets that opens the FIFO after so many seconds. */
function readLater(path: string, seconds: number): Promise<string> {
  const reader = spawn('sh', ['-c', `sleep ${seconds}; exec timeout 20 cat '${path}'`], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  reader.stdout.setEncoding('latin1')
  reader.stdout.on('data', (piece: string) => { text += piece })
  return new Promise((resolve) => { reader.once('close', () => resolve(text)) })
}

test('an answer larger than a pipe holds comes whole, to a reader that is late', async (t) => {
  const path = fifoIn(t)
  const bytes = 'ÿ0123456789'.repeat(30_000)
  const read = readLater(path, 0.1)
  assert.equal(await answerFifo(path, bytes), true)
  assert.ok(await read === bytes)
})

test('a FIFO that nobody reads is an error', async (t) => {
  assert.match(String(await answerFifo(fifoIn(t), 'x')), /ENXIO/)
})

test('what is no FIFO is left alone', async (t) => {
  const path = `${fifoIn(t)}.txt`
  writeFileSync(path, 'mine')
  assert.match(String(await answerFifo(path, 'x')), /is no FIFO/)
})
