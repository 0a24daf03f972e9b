/** Answers a digest challenge as a client does (RFC 7616), with whatever the traffic file wants to be wrong about it. */
import { createHash } from 'node:crypto'

/** `>>> client auth USER PASSWORD of LINE name=value ...`: the names stand in ../README.md. */
export interface AuthStep {
  user: string
  password: string
  /** The request that was challenged. */
  of: number
  options: Record<string, string>
}

export interface Challenge {
  /** `Authorization` or `Proxy-Authorization`. */
  header: string
  fields: Map<string, string>
}

const challengeLine = /^(?:(WWW-Authenticate|Proxy-Authenticate)|[\w-]+)\s*:(?:.*?:)?\s*Digest\s+(.*)$/i

/** The challenges in a reply, in their order. */
export const challengesIn = (reply: string): Challenge[] => reply.split('\r\n').flatMap((line) => {
  const found = challengeLine.exec(line)
  if (found === null) return []
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, plain = ''] of (found[2] ?? '').matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|([^,\s]*))/g)) {
    fields.set(name.toLowerCase(), quoted ?? plain)
  }
  return [{ header: /^proxy/i.test(found[1] ?? '') ? 'Proxy-Authorization' : 'Authorization', fields }]
})

const hasher = (algorithm: string): ((text: string) => string) => {
  const name = /^sha-?512-256/i.test(algorithm) ? 'sha512-256' : /^sha-?256/i.test(algorithm) ? 'sha256' : 'md5'
  return (text) => createHash(name).update(Buffer.from(text, 'latin1')).digest('hex')
}

const bodyOf = (request: string): string => request.slice(request.indexOf('\r\n\r\n') + 4)

/** The header line that answers a challenge for this request. */
export const answerChallenge = (challenge: Challenge, request: string, step: AuthStep): string => {
  const { options } = step
  const own = (name: string, usual: string): string => options[name] ?? usual
  const [method = '', target = ''] = request.split(' ')
  const realm = own('realm', challenge.fields.get('realm') ?? '')
  const nonce = own('nonce', challenge.fields.get('nonce') ?? '')
  const uri = own('uri', target)
  const username = own('username', step.user)
  const algorithm = own('algorithm', challenge.fields.get('algorithm') ?? '')
  const offered = challenge.fields.get('qop')?.split(',')[0]?.trim() ?? ''
  const qop = own('qop', offered) === 'none' ? '' : own('qop', offered)
  const cnonce = own('cnonce', '0a4f113b')
  const nc = own('nc', '00000001')
  const hash = hasher(algorithm)
  const secret = 'ha1' in options ? step.password : hash(`${step.user}:${realm}:${step.password}`)
  const ha1 = /-sess$/i.test(algorithm) ? hash(`${secret}:${nonce}:${cnonce}`) : secret
  const a2 = `${own('method', method)}:${uri}`
  const ha2 = hash(qop === 'auth-int' ? `${a2}:${hash(bodyOf(request))}` : a2)
  const response = hash(qop === '' ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`)
  const fields: [name: string, value: string][] = [
    ['username', `"${username}"`], ['realm', `"${realm}"`], ['nonce', `"${nonce}"`], ['uri', `"${uri}"`],
    ['response', `"${own('response', response)}"`],
  ]
  if (algorithm !== '') fields.push(['algorithm', algorithm])
  if (qop !== '') fields.push(['qop', qop], ['nc', nc], ['cnonce', `"${cnonce}"`])
  if (options.opaque !== undefined) fields.push(['opaque', `"${options.opaque}"`])
  const without = new Set((options.without ?? '').split(','))
  const shown = fields.filter(([name]) => !without.has(name)).map(([name, value]) => `${name}=${value}`)
  return `${own('header', challenge.header)}: ${own('scheme', 'Digest')} ${shown.join(', ')}`
}
