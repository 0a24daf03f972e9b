/** http_async_client, which Debian's Kamailio does without: questions suspend transactions, and no message waits for another one's. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'kahea-http-'))
const waiting: ServerResponse[] = []
const asked: string[] = []
const web = createServer((request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers['x-name'] ?? ''}`)
  if (request.url === '/wait') waiting.push(response)
  else if (request.url === '/silent') return
  else response.setHeader('X-Found', 'yes').end('bob@example.org')
})
const phone = createSocket('udp4')
const replies: string[] = []
let server: RunningServer
let sipPort = 0

const config = (webPort: number): string => `
debug=0
log_stderror=yes
listen=udp:127.0.0.1:${sipPort}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "http_async_client.so"
modparam("http_async_client", "connection_timeout", 1000)
request_route {
    if ($rU == "plain") {
        sl_send_reply("200", "At once");
        exit;
    }
    if ($rU == "alone") {
        http_async_query("http://127.0.0.1:${webPort}/alone", "ALONE");
        xlog("L_ERR", "alone: $rc\\n");
        sl_send_reply("200", "Alone");
        exit;
    }
    t_newtran();
    $http_req(hdr) = "X-Name: " + $rU;
    $http_req(timeout) = 700;
    if ($rU == "post") $http_req(body) = "text";
    http_async_query("http://127.0.0.1:${webPort}/$rU", "ANSWERED");
    xlog("L_ERR", "never seen\\n");
}
route[ANSWERED] {
    if ($http_ok) t_reply("$http_rs", "$http_rb $http_hdr(x-found)");
    else t_reply("500", "$http_err");
}
route[ALONE] {
    xlog("L_ERR", "alone came $http_ok $http_rs $http_bs\\n");
}
`

before(async () => {
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const address = web.address()
  sipPort = await freePort('127.0.0.1')
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, config(typeof address === 'object' ? address?.port ?? 0 : 0))
  phone.on('message', (bytes) => replies.push(bytes.toString('latin1')))
  await new Promise<void>((resolve) => phone.bind(0, '127.0.0.1', resolve))
  server = await startKahea(['run', path])
})

after(async () => {
  await server.stop()
  phone.close()
  web.closeAllConnections()
  web.close()
  rmSync(folder, { recursive: true, force: true })
})

const send = (user: string): void => {
  const { port } = phone.address()
  phone.send(`OPTIONS sip:${user}@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${user}\r\n` +
    `From: <sip:alice@example.org>;tag=1\r\nTo: <sip:${user}@example.org>\r\nCall-ID: ${user}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`,
  sipPort, '127.0.0.1')
}
const replyTo = (user: string): string | undefined =>
  replies.find((reply) => reply.includes(`Call-ID: ${user}\r\n`))?.split('\r\n')[0]
const answered = async (user: string): Promise<string | undefined> => {
  await until(() => replyTo(user) !== undefined, () => server.output())
  return replyTo(user)
}

test('the route goes on with the answer', async () => {
  send('get')
  assert.equal(await answered('get'), 'SIP/2.0 200 bob@example.org yes')
  send('post')
  assert.equal(await answered('post'), 'SIP/2.0 200 bob@example.org yes')
  assert.deepEqual(asked, ['GET /get get', 'POST /post post'])
})

test('others do not wait for a server that takes its time', async () => {
  send('wait')
  await until(() => waiting.length === 1, () => server.output())
  send('plain')
  assert.equal(await answered('plain'), 'SIP/2.0 200 At once')
  assert.equal(replyTo('wait'), undefined)
  waiting[0]?.end('late')
  assert.equal(await answered('wait'), 'SIP/2.0 200 late <null>')
})

test('a server that says nothing is given up', async () => {
  send('silent')
  assert.equal(await answered('silent'), 'SIP/2.0 500 TIMEOUT')
})

test('without a transaction the script goes on, and the route runs by itself', async () => {
  send('alone')
  assert.equal(await answered('alone'), 'SIP/2.0 200 Alone')
  await until(() => server.output().includes('alone came 1 200 15'), () => server.output())
  await until(() => /alone: 1\n/.test(server.output()), () => server.output())
  assert.doesNotMatch(server.output(), /never seen/)
})
