/** Answers of engines that are garbled or hostile, by the ten thousand: read or refused, counted, and calls go on without. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { seededRandom } from '../../src/base/random.ts'
import { decodeDictionary, encode } from '../../src/modules/rtpengine/bencode.ts'
import { FakeRtpEngine } from '../differential/fake-rtpengine.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const ROUNDS = 20_000
const LIVE_ROUNDS = 600
const PROXY = '127.0.67.1'
const ENGINE = '127.0.67.2'
const random = seededRandom(20_264)
const below = (limit: number): number => random.integer(limit)

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'rtpengine')
const recorded = readdirSync(FIXTURES).map((name) => readFileSync(join(FIXTURES, name), 'latin1')).map((text) => text.slice(text.indexOf(' ') + 1))

const PIECES = [
  'd', 'l', 'e', 'i', 'i0e', 'i-0e', 'i99999999999999999999e', 'i-e', '0:', '1:', '4294967295:', '99999999999999999999:', ':', '6:result2:ok', '6:result10:load limit',
  '6:result5:error12:error-reason16:Ran out of ports', '3:sdp0:', '3:sdpi1e', '4:tagsle', '\0', '\r\n', '\xff', 'ddddddddd', 'llllllll', 'd6:result2:oke',
]

/** Some bytes changed, taken out or put in. */
function damaged(text: string): string {
  let result = text
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(result.length + 1)
    const kind = below(4)
    if (kind === 3) result = result.slice(0, at)
    const piece = below(2) === 0 ? String.fromCharCode(below(256)) : PIECES[below(PIECES.length)] ?? ''
    result = result.slice(0, at) + (kind === 0 ? '' : piece) + result.slice(kind === 2 ? at : at + 1 + below(3))
  }
  return result
}

const someAnswer = (): string => recorded[below(recorded.length)] ?? ''

test('what can be read of a garbled answer is what it says when it is written again', () => {
  let read = 0
  for (let round = 0; round < ROUNDS; round++) {
    const found = decodeDictionary(damaged(someAnswer()))
    if (found === undefined) continue
    read++
    const again = encode(found)
    const twice = decodeDictionary(again)
    assert.equal(twice === undefined ? undefined : encode(twice), again)
  }
  assert.ok(read > 100 && read < ROUNDS, `${read} of ${ROUNDS} could be read`)
})

const DESCRIPTION = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n'

const request = (method: string, number: number, port: number): string => [
  `${method} sip:x@${PROXY} SIP/2.0`, `Via: SIP/2.0/UDP ${PROXY}:${port};branch=z9hG4bK${number}`, 'Max-Forwards: 70', `From: <sip:a@b>;tag=${number}`, 'To: <sip:x@b>;tag=1',
  `Call-ID: ${number}`, `CSeq: 1 ${method}`, 'Content-Type: application/sdp', `Content-Length: ${DESCRIPTION.length}`, '', DESCRIPTION,
].join('\r\n')

/** Every function that reads an answer, for each request. */
const configuration = (port: number, enginePort: number): string => `#!KAMAILIO
debug=-3
listen=udp:${PROXY}:${port}
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "rtpengine.so"
modparam("rtpengine", "rtpengine_sock", "udp:${ENGINE}:${enginePort}")
modparam("rtpengine", "rtpengine_tout_ms", 200)
modparam("rtpengine", "rtpengine_retr", 1)
modparam("rtpengine", "queried_nodes_limit", 2)
modparam("rtpengine", "mos_min_pv", "$avp(m)")
modparam("rtpengine", "mos_A_label_pv", "$ci")
modparam("rtpengine", "mos_average_A_pv", "$avp(a)")
modparam("rtpengine", "media_duration", "$avp(d)")
request_route {
  if ($rm == "OPTIONS") { sl_reply("200", "$stat(refused_answers) $stat(unexpected_answers)"); exit; }
  rtpengine_offer(); rtpengine_query(); rtpengine_query_v("j", "$var(x)"); play_media("file=x"); $var(s) = $rtpestat; rtpengine_delete();
  sl_reply("200", "OK");
}
`

test('an engine that answers nonsense is refused and counted, and every call is answered', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-fuzz-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [port, enginePort] = [await freePort(PROXY), await freePort(ENGINE)]
  const engine = new FakeRtpEngine(ENGINE, enginePort)
  engine.reply = (command, _count, question) => (command === 'ping' ? undefined : below(4) === 0 ? encode(question) : damaged(someAnswer()))
  await engine.open()
  t.after(() => engine.close())
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, configuration(port, enginePort))
  const server = await startKahea(['-f', path, '-DD', '-E'])
  t.after(() => server.stop())
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  let answered = 0
  let figures = ''
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    if (text.includes('CSeq: 1 OPTIONS')) figures = /^SIP\/2\.0 200 (.*)\r/.exec(text)?.[1] ?? ''
    else answered++
  })
  await new Promise<void>((resolve) => socket.bind({ address: PROXY, port: 0 }, resolve))
  const own = socket.address().port
  const send = (text: string): void => socket.send(Buffer.from(text, 'latin1'), port, PROXY)
  for (let number = 0; number < LIVE_ROUNDS; number++) {
    send(request('INVITE', number, own))
    if (number % 20 === 19) await until(() => answered > number, () => `call ${number} is answered\n${server.output().slice(-2000)}`)
  }
  send(request('OPTIONS', LIVE_ROUNDS, own))
  await until(() => figures !== '', () => 'the figures come')
  const [refused = 0] = figures.split(' ').map(Number)
  assert.equal(answered, LIVE_ROUNDS)
  assert.ok(refused > LIVE_ROUNDS, figures)
  assert.equal(await server.stop(), 0, server.output().slice(-2000))
})
