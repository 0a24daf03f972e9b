/** HTTP and JSON that are none, by the ten thousand: read or refused with a reason, the same however they are cut, and the server goes on. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { seededRandom } from '../../src/base/random.ts'
import { parseDocument, writeDocument } from '../../src/modules/jansson/document.ts'
import { appendAt, setAt, valueAt } from '../../src/modules/jansson/path.ts'
import { readDocument } from '../../src/modules/json/read-document.ts'
import { writeValue } from '../../src/modules/json/write-value.ts'
import { groupsOf, readUrl } from '../../src/modules/xhttp_rpc/read-url.ts'
import { StreamFraming } from '../../src/net/stream-framing.ts'
import { buildLocalReply } from '../../src/sip/build-reply.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { parseForeign, withFirstHeader } from '../../src/sip/parse-foreign.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea } from '../support/kahea-process.ts'
import { testSource } from '../support/sip-message.ts'
import { until } from '../support/until.ts'

const ROUNDS = 10_000
const LIVE_ROUNDS = 3000
const MESSAGE_BYTES = 2000
const random = seededRandom(20_263)
const below = (limit: number): number => random.integer(limit)

const PIECES = [
  '\r\n', '\n', '\r', '\0', ' ', '\t', ':', ',', ';', '[', ']', '{', '}', '"', '\\', '\\u', '\xff', '\x80', '%', '?', '0', '-1', '99999999999', 'e9',
  'HTTP/1.1', 'SIP/2.0', 'Via: ', 'Transfer-Encoding: chunked\r\n', 'Content-Length: 5\r\n', 'Expect: 100-continue\r\n', 'ffffffff\r\n', 'null',
]

/** Some bytes changed, taken out or put in. */
function damaged(text: string): string {
  let result = text
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(result.length + 1)
    const kind = below(3)
    const piece = below(2) === 0 ? String.fromCharCode(below(256)) : PIECES[below(PIECES.length)] ?? ''
    result = result.slice(0, at) + (kind === 0 ? '' : piece) + result.slice(kind === 2 ? at : at + 1 + below(3))
  }
  return result
}

const document = '{"jsonrpc":"2.0","method":"core.echo","params":["a\\u00e9\\n",1.5e3,{"x":[true,null]}],"id":7}'
const requests = [
  'GET /sip/Hello%20World?a=b HTTP/1.1\r\nHost: example.com\r\nVia: 1.1 proxy\r\nAccept: */*\r\n\r\n',
  `POST /RPC HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${document.length}\r\n\r\n${document}`,
  `POST /RPC HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${document.length.toString(16)}\r\n${document}\r\n3;x=y\r\n   \r\n0\r\n\r\n`,
  'POST /a HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nab',
  'GET /rpc/core/core.echo?arg=a+b HTTP/1.1\r\nHost: a\r\nFrom: a@b\r\nTo: <sip:a>\r\nCall-ID: 1\r\nCSeq: 1 GET\r\n\r\n',
]
const request = (): string => requests[below(requests.length)] ?? ''

interface Framed {
  readonly messages: string[]
  readonly fault: string | undefined
  readonly isMidMessage: boolean
}

function frame(pieces: readonly string[]): Framed {
  const messages: string[] = []
  let fault: string | undefined
  const framing = new StreamFraming({ messageBytes: MESSAGE_BYTES, acceptNoContentLength: true }, {
    onMessage(text) {
      messages.push(text)
      return true
    },
    onPing: () => undefined,
    onContinue: () => undefined,
  })
  for (const piece of pieces) fault = framing.feed(piece)
  return { messages, fault, isMidMessage: framing.isMidMessage && fault === undefined }
}

test('a stream of damaged requests is cut in one way, however it comes', () => {
  for (let round = 0; round < ROUNDS; round++) {
    const stream = damaged(request()) + request() + (below(3) === 0 ? damaged(request()) : '')
    const whole = frame([stream])
    const pieces: string[] = []
    for (let at = 0; at < stream.length;) {
      const length = 1 + below(round % 2 === 0 ? 3 : 200)
      pieces.push(stream.slice(at, at + length))
      at += length
    }
    const cut = frame(pieces)
    assert.deepEqual(cut.messages, whole.messages, JSON.stringify(stream))
    // A message without an end may be refused sooner when more of it is there at once.
    if (cut.fault !== undefined) assert.notEqual(whole.fault, undefined, JSON.stringify(stream))
    for (const message of whole.messages) assert.ok(message.length < MESSAGE_BYTES)
  }
})

