/** What the functions do: ask, put the answer into a variable, tell what came of it. */
import type { VariableHandle } from '../../define/define.ts'
import type { Counter } from '../../base/statistics.ts'
import type { RouteContext, Worker } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { HttpTls } from '../../runtime/http-port.ts'
import type { HttpConnection } from './connections.ts'
import { CurlError } from './curl-error.ts'
import { parseHttpUrl } from './http-url.ts'
import type { HttpClientParams } from './params.ts'
import { CurlFailure, performCurl, type CurlAnswer, type CurlQuestion } from './perform.ts'

export interface HttpClient {
  readonly host: Host
  readonly params: HttpClientParams
  /** Newest first, as Kamailio lists them. */
  readonly connections: readonly HttpConnection[]
  readonly counters: { readonly ok: Counter; readonly failed: Counter }
  /** The last URL of each connection that a worker asked. */
  readonly lastUrls: WeakMap<Worker, Map<string, string>>
}

const FAILED = -1
/** Behind one failover there is none. */
const FAILOVERS_MAX = 1

const VERSIONS = [undefined, 'TLSv1', undefined, undefined, 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

function tlsOf(params: HttpClientParams, own: Pick<HttpConnection,
  'verifyPeer' | 'verifyHost' | 'certificate' | 'key' | 'ciphers' | 'tlsVersion'>): HttpTls {
  return {
    verifiesPeer: own.verifyPeer !== 0, verifiesHost: own.verifyHost !== 0, authorities: params.cacert, certificate: own.certificate,
    key: own.key, ciphers: own.ciphers, version: VERSIONS[own.tlsVersion],
  }
}

function proxyOf(url: string, port: number): CurlQuestion['proxy'] {
  const parsed = url === '' ? 'malformed' : parseHttpUrl(url)
  if (typeof parsed === 'string') return undefined
  const isPortWritten = parsed.hostPort !== parsed.host
  return { host: parsed.host.replace(/^\[(.*)\]$/, '$1'), port: isPortWritten ? parsed.port : port > 0 ? port : 1080 }
}

/** http_client_query() and http_client_get(): undefined for the usual method. */
export async function query(
  state: HttpClient, context: RouteContext, url: string, method: string | undefined, body: string, headers: string, result: VariableHandle,
): Promise<number> {
  const { params, host } = state
  if (url === '') {
    host.log.error('http_client', 'URL has no value')
    return FAILED
  }
  const answer = await performCurl(worldOf(host), {
    url, method, body, headers: headers === '' ? [] : [headers], userAgent: params.useragent || host.identity.product,
    user: undefined, password: '', authMethod: params.authmethod, followsRedirects: params.httpredirect !== 0,
    timeoutMs: timeoutSeconds(params.connection_timeout) * 1000,
    tls: tlsOf(params, {
      verifyPeer: params.verify_peer, verifyHost: params.verify_host, certificate: params.client_cert, key: params.client_key,
      ciphers: params.cipher_suites, tlsVersion: params.tlsversion,
    }),
    proxy: proxyOf(params.httpproxy, params.httpproxyport), localAddress: params.netinterface, pool: undefined,
  })
  const isFailure = answer instanceof CurlFailure
  if (isFailure) tellFailure(state, answer, url)
  else count(state, answer)
  result.set(context, isFailure ? '' : kept(answer, params.query_result !== 0, params.query_maxdatasize))
  return (isFailure ? answer.number : answer.status) || FAILED
}

const worldOf = ({ http, random, clock }: Host) => ({ http, random, now: () => clock.monotonic() })
const timeoutSeconds = (seconds: number): number => (seconds === 0 ? 4 : seconds)

/** The part of an answer that the script gets: of 2xx to 4xx alone. */
function kept({ status, body }: CurlAnswer, isFirstLine: boolean, bytesMax: number): string {
  if (status < 200 || status >= 500) return ''
  const end = isFirstLine ? body.indexOf('\n') : -1
  if (end >= 0) return body.slice(0, end)
  return bytesMax > 0 ? body.slice(0, bytesMax) : body
}

function count({ counters }: HttpClient, { status }: CurlAnswer): void {
  if (status === 200) counters.ok.increment()
  else counters.failed.increment()
}

const WORDS: Readonly<Record<number, string>> = {
  [CurlError.notConnected]: 'failed to connect() to host',
  [CurlError.hostNotResolved]: "Couldn't resolve host",
  [CurlError.proxyNotResolved]: "Couldn't resolve http proxy host",
  [CurlError.unsupportedProtocol]: 'URL Schema not supported by curl',
  [CurlError.malformedUrl]: 'Malformed URL used in http client',
  [CurlError.timedOut]: 'Curl library timed out on request',
  [CurlError.tlsConnect]: 'TLS error in curl connection',
  [CurlError.ownCertificate]: 'TLS local certificate error',
  [CurlError.authorities]: 'TLS CA certificate read error',
  [CurlError.peerCertificate]: 'TLS server certificate validation error (No valid CA cert)',
  [CurlError.tooManyRedirects]: 'Too many redirects',
}

function tellFailure({ host, counters }: HttpClient, { number }: CurlFailure, url: string): void {
  counters.failed.increment()
  const words = WORDS[number]
  if (words === undefined) host.log.error('http_client', `failed to perform curl (${number}) (url: ${url})`)
  else host.log.warning('http_client', `${words} (url: ${url})`)
}

interface Post {
  readonly type: string
  readonly body: string
}

/** http_connect(): a named connection, and the one that takes over from it. */
export async function connect(
  state: HttpClient, context: RouteContext, name: string, path: string, post: Post | undefined, result: VariableHandle,
): Promise<number> {
  const outcome = await askConnection(state, context, name, path, post, 0)
  result.set(context, outcome.text)
  return outcome.code || FAILED
}

interface Outcome {
  readonly code: number
  readonly text: string
}

async function askConnection(
  state: HttpClient, context: RouteContext, name: string, path: string, post: Post | undefined, failovers: number,
): Promise<Outcome> {
  const { host, params } = state
  const connection = connectionOf(state, name)
  if (connection === undefined) return { code: FAILED, text: '' }
  const url = `${connection.scheme}://${connection.url}${path === '' || path.startsWith('/') ? '' : '/'}${path}`
  noteUrl(state, context, name, '')
  const answer = await performCurl(worldOf(host), {
    url, method: undefined, body: post?.body ?? '',
    headers: post === undefined || post.body === '' ? [] : [`Content-Type: ${post.type}`],
    userAgent: connection.userAgent || host.identity.product, user: connection.user, password: connection.password ?? '',
    authMethod: connection.authMethod, followsRedirects: connection.followsRedirects,
    timeoutMs: timeoutSeconds(connection.timeoutSeconds) * 1000, tls: tlsOf(params, connection),
    proxy: proxyOf(connection.proxy, connection.proxyPort), localAddress: params.netinterface,
    pool: connection.keepsConnections ? connection.name : undefined,
  })
  const isFailure = answer instanceof CurlFailure
  const code = isFailure ? answer.number : answer.status
  if (isFailure) tellFailure(state, answer, url)
  else {
    count(state, answer)
    noteUrl(state, context, name, answer.url)
  }
  if (connection.failover !== '' && (isFailure || answer.status >= 500)) {
    host.log.error('http_client', `${isFailure ? 'FATAL FAILURE' : 'FAILURE'}: Trying failover to curl con (${connection.failover})`)
    if (failovers < FAILOVERS_MAX) return askConnection(state, context, connection.failover, path, post, failovers + 1)
  }
  return { code, text: isFailure ? '' : kept(answer, false, connection.maxDataSize) }
}

function connectionOf({ connections, host }: HttpClient, name: string): HttpConnection | undefined {
  const found = connections.find((connection) => connection.name === name)
  if (found === undefined) host.log.error('http_client', `No cURL connection found: ${name}`)
  return found
}

function noteUrl({ lastUrls }: HttpClient, { worker }: RouteContext, name: string, url: string): void {
  const known = lastUrls.get(worker) ?? new Map<string, string>()
  known.set(name, url)
  lastUrls.set(worker, known)
}

/** http_get_redirect(): the last URL that a connection asked. */
export function redirect(state: HttpClient, context: RouteContext, name: string, result: VariableHandle): number {
  const connection = connectionOf(state, name)
  const url = connection === undefined ? '' : state.lastUrls.get(context.worker)?.get(name) ?? ''
  result.set(context, url)
  return connection === undefined ? FAILED : 1
}
