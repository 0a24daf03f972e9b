/** The example http as its README says: by curl, by a browser, by Prometheus's own rules, and with a phone that shows messages. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const ADDRESS = '127.0.62.1'
const PHONE = '127.0.62.2'
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'http', 'kamailio.cfg')

/** Answers every request with 200 and keeps it. */
class Phone {
  readonly requests: string[] = []
  readonly #socket: Socket = createSocket('udp4')

  open(port: number): void {
    this.#socket.bind(port, PHONE)
    this.#socket.on('message', (bytes, from) => {
      const request = bytes.toString('latin1')
      this.requests.push(request)
      const copied = request.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/.test(line))
      const reply = `SIP/2.0 200 OK\r\n${copied.join('\r\n').replace(/^(To:.*)$/m, '$1;tag=phone')}\r\nContent-Length: 0\r\n\r\n`
      this.#socket.send(Buffer.from(reply, 'latin1'), from.port, from.address)
    })
  }

  close(): void {
    this.#socket.close()
  }

  get texts(): readonly string[] {
    return this.requests.map((request) => request.slice(request.indexOf('\r\n\r\n') + 4))
  }
}

describe('HTTP beside SIP', { skip: missingPrograms('curl') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-http-'))
  const phone = new Phone()
  let server: RunningServer | undefined
  let place = ''
  let sipPort = 0

  before(async () => {
    const phonePort = await freePort(PHONE)
    sipPort = await freePort(ADDRESS)
    const webPort = await freePort(ADDRESS)
    place = `${ADDRESS}:${webPort}`
    phone.open(phonePort)
    const text = readFileSync(EXAMPLE, 'latin1')
      .replaceAll('127.0.0.1:5060', `${ADDRESS}:${sipPort}`)
      .replaceAll('127.0.0.1:8080', place)
      .replaceAll('127.0.0.1:5070', `${PHONE}:${phonePort}`)
    const path = join(folder, 'kamailio.cfg')
    writeFileSync(path, text, 'latin1')
    server = await startKahea(['-f', path, '-DD', '-E', '-Y', folder])
  })

  after(async () => {
    await server?.stop()
    phone.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What curl prints: the body, and the status in a line of its own. */
  const curl = async (path: string, ...options: readonly string[]): Promise<string> => {
    const { stdout } = await run('curl', ['-sS', '-m', '10', '-w', '\n%{http_code}', ...options, `http://${place}${path}`])
    return stdout
  }

  test('a page makes a phone show a message', async () => {
    assert.equal(await curl('/sip/Hello%20World'), '<html><body>OK</body></html>\n200')
    await until(() => phone.texts.includes('Hello World'), () => `the phone got ${phone.requests.join('\n')}`)
  })

  test('the same on the port that phones use', async () => {
    const { stdout } = await run('curl', ['-sS', '-m', '10', `http://${ADDRESS}:${sipPort}/sip/Again`])
    assert.match(stdout, /OK/)
    await until(() => phone.texts.includes('Again'), () => 'the phone got nothing')
  })

  test('a program sends a message with JSON', async () => {
    assert.equal(await curl('/notify', '-d', '{"message":{"text":"from JSON"}}'), '{"sent":"from JSON"}\n200')
    await until(() => phone.texts.includes('from JSON'), () => 'the phone got nothing')
    assert.equal(await curl('/notify', '-d', '{"message":{}}'), '{"error":"message.text is missing"}\n400')
    assert.equal(await curl('/notify', '-d', 'no JSON'), '{"error":"message.text is missing"}\n400')
  })

  test('a body in chunks, and one for which the client wants leave, are read', async () => {
    const body = '{"message":{"text":"in chunks"}}'
    assert.match(await curl('/notify', '-H', 'Transfer-Encoding: chunked', '-d', body), /in chunks/)
    assert.match(await curl('/notify', '-H', 'Expect: 100-continue', '-d', body), /in chunks/)
  })

  test('commands are asked by JSON-RPC', async () => {
    const document = '{"jsonrpc":"2.0","method":"core.echo","params":["a",5],"id":7}'
    const answer = (await curl('/RPC', '-d', document)).replace(/\n200$/, '')
    assert.deepEqual(JSON.parse(answer), { jsonrpc: '2.0', result: ['a', '5'], id: 7 })
    assert.match(await curl('/RPC', '-d', document.replace('core.echo', 'no.such')), /Method Not Found[^]*\n500$/)
    assert.match(await curl('/RPC', '-d', 'no JSON'), /this is no JSON\n\n400$/)
    assert.match(await curl('/RPC'), /POST a JSON-RPC document\n\n405$/)
  })

  test('commands have pages', async () => {
    assert.match(await curl('/rpc'), /href="\/rpc\/core"[^]*200$/)
    assert.match(await curl('/rpc/core/core.echo?arg=%3Cb%3E'), /<pre>&lt;b&gt;<br\/><\/pre>/)
  })

  test('every line of the metrics is one that Prometheus reads', async () => {
    const lines = (await curl('/metrics')).replace(/\n200$/, '').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    assert.ok(lines.length > 20)
    for (const line of lines) {
      assert.match(line, /^[a-zA-Z_:][\w:]*(?:\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(?:, [a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*")*\})? -?[\d.]+ \d+$/)
    }
    assert.ok(lines.some((line) => /^kamailio_messages\{result="sent"\} [1-9]/.test(line)))
  })

  test('requests of one connection are answered in their order, and the connection stays', async () => {
    const socket = connect({ host: ADDRESS, port: Number(place.split(':')[1]) })
    let answers = ''
    socket.on('data', (bytes: Buffer) => {
      answers += bytes.toString('latin1')
    })
    const paths = ['/sip/one', '/metrics', '/rpc', '/sip/two']
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
    await until(() => answers.split('HTTP/1.1 200 OK').length === paths.length + 1, () => answers)
    const types = [...answers.matchAll(/^Content-Type: ([^;\r]*)/gm)].map((found) => found[1])
    assert.deepEqual(types, ['text/html', 'text/plain', 'text/html', 'text/html'])
    socket.write('GET /sip/three HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => answers.split('HTTP/1.1 200 OK').length === paths.length + 2, () => answers)
    socket.destroy()
  })

  test('a browser shows the page', { skip: missingPrograms('chromium') }, async () => {
    const profile = mkdtempSync(join(tmpdir(), 'kahea-browser-'))
    try {
      const { stdout } = await run('chromium', [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`, '--dump-dom', `http://${place}/sip/Hello%20Browser`,
      ], { timeout: 60_000, maxBuffer: 1 << 24 })
      assert.match(stdout, /<body>OK<\/body>/)
      await until(() => phone.texts.includes('Hello Browser'), () => 'the phone got nothing')
    } finally {
      rmSync(profile, { recursive: true, force: true })
    }
  })
})

test('answers come in the order of the requests, also when a route waits, and what waits is bounded', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-http-order-'))
  const port = await freePort(ADDRESS)
  writeFileSync(join(folder, 'kamailio.cfg'), `
log_stderror=yes
listen=tcp:${ADDRESS}:${port}
tcp_accept_no_cl=yes
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "cfgutils.so"
loadmodule "xhttp.so"
event_route[xhttp:request] {
  if ($hu == "/slow") usleep(300000);
  xhttp_reply("200", "OK", "text/plain", "$hu\n");
}
request_route { exit; }
`)
  const server = await startKahea(['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-Y', folder])
  t.after(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const open = (paths: readonly string[]): { answers: () => string; isClosed: () => boolean } => {
    let answers = ''
    let isClosed = false
    const socket = connect({ host: ADDRESS, port })
    t.after(() => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('close', () => {
      isClosed = true
    })
    socket.on('data', (bytes: Buffer) => {
      answers += bytes.toString('latin1')
    })
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nA: b\r\n\r\n`).join(''))
    return { answers: () => answers, isClosed: () => isClosed }
  }
  const first = open(['/slow', '/one', '/slow', '/two'])
  const other = open(['/other'])
  await until(() => other.answers().includes('/other\n'), () => server.output())
  await until(() => first.answers().includes('/two\n'), () => first.answers())
  assert.deepEqual(first.answers().match(/^\/.*$|\/\w+(?=\n)/gm), ['/slow', '/one', '/slow', '/two'])
  const many = open(['/slow', ...Array.from({ length: 150 }, () => '/one')])
  await until(() => many.isClosed(), () => many.answers())
})
