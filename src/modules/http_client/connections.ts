/** Named connections: `httpcon` parameters and the file of `config_file`. */
import type { Log } from '../../base/log.ts'
import type { HttpClientParams } from './params.ts'

export interface HttpConnection {
  readonly name: string
  readonly scheme: string
  /** Without the scheme. */
  readonly url: string
  readonly user: string | undefined
  readonly password: string | undefined
  readonly failover: string
  readonly userAgent: string
  readonly timeoutSeconds: number
  readonly maxDataSize: number
  readonly followsRedirects: boolean
  readonly verifyPeer: number
  readonly verifyHost: number
  readonly tlsVersion: number
  readonly certificate: string
  readonly key: string
  readonly ciphers: string
  readonly authMethod: number
  readonly keepsConnections: boolean
  readonly proxy: string
  readonly proxyPort: number
}

type Writable = { -readonly [K in keyof HttpConnection]: HttpConnection[K] }

function usual(params: HttpClientParams, name: string): Writable {
  return {
    name, scheme: '', url: '', user: undefined, password: undefined, failover: '', userAgent: params.useragent,
    timeoutSeconds: params.connection_timeout, maxDataSize: params.maxdatasize, followsRedirects: params.httpredirect !== 0,
    verifyPeer: params.verify_peer, verifyHost: params.verify_host, tlsVersion: params.tlsversion, certificate: params.client_cert,
    key: params.client_key, ciphers: params.cipher_suites, authMethod: params.authmethod, keepsConnections: params.keep_connections !== 0,
    proxy: params.httpproxyport > 0 ? params.httpproxy : '', proxyPort: params.httpproxyport,
  }
}

export const TLS_VERSION_MAX = 7
const HTTPCON = /^\s*([^=\s]+)\s*=>\s*([^:]*):\/\/([\s\S]*)$/

/** `name=>http://user:password@host/path;parameter=value;...`; a text is the error. */
export function parseHttpcon(text: string, params: HttpClientParams, log: Log): HttpConnection | string {
  const found = HTTPCON.exec(text)
  if (found === null) return `invalid curl parameter [${text}]`
  const [, name = '', scheme = '', rest = ''] = found
  const connection = usual(params, name)
  const at = rest.indexOf('@')
  const behind = at < 0 ? rest : rest.slice(at + 1)
  if (at >= 0) {
    const colon = rest.slice(0, at).indexOf(':')
    connection.user = rest.slice(0, colon < 0 ? at : colon)
    connection.password = colon < 0 ? undefined : rest.slice(colon + 1, at)
  }
  const semicolon = behind.indexOf(';')
  connection.scheme = scheme
  connection.url = semicolon < 0 ? behind : behind.slice(0, semicolon)
  if (semicolon >= 0) {
    for (const field of behind.slice(semicolon + 1).split(';')) if (field.trim() !== '') takeField(connection, field, log)
  }
  return connection
}

function takeField(connection: Writable, field: string, log: Log): void {
  const equals = field.indexOf('=')
  const name = (equals < 0 ? field : field.slice(0, equals)).trim()
  const value = equals < 0 ? '' : field.slice(equals + 1).trim().replace(/^"(.*)"$/, '$1')
  const number = (take: (value: number) => void, most = 0xffffffff): void => {
    if (/^\d{1,10}$/.test(value) && Number(value) <= most) take(Number(value))
    else log.warning('http_client', `curl connection [${connection.name}]: ${name} bad value. Using default`)
  }
  switch (name) {
    case 'httpredirect': return number((given) => { connection.followsRedirects = given === 1 }, 1)
    case 'timeout': return number((given) => { connection.timeoutSeconds = given })
    case 'maxdatasize': return number((given) => { connection.maxDataSize = given })
    case 'verify_peer': return number((given) => { connection.verifyPeer = given }, 1)
    case 'verify_host': return number((given) => { connection.verifyHost = given })
    case 'tlsversion': return number((given) => { connection.tlsVersion = given }, TLS_VERSION_MAX)
    case 'useragent':
      connection.userAgent = value
      return
    case 'failover':
      connection.failover = value
      return
    case 'client_cert':
      connection.certificate = value
      return
    case 'client_key':
      connection.key = value
      return
    case 'cipher_suites':
      connection.ciphers = value
      return
    default:
      log.error('http_client', `curl Unknown parameter [${name}] `)
  }
}

