/** What a script says about its next question: `$http_req(...)`, which is forgotten once it is asked. */
import type { PvValue } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import type { HttpAsyncParams } from './params.ts'

export type AsyncMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface AsyncQuestion {
  headers: string[]
  method: AsyncMethod | undefined
  body: string
  timeoutMs: number
  suspends: boolean
  user: string | undefined
  password: string
  authMethod: number
  followsRedirects: boolean
  certificate: string
  key: string
  authorities: string
  keepsAlive: boolean
  idleSeconds: number
}

const METHODS: readonly AsyncMethod[] = ['GET', 'POST', 'PUT', 'DELETE']
const HEADERS_MAX = 100

export function usualQuestion(params: HttpAsyncParams): AsyncQuestion {
  return {
    headers: [], method: undefined, body: '', timeoutMs: params.connection_timeout, suspends: true, user: undefined, password: '',
    authMethod: params.authmethod, followsRedirects: params.curl_follow_redirect !== 0, certificate: params.tls_client_cert,
    key: params.tls_client_key, authorities: params.tls_ca_path, keepsAlive: params.tcp_keepalive !== 0, idleSeconds: params.tcp_ka_idle,
  }
}

/** Sets one part; null puts back what is usual, for most of them. False, with a line in the log, for a value of the wrong type. */
type Setter = (question: AsyncQuestion, usual: AsyncQuestion, value: string | number | null) => boolean

const ofText = (set: (question: AsyncQuestion, value: string) => void): Setter => (question, _usual, value) => {
  if (typeof value === 'number') return false
  if (value !== null) set(question, value)
  return true
}

const ofNumber = (
  set: (question: AsyncQuestion, value: number) => void, reset: (question: AsyncQuestion, usual: AsyncQuestion) => void,
): Setter =>
  (question, usual, value) => {
    if (typeof value === 'string') return false
    if (value === null) reset(question, usual)
    else set(question, value)
    return true
  }

const SETTERS: Readonly<Record<string, Setter>> = {
  all: (question, usual, value) => {
    if (value === null) Object.assign(question, usual)
    return true
  },
  hdr: ofText((question, value) => {
    if (question.headers.length < HEADERS_MAX) question.headers = [...question.headers, value]
  }),
  body: ofText((question, value) => { question.body = value }),
  method: (question, usual, value) => {
    if (typeof value === 'number') return false
    if (value === null) question.method = usual.method
    else question.method = METHODS.find((method) => method.startsWith(value.toUpperCase())) ?? question.method
    return true
  },
  timeout: ofNumber((question, value) => { question.timeoutMs = value }, (question, usual) => { question.timeoutMs = usual.timeoutMs }),
  suspend: ofNumber((question, value) => { question.suspends = value !== 0 }, (question) => { question.suspends = true }),
  username: ofText((question, value) => { question.user = value }),
  password: ofText((question, value) => { question.password = value }),
  authmethod: ofNumber((question, value) => { question.authMethod = value },
    (question, usual) => { question.authMethod = usual.authMethod }),
  follow_redirect: ofNumber((question, value) => { question.followsRedirects = value !== 0 },
    (question, usual) => { question.followsRedirects = usual.followsRedirects }),
  tls_ca_path: ofText((question, value) => { question.authorities = value }),
  tls_client_key: ofText((question, value) => { question.key = value }),
  tls_client_cert: ofText((question, value) => { question.certificate = value }),
  keepalive: ofNumber((question, value) => { question.keepsAlive = value !== 0 },
    (question, usual) => { question.keepsAlive = usual.keepsAlive }),
  'ka-idle': ofNumber((question, value) => { question.idleSeconds = value },
    (question, usual) => { question.idleSeconds = usual.idleSeconds }),
  // The time between probes is the system's: Node sets the first alone.
  'ka-interval': ofNumber(() => undefined, () => undefined),
}

export const isQuestionPart = (name: string): boolean => Object.hasOwn(SETTERS, name)

export function setPart(host: Host, question: AsyncQuestion, usual: AsyncQuestion, name: string, value: PvValue): boolean {
  const isTaken = SETTERS[name]?.(question, usual, value) ?? false
  if (!isTaken) host.log.error('http_async_client', `invalid value type for $http_req(${name})`)
  else if (name === 'method' && typeof value === 'string' && !METHODS.some((method) => method.startsWith(value.toUpperCase()))) {
    host.log.error('http_async_client', `Unsupported method: ${value}`)
  }
  return isTaken
}
