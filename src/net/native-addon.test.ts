import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { loadAddon } from './native-addon.ts'

const addon = loadAddon({})
const isMissing = typeof addon === 'string' ? 'the add-on is not built' : false

test('Unix datagrams go to and fro, every byte kept', { skip: isMissing }, async (t) => {
  assert.ok(typeof addon !== 'string')
  const folder = mkdtempSync(path.join(tmpdir(), 'kahea-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const received: string[] = []
  const left = addon.openUnix({ path: path.join(folder, 'left') }, (text) => { received.push(`left ${text}`) })
  const right = addon.openUnix({ path: path.join(folder, 'right') }, (text, source) => {
    received.push(`right ${text} from ${path.basename(source)}`)
    if ('send' in right) right.send('back', source)
  })
  assert.ok('send' in left && 'send' in right)
  const every = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('').repeat(100)
  assert.equal(left.send(every, path.join(folder, 'right')), 0)
  for (let round = 0; round < 200 && received.length < 2; round++) {
    await new Promise((resolve) => { setTimeout(resolve, 5) })
  }
  assert.deepEqual(received, [`right ${every} from left`, 'left back'])
  left.close()
  right.close()
  left.close()
  assert.ok(left.send('x', path.join(folder, 'right')) < 0)
})

test('a Unix socket that only sends says what is wrong with the other end', { skip: isMissing }, () => {
  assert.ok(typeof addon !== 'string')
  const sender = addon.openUnix({}, () => undefined)
  assert.ok('send' in sender)
  assert.equal(sender.send('x', '/nonexistent/socket'), -2)
  assert.ok(sender.send('x', `/${'x'.repeat(200)}`) < 0)
  sender.close()
})

test('a Unix socket whose path is taken is an error', { skip: isMissing }, (t) => {
  assert.ok(typeof addon !== 'string')
  const folder = mkdtempSync(path.join(tmpdir(), 'kahea-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const first = addon.openUnix({ path: path.join(folder, 'one') }, () => undefined)
  const second = addon.openUnix({ path: path.join(folder, 'one') }, () => undefined)
  assert.ok('send' in first && 'code' in second)
  assert.deepEqual([second.code, second.step], ['EADDRINUSE', 'bind'])
  first.close()
})
