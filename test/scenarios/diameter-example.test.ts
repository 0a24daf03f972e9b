/** examples/diameter: REGISTER is answered by what the HSS says, the nearer one, or the other when that dies before it has answered. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DiameterTestPeer } from '../support/diameter-peer.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'diameter')
const PROXY = '127.0.65.1'
const [FIRST, SECOND] = ['127.0.65.2', '127.0.65.3'] as const

test('a request of the route goes by metric, fails over, and the caller is told when nobody is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-hss-'))
  const diameterPort = await freePort(FIRST)
  let dies = false
  const first = new DiameterTestPeer({ name: FIRST, answer: () => (dies ? 'close' : []) })
  const second = new DiameterTestPeer({ name: SECOND })
  const asked = (peer: DiameterTestPeer): number => peer.messages.filter(({ commandCode }) => commandCode === 300).length
  for (const peer of [first, second]) await peer.listen(peer.options.name, diameterPort)
  const sipPort = await freePort(PROXY)
  writeFileSync(join(folder, 'peers.xml'), readFileSync(join(EXAMPLE, 'diametercfg.xml'), 'utf8')
    .replaceAll('hss1.example.com', FIRST).replaceAll('hss2.example.com', SECOND)
    .replaceAll(/(<Peer [^>]*port=)"3868"/g, `$1"${diameterPort}"`).replace(/<Acceptor[^>]*>/, ''))
  writeFileSync(join(folder, 'kamailio.cfg'), readFileSync(join(EXAMPLE, 'kamailio.cfg'), 'utf8')
    .replace('udp:127.0.0.1:5060', `udp:${PROXY}:${sipPort}`).replace('/etc/kamailio/diametercfg.xml', join(folder, 'peers.xml')))
  const kahea = await startKahea(['-f', join(folder, 'kamailio.cfg'), '-DD', '-E'])
  const phone = createSocket('udp4')
  const replies: string[] = []
  phone.on('message', (bytes) => void replies.push(bytes.toString('latin1').split('\r\n')[0] ?? ''))
  await new Promise<void>((resolve) => { phone.bind(0, PROXY, resolve) })
  let count = 0
  const register = async (): Promise<string> => {
    count++
    phone.send(`REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP ${PROXY}:${phone.address().port};branch=z9hG4bK${count}\r\n` +
      `From: <sip:a@example.com>;tag=1\r\nTo: <sip:a@example.com>\r\nCall-ID: ${count}\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n`, sipPort, PROXY)
    await until(() => replies.length === count, () => `${replies.join()}\n${kahea.output()}`)
    return replies.at(-1) ?? ''
  }
  try {
    await until(() => [first, second].every(({ messages }) => messages.length > 0), kahea.output)
    let reply = await register()
    while (reply.includes('503')) reply = await register()
    assert.deepEqual([reply, asked(second)], ['SIP/2.0 200 OK', 0])
    dies = true
    assert.equal(await register(), 'SIP/2.0 200 OK')
    assert.deepEqual([asked(first) >= 2, asked(second)], [true, 1])
    await second.close()
    await first.close()
    reply = await register()
    while (reply.includes('504')) reply = await register()
    assert.equal(reply, 'SIP/2.0 503 HSS Not Ready')
  } finally {
    phone.close()
    await kahea.stop()
    await first.close()
    await second.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
