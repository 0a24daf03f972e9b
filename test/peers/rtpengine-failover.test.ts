/** Two of Debian's rtpengine share calls, one asked over UDP and one over a WebSocket; one is killed and comes back while calls are made. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { answerCalls } from './answering-phone.ts'
import { placePcapCalls } from './pcap-call.ts'
import { startEngine, type Engine } from './rtpengine.ts'

const PROXY = '127.0.65.1'
const CALLEE = '127.0.65.9'
const CALLER = '127.0.65.8'
const CALLS = 30
/** In each of the calls that are made until the engine has come back. */
const ROUNDS_MAX = 20

const configuration = (port: number, calleePort: number, udp: Engine, webSocket: Engine): string => `#!KAMAILIO
debug=2
listen=udp:${PROXY}:${port}
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "xlog.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "rtpengine.so"
loadmodule "lwsc.so"
modparam("rtpengine", "wsapi", "lwsc")
modparam("rtpengine", "rtpengine_sock", "udp:${udp.address}:${udp.port} ws://${webSocket.address}:${webSocket.httpPort}/")
modparam("rtpengine", "rtpengine_tout_ms", 300)
modparam("rtpengine", "rtpengine_retr", 2)
modparam("rtpengine", "rtpengine_disable_tout", 1)
modparam("rtpengine", "rtp_inst_pvar", "$avp(engine)")
request_route {
  if (is_method("INVITE")) { t_on_reply("MEDIA"); record_route(); }
  if (has_totag()) loose_route(); else $ru = "sip:bob@${CALLEE}:${calleePort}";
  if (is_method("INVITE|BYE")) { $var(r) = rtpengine_manage("replace-origin"); xlog("$rm $var(r) by $avp(engine)\\n"); }
  t_relay();
}
onreply_route[MEDIA] { if (has_body("application/sdp")) rtpengine_manage("replace-origin"); }
`

test('new calls take the next engine when one is killed, and it is used again once it is back', {
  skip: missingPrograms('rtpengine', 'sipp') || (process.getuid?.() === 0 ? false : 'sipp plays recordings for root'),
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-failover-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [udp, webSocket] = [await startEngine({ address: '127.0.65.101' }), await startEngine({ address: '127.0.65.102' })]
  t.after(() => Promise.all([udp.kill(), webSocket.kill()]))
  const port = await freePort(PROXY)
  const callee = await answerCalls(t, CALLEE, { address: PROXY, port })
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, configuration(port, callee.port, udp, webSocket))
  const server = await startKahea(['-f', path, '-DD', '-E'])
  t.after(() => server.stop())
  const offers = (engine: string): number => server.output().split(`INVITE 1 by ${engine}`).length - 1
  const call = async (calls: number, rate: number): Promise<void> => {
    const end = await placePcapCalls({
      proxy: `${PROXY}:${port}`, address: CALLER, port: await freePort(CALLER), mediaPort: 21_000, folder, calls, rate, ms: 300,
    })
    assert.equal(end.status, 0, `${end.output}\n${server.output()}`)
  }

  const making = call(CALLS, 10)
  await until(() => offers('udp:') > 2 && offers('ws:') > 2, () => `both have calls\n${server.output()}`)
  await udp.kill()
  await making
  assert.equal(offers('udp:') + offers('ws:'), CALLS, server.output())
  await until(() => /can't send command "(?:offer|answer|delete)" to RTPEngine <udp:/.test(server.output()), () => server.output())
  assert.ok(await webSocket.relayed() > 0)

  await udp.restart()
  const before = offers('udp:')
  for (let round = 0; round < ROUNDS_MAX && offers('udp:') === before; round++) await call(4, 20)
  assert.ok(offers('udp:') > before, server.output())
  await until(() => /rtpengine instance <udp:[^>]*> found, support for it re-enabled/.test(server.output()), () => server.output())
  assert.ok(await udp.relayed() > 0)
})
