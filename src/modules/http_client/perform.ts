/** One question as libcurl asks it: its headers in their order, redirections, passwords. */
import type { Random } from '../../base/random.ts'
import { HttpFailure, type HttpAnswer, type HttpPort, type HttpTls } from '../../runtime/http-port.ts'
import { digestAlgorithm, digestResponse, storedSecret } from '../../sip/digest.ts'
import { CurlError, curlNumber } from './curl-error.ts'
import { parseHttpUrl, redirected, urlText, type HttpUrl } from './http-url.ts'

/** Bits of `authmethod`. */
export const AuthMethod = { basic: 1, digest: 2 } as const

const REDIRECTS_MAX = 50
/** What an answer may have where the configuration sets no limit, and what is read of longer ones that are cut. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024
/** Of a question that may take as long as it likes. */
const TIMEOUT_MS_MAX = 600_000

export interface CurlQuestion {
  readonly url: string
  /** Undefined for GET, or POST where there is a body. */
  readonly method: string | undefined
  readonly body: string
  /** Header lines of the script, in order. */
  readonly headers: readonly string[]
  readonly userAgent: string
  readonly user: string | undefined
  readonly password: string
  readonly authMethod: number
  readonly followsRedirects: boolean
  readonly timeoutMs: number
  readonly tls: HttpTls
  readonly proxy: { readonly host: string; readonly port: number } | undefined
  readonly localAddress: string
  readonly pool: string | undefined
  readonly tcpKeepAliveMs?: number
}

export interface CurlAnswer extends HttpAnswer {
  /** The last URL that was asked. */
  readonly url: string
}

/** What went wrong, by libcurl's number. */
export class CurlFailure {
  readonly number: number
  readonly reason: string

  constructor(number: number, reason: string) {
    this.number = number
    this.reason = reason
  }
}

export interface CurlWorld {
  readonly http: HttpPort
  readonly random: Random
  readonly now: () => number
}

/** Where one question is, as it goes on. */
interface Course {
  readonly url: HttpUrl
  readonly method: string
  readonly body: string
  /** The host that the password is for. */
  readonly ownHost: string
  readonly authorization: string | undefined
}

export async function performCurl(world: CurlWorld, question: CurlQuestion): Promise<CurlAnswer | CurlFailure> {
  const url = parseHttpUrl(question.url)
  if (url === 'scheme') return new CurlFailure(CurlError.unsupportedProtocol, 'neither http nor https')
  if (url === 'malformed') return new CurlFailure(CurlError.malformedUrl, 'no URL')
  const endsAt = world.now() + Math.min(question.timeoutMs > 0 ? question.timeoutMs : TIMEOUT_MS_MAX, TIMEOUT_MS_MAX)
  let course: Course = {
    url, method: question.method ?? (question.body === '' ? 'GET' : 'POST'), body: question.body, ownHost: url.hostPort,
    authorization: firstAuthorization(question, url),
  }
  let hasAnswered = false
  for (let count = 0; count <= REDIRECTS_MAX;) {
    const answer = await ask(world, question, course, endsAt)
    if (answer instanceof HttpFailure) return new CurlFailure(curlNumber(answer), answer.reason)
    const authorization = hasAnswered ? undefined : answerChallenge(world, question, course, answer)
    if (authorization !== undefined) {
      hasAnswered = true
      course = { ...course, authorization }
      continue
    }
    const location = question.followsRedirects && answer.status >= 300 && answer.status < 400 ? headerOf(answer, 'location') : undefined
    if (location === undefined) return { ...answer, url: urlText(course.url) }
    const next = follow(course, question, answer.status, location)
    if (next instanceof CurlFailure) return next
    course = next
    count++
  }
  return new CurlFailure(CurlError.tooManyRedirects, 'too many redirections')
}

export function headerOf({ headers }: HttpAnswer, name: string): string | undefined {
  return headers.find(([known]) => known.toLowerCase() === name)?.[1]
}

function follow(course: Course, { method }: CurlQuestion, status: number, location: string): Course | CurlFailure {
  const url = redirected(course.url, location)
  if (url === 'scheme') return new CurlFailure(CurlError.unsupportedProtocol, 'redirected to neither http nor https')
  if (url === 'malformed') return new CurlFailure(CurlError.malformedUrl, 'redirected to no URL')
  const isOwn = url.hostPort === course.ownHost && course.authorization?.startsWith('Basic') === true
  const authorization = isOwn ? course.authorization : undefined
  const becomesGet = status === 303 || ((status === 301 || status === 302) && course.method === 'POST')
  if (!becomesGet) return { ...course, url, authorization }
  return { ...course, url, authorization, method: method ?? 'GET', body: '' }
}

