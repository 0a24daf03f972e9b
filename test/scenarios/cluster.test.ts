/** examples/cluster as its README says: two servers by one file, phones of one called through the other, a table that both have. */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { clusterCommand } from '../../src/cli/cluster.ts'
import { cmdCommand } from '../../src/cli/cmd.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const [FIRST, SECOND, PHONE] = ['127.0.63.1', '127.0.63.2', '127.0.63.9']
const example = join(import.meta.dirname, '..', '..', 'examples', 'cluster', 'kamailio.cfg')

async function command(run: typeof cmdCommand, ...words: readonly string[]): Promise<{ status: number; out: string }> {
  let out = ''
  const take = (text: string): void => { out += text }
  const status = await run(words, { out: take, err: take, isColoured: false })
  return { status, out }
}

async function untilDone(done: () => Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + 20_000
  while (!await done()) {
    if (performance.now() > endMs) throw new Error(`not within 20 s: ${what}`)
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
}

/** Sends a request, answers what comes to the phone, and gives the final status of the answer. */
function ask(phone: Socket, to: string, method: string, user: string, headers = ''): Promise<string> {
  const id = `${method}-${user}-${performance.now()}`
  return new Promise((resolve) => {
    const take = (bytes: Buffer): void => {
      const text = bytes.toString('latin1')
      if (!text.startsWith('SIP/2.0') || text.startsWith('SIP/2.0 1') || !text.includes(`Call-ID: ${id}`)) return
      phone.off('message', take)
      resolve(text.slice(8, 11))
    }
    phone.on('message', take)
    phone.send(`${method} sip:${user}@example.com SIP/2.0\r\nVia: SIP/2.0/UDP ${PHONE}:5060;branch=z9hG4bK${id}\r\nFrom: <sip:${user}@example.com>;tag=1\r\n`
      + `To: <sip:${user}@example.com>\r\nCall-ID: ${id}\r\nCSeq: 1 ${method}\r\nMax-Forwards: 10\r\n${headers}Content-Length: 0\r\n\r\n`, 5060, to)
  })
}

test('two servers by one file share contacts and a table', async () => {
  const cfg = readFileSync(example, 'latin1').replaceAll('127.0.0.1', FIRST).replaceAll('127.0.0.2', SECOND)
  const path = join(mkdtempSync(join(tmpdir(), 'kahea-example-')), 'kamailio.cfg')
  writeFileSync(path, cfg, 'latin1')
  const phone = createSocket('udp4').bind(5060, PHONE)
  phone.on('message', (bytes, from) => {
    const text = bytes.toString('latin1')
    if (!text.startsWith('MESSAGE')) return
    const lines = text.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq)/i.test(line))
    phone.send(`SIP/2.0 200 OK\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`, from.port, from.address)
  })
  const first = await startKahea(['run', path])
  const second = await startKahea(['run', path, '-A', 'SECOND'])
  try {
    await untilDone(async () => (await command(clusterCommand, 'nodes', '-s', `tcp:${FIRST}`)).out.split('active').length === 3, first.output())
    assert.equal(await ask(phone, FIRST, 'REGISTER', 'alice', `Contact: <sip:alice@${PHONE}:5060>;expires=300\r\n`), '200')
    await untilDone(async () => await ask(phone, SECOND, 'MESSAGE', 'alice') === '200', 'the call')
    await command(cmdCommand, '-s', `tcp:${SECOND}`, 'htable.sets', 'blocked', 'alice', 'yes')
    await untilDone(async () => await ask(phone, FIRST, 'MESSAGE', 'alice') === '403', 'the block')
    const { status, out } = await command(clusterCommand, 'diff', '-s', `tcp:${FIRST}`)
    assert.match(out, /\n0 different\n$/)
    assert.equal(status, 0)
    await until(() => /node 127\.0\.63\.2:5090 is there/.test(first.output()), () => first.output())
    assert.equal((await command(clusterCommand, 'rubbish')).status, 255)
    assert.equal((await command(clusterCommand, 'diff', '-s', 'unix:/nowhere')).status, 2)
  } finally {
    phone.close()
    await first.stop()
    await second.stop()
  }
})
