/** While an engine thinks, everybody else is served; and engines that are asked over WebSockets come and go. */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { WebSocketServer, type WebSocket } from 'ws'
import { FakeRtpEngine } from '../differential/fake-rtpengine.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const PROXY = '127.0.68.1'
const ENGINE = '127.0.68.2'
const DESCRIPTION = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n'

interface Bench {
  readonly server: RunningServer
  /** Sends a request with a description. */
  send(method: string, callId: string): void
  /** The first lines of what came back, with the Call-ID: `200 OK one`. */
  readonly replies: string[]
  came(reply: string): Promise<void>
}

async function start(t: TestContext, modparams: string, routes: string): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-rtpengine-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort(PROXY)
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, `#!KAMAILIO
debug=2
listen=udp:${PROXY}:${port}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "rtpengine.so"
${modparams}
request_route {
${routes}
}
`)
  const server = await startKahea(['-f', path, '-DD', '-E'])
  t.after(() => server.stop())
  const socket: Socket = createSocket('udp4')
  t.after(() => socket.close())
  const replies: string[] = []
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    replies.push(`${/^SIP\/2\.0 (.*)\r/.exec(text)?.[1] ?? ''} ${/^Call-ID: (.*)\r/m.exec(text)?.[1] ?? ''}`)
  })
  await new Promise<void>((resolve) => socket.bind({ address: PROXY, port: 0 }, resolve))
  const own = socket.address().port
  return {
    server,
    replies,
    send(method, callId) {
      socket.send([
        `${method} sip:x@${PROXY} SIP/2.0`, `Via: SIP/2.0/UDP ${PROXY}:${own};branch=z9hG4bK${callId}`, 'Max-Forwards: 70', 'From: <sip:a@b>;tag=1', 'To: <sip:x@b>',
        `Call-ID: ${callId}`, `CSeq: 1 ${method}`, 'Content-Type: application/sdp', `Content-Length: ${DESCRIPTION.length}`, '', DESCRIPTION,
      ].join('\r\n'), port, PROXY)
    },
    came: (reply) => until(() => replies.includes(reply), () => `${reply} after ${replies.join(', ')}\n${server.output()}`),
  }
}

test('a question to an engine delays its own message only', async (t) => {
  const port = await freePort(ENGINE)
  const engine = new FakeRtpEngine(ENGINE, port)
  engine.reply = (command, _count, question) => (command !== 'ping' && question.text('call-id') === 'slow' ? null : undefined)
  await engine.open()
  t.after(() => engine.close())
  const { send, came, replies, server } = await start(t, `modparam("rtpengine", "rtpengine_sock", "udp:${ENGINE}:${port}")
modparam("rtpengine", "rtpengine_tout_ms", 500)
modparam("rtpengine", "rtpengine_retr", 2)
modparam("rtpengine", "rtpengine_disable_tout", 60)`, `
  if ($rm == "INVITE") { if (rtpengine_offer()) sl_reply("200", "Offered"); else sl_reply("503", "No engine"); exit; }
  if ($rm == "INFO") { sl_reply("200", "Figures $(rtpestat{s.len})"); exit; }
  sl_reply("200", "OK");`)
  const asked = (text: string): Promise<void> =>
    until(() => engine.questions.some((question) => question.includes(text)), () => engine.questions.join('\n'))
  send('INVITE', 'slow')
  await asked('call-id="slow"')
  for (const callId of ['one', 'two', 'three']) {
    send('OPTIONS', callId)
    await came(`200 OK ${callId}`)
    send('INVITE', `${callId}-call`)
    await came(`200 Offered ${callId}-call`)
  }
  // A variable that asks waits as a function does.
  send('INFO', 'slow')
  await asked('command="query"')
  send('OPTIONS', 'last')
  await came('200 OK last')
  assert.ok(!replies.some((reply) => reply.endsWith(' slow')), replies.join(', '))
  await came('503 No engine slow')
  await came('200 Figures  slow')
  assert.equal(engine.questions.filter((question) => question.includes('command="offer"') && question.includes('"slow"')).length, 2, server.output())
})

test('an engine is asked over a WebSocket, which is opened again when it was closed', async (t) => {
  const port = await freePort(ENGINE)
  const engine = new FakeRtpEngine(ENGINE, port)
  const open: WebSocket[] = []
  const protocols: string[] = []
  const listener = new WebSocketServer({ host: ENGINE, port, handleProtocols: (offered) => [...offered][0] ?? false })
  t.after(() => {
    for (const socket of open) socket.terminate()
    listener.close()
  })
  let takes: 'all' | 'nothing' | 'other cookies' = 'all'
  listener.on('connection', (socket, request) => {
    open.push(socket)
    protocols.push(String(request.headers['sec-websocket-protocol']))
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString('latin1') : ''
      const cookie = text.slice(0, text.indexOf(' '))
      const answer = engine.answerTo(text.slice(cookie.length + 1))
      if (takes === 'nothing') socket.close()
      else socket.send(Buffer.from(`${takes === 'all' ? cookie : '7_7_7'} ${answer ?? ''}`, 'latin1'))
    })
  })
  const { send, came, server } = await start(t, `modparam("rtpengine", "wsapi", "lwsc")
loadmodule "lwsc.so"
modparam("rtpengine", "rtpengine_sock", "ws://${ENGINE}:${port}/ng")
modparam("rtpengine", "rtpengine_tout_ms", 300)
modparam("rtpengine", "rtpengine_disable_tout", 0)`, `
  if (rtpengine_offer("replace-origin")) sl_reply("200", "Offered"); else sl_reply("503", "No engine");`)
  send('INVITE', 'one')
  await came('200 Offered one')
  send('INVITE', 'two')
  await came('200 Offered two')
  assert.deepEqual(protocols, ['ng.rtpengine.com'])
  for (const socket of open) socket.terminate()
  send('INVITE', 'three')
  await came('200 Offered three')
  takes = 'nothing'
  send('INVITE', 'four')
  await came('503 No engine four')
  takes = 'other cookies'
  send('INVITE', 'five')
  await came('503 No engine five')
  takes = 'all'
  send('INVITE', 'six')
  await came('200 Offered six')
  await until(() => /failed to do websocket request/.test(server.output()), () => server.output())
})
