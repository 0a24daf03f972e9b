import { readdir, readFile, stat } from 'node:fs/promises'
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { HttpFailure, type HttpAnswer, type HttpCall, type HttpPort, type HttpTimes, type HttpTls } from '../runtime/http-port.ts'

/** Questions that may be open at one time: more are refused at once. */
const OPEN_MAX = 1000
const KEPT_PER_POOL = 16
const POOLS_MAX = 100
/** Of a folder of authorities. */
const FILES_MAX = 500

const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH',
  'CERT_REVOKED', 'CERT_REJECTED', 'CERT_UNTRUSTED', 'INVALID_CA',
])

/** What Node's errors mean. */
function failureOf(error: NodeJS.ErrnoException): HttpFailure {
  const { code = '', syscall = '', message } = error
  const fail = (kind: HttpFailure['kind']): HttpFailure => new HttpFailure(kind, message)
  if (syscall === 'getaddrinfo') return fail('resolve')
  if (syscall === 'connect' || syscall === 'bind') return fail('connect')
  if (CERTIFICATE_CODES.has(code)) return fail('certificate')
  if (code.startsWith('HPE_')) return fail(code === 'HPE_INVALID_CONSTANT' ? 'no-http' : 'broken')
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') return fail('tls')
  if (code.startsWith('ERR_INVALID') || code === 'ERR_UNESCAPED_CHARACTERS') return fail('malformed')
  return fail(message === 'socket hang up' ? 'empty' : 'broken')
}

interface Material {
  readonly ca: Buffer | Buffer[] | undefined
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
}

/** A file, or the files of a folder. */
async function readAuthorities(path: string): Promise<Buffer | Buffer[]> {
  if (!(await stat(path)).isDirectory()) return readFile(path)
  const names = (await readdir(path)).slice(0, FILES_MAX)
  return Promise.all(names.map((name) => readFile(join(path, name))))
}

/** Files are read for each new connection, so that a renewed certificate is taken. */
async function materialOf({ authorities, certificate, key }: HttpTls): Promise<Material | HttpFailure> {
  const read = async (path: string): Promise<Buffer | undefined> => (path === '' ? undefined : readFile(path))
  try {
    const ca = authorities === '' ? undefined : await readAuthorities(authorities)
    try {
      const isOwn = certificate !== '' && key !== ''
      return { ca, cert: isOwn ? await read(certificate) : undefined, key: isOwn ? await read(key) : undefined }
    } catch (error) {
      return new HttpFailure('own-certificate', String(error))
    }
  } catch (error) {
    return new HttpFailure('authorities', String(error))
  }
}

/** An address of an interface that is named in place of one. */
function addressOfInterface(name: string): string | undefined {
  if (name === '' || isIP(name) !== 0) return name || undefined
  const host = name.replace(/^(?:if|host)!/, '')
  if (isIP(host) !== 0) return host
  return networkInterfaces()[host]?.[0]?.address
}

export class SystemHttp implements HttpPort {
  readonly #pools = new Map<string, HttpAgent | HttpsAgent>()
  #open = 0

  async ask(call: HttpCall): Promise<HttpAnswer | HttpFailure> {
    if (this.#open >= OPEN_MAX) return new HttpFailure('busy', `${OPEN_MAX} questions are open already`)
    this.#open++
    try {
      const material = call.isTls ? await materialOf(call.tls) : undefined
      return material instanceof HttpFailure ? material : await this.#send(call, material)
    } finally {
      this.#open--
    }
  }

  #agent(call: HttpCall): HttpAgent | HttpsAgent | false {
    if (call.pool === undefined) return false
    const key = `${call.pool} ${call.isTls}`
    const known = this.#pools.get(key)
    if (known !== undefined) return known
    if (this.#pools.size >= POOLS_MAX) return false
    const options = { keepAlive: true, maxFreeSockets: KEPT_PER_POOL }
    const made = call.isTls ? new HttpsAgent(options) : new HttpAgent(options)
    this.#pools.set(key, made)
    return made
  }

  #send(call: HttpCall, material: Material | undefined): Promise<HttpAnswer | HttpFailure> {
    return new Promise((resolve) => {
      let isDone = false
      let request: ClientRequest | undefined
      const end = (result: HttpAnswer | HttpFailure): void => {
        if (isDone) return
        isDone = true
        clearTimeout(timer)
        if (result instanceof HttpFailure) request?.destroy()
        resolve(result)
      }
      const timer = setTimeout(() => end(new HttpFailure('timeout', 'no answer in time')), call.timeoutMs)
      const start = (tunnel: Socket | undefined): void => {
        try {
          request = this.#write(call, material, tunnel, end)
        } catch (error) {
          end(error instanceof Error ? failureOf(error) : new HttpFailure('malformed', String(error)))
        }
      }
      if (call.proxy !== undefined && call.isTls) request = openTunnel(call, material, start, end)
      else start(undefined)
    })
  }