const TLS_VERSIONS: Readonly<Record<string, number>> = {
  DEFAULT: 0, TLSv1: 1, SSLv2: 2, SSLv3: 3, 'TLSv1.0': 4, 'TLSv1.1': 5, 'TLSv1.2': 6,
}
const TRUE = /^(?:yes|true|on|1|enable)$/i
const FALSE = /^(?:no|false|off|0|disable)$/i

/** The connections of a file: `[name]`, then lines `option = value`. A text is the error. */
export function parseConnectionFile(text: string, params: HttpClientParams): readonly HttpConnection[] | string {
  const found: Writable[] = []
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.replace(/#.*$/, '').trim()
    if (line === '') continue
    const section = /^\[\s*([\w.-]+)\s*\]$/.exec(line)?.[1]
    const option = /^([\w.]+)\s*=\s*(?:"([^"]*)"|(.*))$/.exec(line)
    const current = found.at(-1)
    if (section !== undefined) found.push(usual(params, section))
    else if (option === null || current === undefined) return `line ${index + 1}: [name] or option = value is needed`
    else {
      const problem = takeOption(current, option[1] ?? '', option[2] ?? option[3] ?? '')
      if (problem !== undefined) return `line ${index + 1}: ${problem}`
    }
  }
  for (const connection of found) if (connection.proxyPort === 0) connection.proxy = ''
  return found
}

function takeOption(connection: Writable, name: string, value: string): string | undefined {
  const number = (take: (value: number) => void): string | undefined => {
    if (!/^-?\d+$/.test(value)) return `${name} is no number`
    take(Number(value))
  }
  const truth = (take: (value: boolean) => void): string | undefined => {
    if (!TRUE.test(value) && !FALSE.test(value)) return `${name} is neither yes nor no`
    take(TRUE.test(value))
  }
  const text = (take: () => void): undefined => void take()
  switch (name.toLowerCase()) {
    case 'url': {
      const parts = /^([^:]*):\/\/(.+)$/.exec(value)
      if (parts === null) return `Invalid schema://url definition [${value}]`
      connection.scheme = parts[1] ?? ''
      connection.url = parts[2] ?? ''
      return undefined
    }
    case 'username': return text(() => { connection.user = value })
    case 'password': return text(() => { connection.password = value })
    case 'failover': return text(() => { connection.failover = value })
    case 'useragent': return text(() => { connection.userAgent = value })
    case 'verify_peer': return truth((given) => { connection.verifyPeer = given ? 1 : 0 })
    case 'verify_host': return truth((given) => { connection.verifyHost = given ? 1 : 0 })
    case 'client_cert': return text(() => { connection.certificate = value })
    case 'client_key': return text(() => { connection.key = value })
    case 'cipher_suites': return text(() => { connection.ciphers = value })
    case 'tlsversion': {
      const version = TLS_VERSIONS[value]
      if (version === undefined) return `tlsversion: ${value} is unknown`
      connection.tlsVersion = version
      return undefined
    }
    case 'timeout': return number((given) => { connection.timeoutSeconds = given })
    case 'maxdatasize': return number((given) => { connection.maxDataSize = given })
    case 'httpredirect': return truth((given) => { connection.followsRedirects = given })
    case 'httpproxy': return text(() => { connection.proxy = value })
    case 'httpproxyport': return number((given) => { connection.proxyPort = given })
    case 'authmethod': return number((given) => { connection.authMethod = given })
    case 'keepconnections': return number((given) => { connection.keepsConnections = given !== 0 })
    default: return `${name} is no option`
  }
}
