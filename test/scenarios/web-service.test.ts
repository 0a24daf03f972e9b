/** The example web-service: where a call goes is asked by HTTP, and every message is copied to Homer. */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const ADDRESS = '127.0.0.1'
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'web-service', 'kamailio.cfg')

async function socketFor(t: TestContext, take: (text: string) => void): Promise<{ readonly socket: Socket; readonly port: number }> {
  const socket = createSocket('udp4')
  socket.on('message', (bytes) => take(bytes.toString('latin1')))
  await new Promise<void>((resolve) => socket.bind(0, ADDRESS, resolve))
  t.after(() => socket.close())
  return { socket, port: socket.address().port }
}

test('the web service says where calls go, and Homer sees them', { timeout: 30_000 }, async (t) => {
  const [replies, calls, packets, asked]: string[][] = [[], [], [], []]
  const caller = await socketFor(t, (text) => replies?.push(text))
  const callee = await socketFor(t, (text) => calls?.push(text))
  const homer = await socketFor(t, (text) => packets?.push(text))
  const web = createServer((request, response) => {
    asked?.push(request.url ?? '')
    const isKnown = request.url?.includes('user=bob') === true
    response.writeHead(isKnown ? 200 : 404).end(`sip:bob@${ADDRESS}:${callee.port}\nmore that nobody reads\n`)
  })
  await new Promise<void>((resolve) => web.listen(0, ADDRESS, resolve))
  const folder = mkdtempSync(join(tmpdir(), 'kahea-web-'))
  const sipPort = await freePort(ADDRESS)
  const address = web.address()
  const webPort = typeof address === 'object' ? address?.port ?? 0 : 0
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, readFileSync(EXAMPLE, 'latin1').replace('listen=udp:127.0.0.1:5060', `listen=udp:${ADDRESS}:${sipPort}`), 'latin1')
  const server = await startKahea([
    'run', path, '-A', `WHERE="http://${ADDRESS}:${webPort}/where"`, '-A', `HOMER="sip:${ADDRESS}:${homer.port}"`,
  ])
  t.after(async () => {
    await server.stop()
    web.closeAllConnections()
    web.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const invite = (user: string): void => {
    caller.socket.send(`INVITE sip:${user}@${ADDRESS}:${sipPort} SIP/2.0\r\nVia: SIP/2.0/UDP ${ADDRESS}:${caller.port};branch=z9hG4bK-${user}\r\n` +
      `From: <sip:alice@example.org>;tag=1\r\nTo: <sip:${user}@example.org>\r\nCall-ID: ${user}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n` +
      'Content-Length: 0\r\n\r\n', sipPort, ADDRESS)
  }
  const replyTo = (user: string): string | undefined => replies?.find((text) =>
    text.includes(`Call-ID: ${user}\r\n`) && !text.startsWith('SIP/2.0 100'))?.split('\r\n')[0]

  invite('nobody')
  await until(() => replyTo('nobody') !== undefined, () => server.output())
  assert.equal(replyTo('nobody'), 'SIP/2.0 404 Nobody of that name')
  invite('bob')
  await until(() => (calls?.length ?? 0) > 0, () => server.output())
  assert.match(calls?.[0] ?? '', new RegExp(`^INVITE sip:bob@${ADDRESS}:${callee.port} SIP/2\\.0\r\n`))
  assert.deepEqual(asked, ['/where?user=nobody&from=alice', '/where?user=bob&from=alice'])

  const seen = (line: string): boolean => packets?.some((packet) => packet.startsWith('HEP3') && packet.includes(line)) === true
  await until(() => seen('404 Nobody of that name') && seen(`INVITE sip:bob@${ADDRESS}:${callee.port}`), () => 'Homer has not seen it')
})
