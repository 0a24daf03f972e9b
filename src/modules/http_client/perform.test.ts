import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { seededRandom } from '../../base/random.ts'
import { HttpFailure, type HttpAnswer, type HttpCall } from '../../runtime/http-port.ts'
import { SystemHttp } from '../../server/http-client.ts'
import { parseHttpUrl, redirected, urlText } from './http-url.ts'
import { CurlFailure, performCurl, type CurlQuestion } from './perform.ts'

const question = (url: string, given: Partial<CurlQuestion> = {}): CurlQuestion => ({
  url, method: undefined, body: '', headers: [], userAgent: 'test', user: undefined, password: '', authMethod: 3, followsRedirects: true,
  timeoutMs: 5000, proxy: undefined, localAddress: '', pool: undefined,
  tls: { verifiesPeer: true, verifiesHost: true, authorities: '', certificate: '', key: '', ciphers: '', version: undefined },
  ...given,
})

const answer = (status: number, headers: HttpAnswer['headers'] = [], body = ''): HttpAnswer =>
  ({ version: '1.1', status, reason: '', headers, body, times: { lookup: 0, connect: 0, tls: 0, sent: 0, firstByte: 0, total: 0 } })

/** A world whose servers answer in turn; it keeps what they were asked. */
function worldOf(answers: readonly (HttpAnswer | HttpFailure)[]) {
  const calls: HttpCall[] = []
  const left = [...answers]
  const ask = async (call: HttpCall): Promise<HttpAnswer | HttpFailure> => {
    calls.push(call)
    return left.length > 1 ? left.shift() ?? assert.fail() : left[0] ?? assert.fail()
  }
  return { calls, world: { http: { ask, close: () => undefined }, random: seededRandom(1), now: () => 0 } }
}

const headerNamed = (call: HttpCall | undefined, name: string): string | undefined => call?.headers.find(([known]) => known === name)?.[1]

test('URLs go out as they are written, without dots and fragment', () => {
  for (const [text, expected] of [
    ['http://host', 'http://host/'],
    ['host:8080/x?y#z', 'http://host:8080/x?y'],
    ['HTTPS://host:443/a/../b/./c/..', 'https://host/b/'],
    ['http://u:p@[::1]:80?q=%41', 'http://[::1]/?q=%41'],
  ] as const) {
    const url = parseHttpUrl(text)
    if (typeof url === 'string') assert.fail(`${text}: ${url}`)
    assert.equal(urlText(url), expected)
  }
  for (const text of ['', 'http://', 'http://host:99999/', 'http://a b/', 'http://host:x/']) {
    assert.equal(parseHttpUrl(text), 'malformed', text)
  }
  assert.equal(parseHttpUrl('ftp://host/'), 'scheme')
})

test('redirections lead to absolute, rooted and relative places', () => {
  const from = parseHttpUrl('http://host:8080/a/b?c')
  if (typeof from === 'string') assert.fail(from)
  for (const [location, expected] of [
    ['https://other/x', 'https://other/x'], ['/x', 'http://host:8080/x'], ['x', 'http://host:8080/a/x'], ['?y', 'http://host:8080/a/b?y'],
    ['//other/x y', 'http://other/x%20y'], ['../x', 'http://host:8080/x'],
  ] as const) {
    const url = redirected(from, location)
    if (typeof url === 'string') assert.fail(`${location}: ${url}`)
    assert.equal(urlText(url), expected)
  }
})

test('redirections have an end, and a password does not follow to another host', async () => {
  const moved = worldOf([answer(302, [['Location', 'http://other/']])])
  const result = await performCurl(moved.world, question('http://me:secret@host/'))
  assert.ok(result instanceof CurlFailure && result.number === 47)
  assert.equal(headerNamed(moved.calls[0], 'Authorization'), 'Basic bWU6c2VjcmV0')
  assert.equal(headerNamed(moved.calls[1], 'Authorization'), undefined)
  assert.equal(moved.calls.length, 51)
})

test('a challenge is answered by Digest where it is offered, once', async () => {
  const { world, calls } = worldOf([
    answer(401, [['WWW-Authenticate', 'Basic realm="x"'],
      ['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5']]),
  ])
  const result = await performCurl(world, question('http://host/p', { user: 'me', password: 'secret' }))
  assert.ok(!(result instanceof CurlFailure) && result.status === 401)
  assert.equal(calls.length, 2)
  assert.match(headerNamed(calls[1], 'Authorization') ?? '',
    /^Digest username="me", realm="r", nonce="n", uri="\/p", cnonce="[^"]+", nc=00000001, qop=auth, response="[0-9a-f]{32}", algorithm=MD5/)
})

/** A server of this machine for one call. */
async function served<T>(listener: RequestListener, use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    return await use(typeof address === 'object' ? address?.port ?? 0 : 0)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const call = (port: number, given: Partial<HttpCall> = {}): HttpCall => ({
  method: 'GET', isTls: false, host: '127.0.0.1',
  port, path: '/', headers: [['Host', 'x'], ['X-B', '1'], ['x-a', '2']], body: '',
  timeoutMs: 5000, answerBytesMax: 1000, tls: question('').tls, proxy: undefined, localAddress: '', pool: undefined, ...given,
})

test('headers are sent in their order and nothing else is; long answers are not read', async () => {
  const http = new SystemHttp()
  const seen = await served((request, response) => response.end(request.rawHeaders.join(' ')), (port) => http.ask(call(port)))
  assert.ok(!(seen instanceof HttpFailure))
  assert.equal(seen.body, 'Host x X-B 1 x-a 2')
  const long = await served((_request, response) => response.end('x'.repeat(1001)), (port) => http.ask(call(port)))
  assert.ok(long instanceof HttpFailure && long.kind === 'too-long')
  const none = await http.ask(call(1))
  assert.ok(none instanceof HttpFailure && none.kind === 'connect')
})

test('many questions wait at one time, and none for another', async () => {
  const http = new SystemHttp()
  const open: (() => void)[] = []
  await served((_request, response) => {
    open.push(() => response.end('late'))
    if (open.length === 20) for (const answerNow of open.reverse()) answerNow()
  }, async (port) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => http.ask(call(port))))
    assert.ok(answers.every((one) => !(one instanceof HttpFailure) && one.body === 'late'))
  })
})