test('damaged requests are read or refused with a reason, and what was read can be answered', () => {
  for (let round = 0; round < ROUNDS; round++) {
    const message = parseForeign(damaged(request()), testSource(), round)
    if (message instanceof ParseError) {
      assert.notEqual(message.reason, '')
      continue
    }
    assert.ok(message.text.includes(message.requestUri) && message.body().length <= message.text.length)
    const faked = message.firstVia() === undefined ? withFirstHeader(message, 'Via: SIP/2.0/TCP 192.0.2.1:5\r\n') : message
    if (faked instanceof ParseError) continue
    const reply = buildLocalReply(faked, { code: 200, reason: 'OK', toTag: 'x', server: 'y' })
    assert.ok(reply instanceof ParseError || reply.endsWith('Content-Length: 0\r\n\r\n'))
  }
})

test('damaged documents are read or refused by both readers, and what was read can be written and read again', () => {
  const paths = ['', 'params', 'params[2].x[0]', 'id', 'new.path', 'params[9]']
  for (let round = 0; round < ROUNDS; round++) {
    const text = damaged(document)
    const lenient = readDocument(text)
    if (lenient !== undefined) assert.notEqual(readDocument(writeValue(lenient)), undefined, text)
    const strict = parseDocument(text)
    if (strict === undefined) continue
    assert.notEqual(lenient, undefined, text)
    const path = below(2) === 0 ? paths[below(paths.length)] ?? '' : damaged('params[2].x[0]')
    valueAt(strict, path)
    setAt(strict, path, 'value')
    appendAt(strict, path, 1n)
    assert.deepEqual(parseDocument(writeDocument(strict, below(2) === 0)), strict)
  }
})

test('damaged URLs of pages lead to a page or a reason', () => {
  const groups = groupsOf(['core.echo', 'core.uptime', 'tm.stats'])
  for (let round = 0; round < ROUNDS; round++) {
    const place = readUrl(damaged('/rpc/core/core.echo?arg=a%20b+c'), 'rpc', groups)
    if ('command' in place && place.command !== undefined) assert.ok(place.group !== undefined && groups.get(place.group)?.includes(place.command))
  }
})

const ADDRESS = '127.0.63.1'

/** Sends one text on a connection of its own and waits until the server has answered, closed, or a later request proves it read all. */
async function sendOne(port: number, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket: Socket = connect({ host: ADDRESS, port })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
    socket.on('data', () => socket.destroy())
    socket.on('connect', () => {
      // An end in the middle of a request closes the connection as well.
      socket.end(Buffer.from(text, 'latin1'))
    })
  })
}

test('a server that gets them goes on and stays small', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-http-fuzz-'))
  const port = await freePort(ADDRESS)
  writeFileSync(join(folder, 'kamailio.cfg'), `
debug=-3
log_stderror=yes
listen=tcp:${ADDRESS}:${port}
tcp_accept_no_cl=yes
loadmodule "pv.so"
loadmodule "kex.so"
loadmodule "sl.so"
loadmodule "xhttp.so"
loadmodule "jansson.so"
loadmodule "jsonrpcs.so"
loadmodule "xhttp_rpc.so"
loadmodule "xhttp_prom.so"
modparam("jsonrpcs", "transport", 1)
modparam("xhttp_prom", "prom_counter", "name=urls; label=url")
event_route[xhttp:request] {
  prom_counter_inc("urls", "1", "$hu");
  if ($hu =~ "^/RPC") { if (!jsonrpc_dispatch()) xhttp_reply("400", "Bad Request", "", ""); exit; }
  if ($hu =~ "^/rpc") dispatch_xhttp_rpc();
  $var(o) = $rb;
  jansson_set("string", "a.b", "$hu", "$var(o)");
  xhttp_reply("200", "OK", "text/plain", "$rm $hu $hdr(Host) $var(o)");
}
request_route { exit; }
`)
  const server = await startKahea(['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-Y', folder])
  const ask = async (): Promise<string> => {
    let answer = ''
    const socket = connect({ host: ADDRESS, port })
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1')
    })
    const body = '{"jsonrpc":"2.0","method":"pkg.stats","id":1}'
    socket.write(`POST /RPC HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    await until(() => answer.includes('real_used'), () => `no answer: ${answer}\n${server.output().slice(-2000)}`)
    socket.destroy()
    return answer
  }
  const residentOf = (answer: string): number => Number(/"real_used":\s*(\d+)/.exec(answer)?.[1])
  try {
    const before = residentOf(await ask())
    for (let round = 0; round < LIVE_ROUNDS; round += 20) {
      await Promise.all(Array.from({ length: 20 }, () => sendOne(port, damaged(request()) + (below(4) === 0 ? request() : ''))))
    }
    const growth = residentOf(await ask()) - before
    assert.ok(growth < 256 * 1024 * 1024, `it grew by ${growth} bytes`)
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