function ask(world: CurlWorld, question: CurlQuestion, course: Course, endsAt: number): Promise<HttpAnswer | HttpFailure> {
  const { url, method, body } = course
  const isProxied = question.proxy !== undefined && url.scheme === 'http'
  return world.http.ask({
    method, isTls: url.scheme === 'https', host: url.host.replace(/^\[(.*)\]$/, '$1'), port: url.port,
    path: isProxied ? urlText(url) : url.path, headers: headersOf(question, course, isProxied), body,
    timeoutMs: Math.max(1, endsAt - world.now()), answerBytesMax: ANSWER_BYTES_MAX, tls: question.tls, proxy: question.proxy,
    localAddress: question.localAddress, pool: question.pool, tcpKeepAliveMs: question.tcpKeepAliveMs,
  })
}

type HeaderLine = readonly [name: string, value: string]

/** The script's headers take the place of those that are sent anyway; one without a value takes it away. */
function headersOf(question: CurlQuestion, { url, body, authorization }: Course, isProxied: boolean): readonly HeaderLine[] {
  const own = ownHeaders(question.headers)
  const named = new Set(own.names)
  const found: HeaderLine[] = []
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '' && !named.has(name.toLowerCase())) found.push([name, value])
  }
  const host = own.lines.find(([name]) => name.toLowerCase() === 'host')
  found.push(host ?? ['Host', url.hostPort])
  add('Authorization', authorization)
  add('User-Agent', question.userAgent)
  add('Accept', '*/*')
  if (isProxied) add('Proxy-Connection', 'Keep-Alive')
  for (const line of own.lines) if (line !== host) found.push(line)
  if (body !== '') {
    add('Content-Length', String(body.length))
    add('Content-Type', 'application/x-www-form-urlencoded')
  }
  return found
}

function ownHeaders(texts: readonly string[]): { readonly lines: readonly HeaderLine[]; readonly names: readonly string[] } {
  const lines: HeaderLine[] = []
  const names: string[] = []
  for (const text of texts) {
    // A text may hold several lines. Only the first one takes the place of what is sent anyway.
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      const colon = line.indexOf(':')
      const isEmpty = colon < 0 && line.endsWith(';')
      if (colon <= 0 && !isEmpty) continue
      const name = isEmpty ? line.slice(0, -1) : line.slice(0, colon)
      const value = isEmpty ? '' : line.slice(colon + 1).trim()
      if (index === 0) names.push(name.toLowerCase())
      if (value !== '' || isEmpty) lines.push([name, value])
    }
  }
  return { lines, names }
}

const encoded = (text: string): string => Buffer.from(text, 'latin1').toString('base64')

/** A password in the URL is sent at once, as one that may go by Basic alone. */
function firstAuthorization({ user, password, authMethod }: CurlQuestion, url: HttpUrl): string | undefined {
  if (user === undefined) return url.credentials === '' ? undefined : `Basic ${encoded(unescaped(url.credentials))}`
  return authMethod === AuthMethod.basic ? `Basic ${encoded(`${user}:${password}`)}` : undefined
}

const unescaped = (text: string): string =>
  (text.includes(':') ? text : `${text}:`)
    .replace(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** The answer to a 401: by Digest where that is allowed and offered, else by Basic. Undefined when there is none. */
function answerChallenge(world: CurlWorld, question: CurlQuestion, course: Course, answer: HttpAnswer): string | undefined {
  const { user, password, authMethod } = question
  if (answer.status !== 401 || user === undefined || course.authorization !== undefined) return undefined
  const challenges = answer.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate').map(([, value]) => value)
  const digest = challenges.find((value) => /^digest\b/i.test(value))
  if ((authMethod & AuthMethod.digest) !== 0 && digest !== undefined) return digestAuthorization(world, user, password, course, digest)
  const isBasic = challenges.some((value) => /\bbasic\b/i.test(value))
  return (authMethod & AuthMethod.basic) !== 0 && isBasic ? `Basic ${encoded(`${user}:${password}`)}` : undefined
}

function digestAuthorization(world: CurlWorld, user: string, password: string, course: Course, challenge: string): string | undefined {
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, bare] of challenge.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    fields.set(name.toLowerCase(), quoted ?? bare ?? '')
  }
  const algorithmName = fields.get('algorithm') ?? ''
  const algorithm = digestAlgorithm(algorithmName)
  if (algorithm === undefined) return undefined
  const [realm, nonce] = [fields.get('realm') ?? '', fields.get('nonce') ?? '']
  const qop = (fields.get('qop') ?? '').split(',').some((value) => value.trim() === 'auth') ? 'auth' : ''
  const cnonce = Buffer.from(world.random.hex(32), 'latin1').toString('base64')
  const nc = '00000001'
  const response = digestResponse({
    algorithm, secret: storedSecret(algorithm, user, realm, password), nonce, nc, cnonce, qop, method: course.method, uri: course.url.path,
  })
  const opaque = fields.get('opaque')
  return `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${course.url.path}", ` +
    (qop === '' ? '' : `cnonce="${cnonce}", nc=${nc}, qop=${qop}, `) + `response="${response}"` +
    (opaque === undefined ? '' : `, opaque="${opaque}"`) + (algorithmName === '' ? '' : `, algorithm=${algorithmName}`)
}
