/** The example of an account at a carrier: calls out get its credentials and its number; a challenge of another realm gets neither. */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { isDbError } from '../../src/db/database.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { digestAlgorithm, digestResponse, storedSecret } from '../../src/sip/digest.ts'
import { temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const OWN = '127.0.49.1'
const CARRIER = '127.0.49.2'
const CALLER = '127.0.49.3'
const USER = '0355501234'
const PASSWORD = 'open sesame'
const NONCE = 'a-nonce-of-the-carrier'
const example = join(import.meta.dirname, '..', '..', 'examples', 'carrier')

const header = (text: string, name: string): string => new RegExp(`^${name}: (.*)\r$`, 'mi').exec(text)?.[1] ?? ''

const copied = (request: string, status: string, extra: readonly string[]): string => [
  `SIP/2.0 ${status}`, ...request.split('\r\n').filter((line) => /^(?:Via|Record-Route|From|Call-ID|CSeq):/i.test(line)),
  `To: ${header(request, 'To')};tag=carrier`, ...extra, 'Content-Length: 0', '', '',
].join('\r\n')

/** Whether the header proves the password (RFC 7616, MD5 with qop). */
function isProved(method: string, value: string, realm: string): boolean {
  const field = (name: string): string => new RegExp(`\\b${name}="?([^",]*)`).exec(value)?.[1] ?? ''
  const algorithm = digestAlgorithm('MD5')
  if (algorithm === undefined || field('realm') !== realm || field('username') !== USER || field('nonce') !== NONCE) return false
  return field('response') === digestResponse({
    algorithm, secret: storedSecret(algorithm, USER, realm, PASSWORD), nonce: NONCE, nc: field('nc'), cnonce: field('cnonce'),
    qop: field('qop'), method, uri: field('uri'),
  })
}

/** A carrier that challenges everything, for REGISTER with the realm of the account, for INVITE with the given one. */
async function startCarrier(t: TestContext, port: number, callRealm: string): Promise<{ readonly got: string[] }> {
  const got: string[] = []
  const socket: Socket = createSocket('udp4')
  socket.on('message', (bytes, from) => {
    const text = bytes.toString('latin1')
    got.push(text)
    const answer = (status: string, ...extra: string[]): void => socket.send(Buffer.from(copied(text, status, extra), 'latin1'), from.port, from.address)
    const [method = ''] = text.split(' ', 1)
    if (method === 'REGISTER') {
      if (isProved(method, header(text, 'Authorization'), 'carrier.example')) answer('200 OK', `Contact: ${header(text, 'Contact')};expires=600`)
      else answer('401 Who', `WWW-Authenticate: Digest realm="carrier.example", nonce="${NONCE}", qop="auth"`)
    } else if (method === 'INVITE') {
      if (isProved(method, header(text, 'Proxy-Authorization'), callRealm)) answer('200 OK', `Contact: <sip:callee@${CARRIER}:${port}>`)
      else answer('407 Who', `Proxy-Authenticate: Digest realm="${callRealm}", nonce="${NONCE}", qop="auth"`)
    }
  })
  await new Promise<void>((resolve) => socket.bind(port, CARRIER, resolve))
  t.after(() => socket.close())
  return { got }
}

/** Calls through the example; the answers beyond 100, and what the carrier got. */
async function call(t: TestContext, callRealm: string): Promise<{ readonly answers: string[]; readonly got: readonly string[]; readonly log: string }> {
  const folder = temporaryFolder(t)
  const [carrierPort, port] = [await freePort(CARRIER), await freePort(OWN)]
  const url = `sqlite:///${folder}/carrier.db`
  assert.equal(await main(['db', 'create', url, 'uac']), 0)
  const databases = allDatabases()
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  const filled = await database.execute(readFileSync(join(example, 'account.sql'), 'utf8').replace('127.0.0.1:5090', `${CARRIER}:${carrierPort}`))
  assert.ok(!isDbError(filled))
  await databases.close()
  const file = join(folder, 'kamailio.cfg')
  writeFileSync(file, readFileSync(join(example, 'kamailio.cfg'), 'latin1')
    .replaceAll('127.0.0.1:5060', `${OWN}:${port}`).replace('sqlite:////tmp/kahea-carrier.db', url))
  const { got } = await startCarrier(t, carrierPort, callRealm)
  const server = await startKahea(['-f', file, '-DD', '-E'])
  t.after(() => server.stop())
  await until(() => got.some((text) => header(text, 'Authorization') !== ''), () => server.output())

  const answers: string[] = []
  const caller = createSocket('udp4')
  caller.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    if (!text.startsWith('SIP/2.0 100 ')) answers.push(text)
  })
  await new Promise<void>((resolve) => caller.bind(0, CALLER, resolve))
  t.after(() => caller.close())
  caller.send(Buffer.from([
    `INVITE sip:0312345@${OWN} SIP/2.0`, `Via: SIP/2.0/UDP ${CALLER};rport;branch=z9hG4bK1`, 'From: "Alice" <sip:alice@example.com>;tag=1',
    `To: <sip:0312345@${OWN}>`, 'Call-ID: one', 'CSeq: 1 INVITE', 'Max-Forwards: 70', `Contact: <sip:alice@${CALLER}>`, 'Content-Length: 0', '', '',
  ].join('\r\n'), 'latin1'), port, OWN)
  await until(() => answers.length > 0, () => server.output())
  return { answers, got, log: server.output() }
}

test('carrier: a call goes out with the credentials and the number of the account, and the caller sees nothing of it', async (t) => {
  const { answers, got, log } = await call(t, 'carrier.example')
  assert.match(answers[0] ?? '', /^SIP\/2\.0 200 OK\r\n/, log)
  assert.equal(header(answers[0] ?? '', 'From'), '"Alice" <sip:alice@example.com>;tag=1')
  const invites = got.filter((text) => text.startsWith('INVITE '))
  assert.equal(invites.length, 2)
  for (const text of invites) {
    assert.match(text, /^INVITE sip:0312345@carrier\.example SIP\/2\.0\r\n/)
    assert.equal(header(text, 'From'), '"" <sip:0355501234@carrier.example>;tag=1')
  }
})

test('carrier: a challenge of a realm that is not configured gets no credentials, and the caller gets the challenge', async (t) => {
  const { answers, got, log } = await call(t, 'elsewhere.example')
  assert.match(answers[0] ?? '', /^SIP\/2\.0 407 Who\r\n/, log)
  assert.ok(got.filter((text) => text.startsWith('INVITE ')).length > 0)
  for (const text of got) assert.equal(header(text, 'Proxy-Authorization'), '')
})
