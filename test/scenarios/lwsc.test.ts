/** Module lwsc: a script asks a server over WebSockets. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { WebSocketServer, type WebSocket } from 'ws'
import { freePort } from '../support/free-port.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const PROXY = '127.0.69.1'
const SERVER = '127.0.69.2'

test('a script asks and tells a server over WebSockets', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-lwsc-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [port, serverPort, deadPort] = [await freePort(PROXY), await freePort(SERVER), await freePort(SERVER)]
  const heard: string[] = []
  const open: WebSocket[] = []
  const listener = new WebSocketServer({ host: SERVER, port: serverPort, handleProtocols: (offered) => [...offered][0] ?? false })
  t.after(() => {
    for (const socket of open) socket.terminate()
    listener.close()
  })
  listener.on('connection', (socket) => {
    open.push(socket)
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString('latin1') : ''
      heard.push(`${socket.protocol} ${text}`)
      if (text.startsWith('ask')) socket.send(`answer to ${text}`)
      if (text.startsWith('leave')) socket.close()
    })
  })
  const path = join(folder, 'kamailio.cfg')
  const at = `ws://${SERVER}:${serverPort}/x`
  writeFileSync(path, `#!KAMAILIO
debug=0
listen=udp:${PROXY}:${port}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "lwsc.so"
modparam("lwsc", "timeout_read", 200000)
request_route {
  $var(r) = lwsc_request("${at}", "ask $rU"); xlog("$var(r) $lwsc(rdata)\\n");
  $var(r) = lwsc_request_proto("${at}", "other", "ask again"); xlog("$var(r) $lwsc(rdata)\\n");
  $var(r) = lwsc_notify("${at}", "tell"); xlog("$var(r)\\n");
  $var(r) = lwsc_notify_proto("${at}", "other", "tell"); xlog("$var(r)\\n");
  $var(r) = lwsc_request("${at}", "silence"); xlog("$var(r) $lwsc(rdata) $lwsc(status)\\n");
  $var(r) = lwsc_request("${at}", "ask once more"); xlog("$var(r) $lwsc(rdata)\\n");
  $var(r) = lwsc_request("${at}", "leave"); xlog("$var(r) $lwsc(rdata)\\n");
  $var(r) = lwsc_request("ws://${SERVER}:${deadPort}/", "ask"); xlog("$var(r)\\n");
  $var(r) = lwsc_request("nonsense", "ask"); xlog("$var(r)\\n");
  $var(r) = lwsc_request("${at}", ""); xlog("$var(r)\\n");
  xlog("end\\n");
}
`)
  const server = await startKahea(['-f', path, '-DD', '-E'])
  t.after(() => server.stop())
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  socket.send([
    `OPTIONS sip:me@${PROXY} SIP/2.0`, `Via: SIP/2.0/UDP ${PROXY}:9;branch=z9hG4bK1`, 'Max-Forwards: 70', 'From: <sip:a@b>;tag=1', 'To: <sip:x@b>', 'Call-ID: 1', 'CSeq: 1 OPTIONS',
    'Content-Length: 0', '', '',
  ].join('\r\n'), port, PROXY)
  await until(() => server.output().includes('<script>: end'), () => server.output())
  const logged = [...server.output().matchAll(/<script>: (.*)/g)].map(([, text]) => text)
  assert.deepEqual(logged, [
    '1 answer to ask me', '1 answer to ask again', '1', '1', '-2 <null> 0', '1 answer to ask once more', '-1 <null>', '-1', '-1', '-1', 'end',
  ])
  assert.deepEqual(heard.toSorted(), ['kmsg ask me', 'kmsg ask once more', 'kmsg leave', 'kmsg silence', 'kmsg tell', 'other ask again', 'other tell'])
})