  #write(
    call: HttpCall, material: Material | undefined, tunnel: Socket | undefined, end: (result: HttpAnswer | HttpFailure) => void,
  ): ClientRequest {
    const plainProxy = call.isTls ? undefined : call.proxy
    const options: RequestOptions = {
      method: call.method, path: call.path, setHost: false,
      host: plainProxy?.host ?? call.host, port: plainProxy?.port ?? call.port,
      agent: tunnel === undefined ? this.#agent(call) : false,
      localAddress: addressOfInterface(call.localAddress),
      ...(call.tcpKeepAliveMs === undefined ? {} : { keepAlive: true, keepAliveInitialDelay: call.tcpKeepAliveMs }),
      ...(tunnel === undefined ? {} : { createConnection: () => tunnel }),
    }
    const isPlain = !call.isTls || tunnel !== undefined
    const request = isPlain ? httpRequest(options) : httpsRequest({ ...options, ...requestOptions(connectionOptions(call, material)) })
    request.removeHeader('connection')
    for (const [name, values] of grouped(call.headers)) request.setHeader(name, values)
    const watch = new StopWatch(request)
    request.on('error', (error) => end(failureOf(error)))
    request.on('response', (response) => readAnswer(response, call.answerBytesMax, watch, end))
    request.end(Buffer.from(call.body, 'latin1'))
    return request
  }

  close(): void {
    for (const agent of this.#pools.values()) agent.destroy()
    this.#pools.clear()
  }
}

/** Node writes values of one name together. */
function grouped(headers: HttpCall['headers']): Map<string, string | string[]> {
  const found = new Map<string, { readonly name: string; readonly values: string[] }>()
  for (const [name, value] of headers) {
    const known = found.get(name.toLowerCase())
    if (known === undefined) found.set(name.toLowerCase(), { name, values: [value] })
    else known.values.push(value)
  }
  return new Map([...found.values()].map(({ name, values }) => [name, values.length === 1 ? values[0] ?? '' : values]))
}

function connectionOptions({ tls, host }: HttpCall, material: Material | undefined): ConnectionOptions {
  const { verifiesPeer, verifiesHost, ciphers, version } = tls
  return {
    ...material, rejectUnauthorized: verifiesPeer,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ciphers === '' ? {} : { ciphers }),
    ...(version === undefined ? {} : { minVersion: version }),
    ...(verifiesHost ? {} : { checkServerIdentity: () => undefined }),
  }
}

/** What a request takes of it. */
function requestOptions(given: ConnectionOptions): RequestOptions {
  const { ca, cert, key, rejectUnauthorized, servername, ciphers, minVersion, checkServerIdentity } = given
  const options: RequestOptions = { ca, cert, key, rejectUnauthorized, servername, ciphers, minVersion }
  if (checkServerIdentity !== undefined) options.checkServerIdentity = checkServerIdentity
  return options
}

/** A connection through a proxy (CONNECT), with TLS on it. */
function openTunnel(
  call: HttpCall, material: Material | undefined, start: (tunnel: Socket) => void, end: (result: HttpFailure) => void,
): ClientRequest {
  const target = `${call.host.includes(':') ? `[${call.host}]` : call.host}:${call.port}`
  const request = httpRequest({
    method: 'CONNECT', host: call.proxy?.host, port: call.proxy?.port, path: target, setHost: false, agent: false,
    localAddress: addressOfInterface(call.localAddress), headers: { Host: target },
  })
  request.on('error', (error) => end(failureOf(error)))
  request.on('connect', (response, socket) => {
    if (response.statusCode !== 200) {
      socket.destroy()
      end(new HttpFailure('broken', `the proxy says ${response.statusCode}`))
      return
    }
    const secure = connectTls({ ...connectionOptions(call, material), host: call.host, socket }, () => start(secure))
    secure.on('error', (error) => end(failureOf(error)))
  })
  request.end()
  return request
}

/** When what happened to a question. */
class StopWatch {
  readonly #start = performance.now()
  readonly #at = { lookup: 0, connect: 0, tls: 0, sent: 0, firstByte: 0 }

  constructor(request: ClientRequest) {
    const note = (name: Exclude<keyof HttpTimes, 'total'>) => (): void => {
      this.#at[name] = this.#passed()
    }
    request.once('socket', (socket) => {
      socket.once('lookup', note('lookup'))
      socket.once('connect', note('connect'))
      socket.once('secureConnect', note('tls'))
    })
    request.once('finish', note('sent'))
    request.once('response', note('firstByte'))
  }

  #passed(): number {
    return Math.round((performance.now() - this.#start) * 1000)
  }

  times(): HttpTimes {
    return { ...this.#at, total: this.#passed() }
  }
}

function readAnswer(
  response: IncomingMessage, bytesMax: number, watch: StopWatch, end: (result: HttpAnswer | HttpFailure) => void,
): void {
  const parts: Buffer[] = []
  let length = 0
  response.on('data', (data: Buffer) => {
    length += data.length
    if (length > bytesMax) end(new HttpFailure('too-long', `the answer has more than ${bytesMax} bytes`))
    else parts.push(data)
  })
  response.on('error', (error: NodeJS.ErrnoException) => {
    const isCut = error.code === 'ECONNRESET' || error.message === 'aborted'
    end(isCut ? new HttpFailure('partial', 'the answer ends before its end') : failureOf(error))
  })
  response.on('end', () => {
    const headers: (readonly [string, string])[] = []
    for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
      headers.push([response.rawHeaders[index] ?? '', response.rawHeaders[index + 1] ?? ''])
    }
    end({
      version: response.httpVersion, status: response.statusCode ?? 0, reason: response.statusMessage ?? '', headers,
      body: Buffer.concat(parts).toString('latin1'), times: watch.times(),
    })
  })
}
