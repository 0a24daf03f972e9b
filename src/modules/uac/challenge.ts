/** What WWW-Authenticate and Proxy-Authenticate ask for, read as Kamailio reads them. */
import type { SipMessage } from '../../sip/message.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { ParseError } from '../../sip/parse-error.ts'

export interface Challenge {
  readonly realm: string
  readonly nonce: string
  /** Empty for none. */
  readonly opaque: string
  /** As written, a list perhaps; empty for none. */
  readonly qop: string
  /** Whether it starts with `auth`, and so does the answer have qop, nc and cnonce. */
  readonly hasQop: boolean
}

/** Fields that stand in quotes, or nothing of the challenge counts. */
const QUOTED: ReadonlySet<string> = new Set(['realm', 'nonce', 'opaque'])
const FIELD = /([^\s=]*)\s*=\s*/y

/** Reads the value of the header; a text says what is wrong with it, in so far as Kamailio says it. */
export function parseChallenge(text: string): Challenge | string {
  const start = /^\s*digest\s\s*/i.exec(text)
  if (start === null || start[0].length >= text.length) return `parse error in <${text}> around 0`
  const fields = new Map<string, string>()
  let at = start[0].length
  while (at < text.length) {
    FIELD.lastIndex = at
    const name = FIELD.exec(text)?.[1]?.toLowerCase()
    const valueAt = FIELD.lastIndex
    const isQuoted = text.charAt(valueAt) === '"'
    if (name === undefined || valueAt + 1 >= text.length || (QUOTED.has(name) && !isQuoted)) {
      return `parse error in <${text}> around ${name === undefined ? at : valueAt}`
    }
    const end = isQuoted ? text.indexOf('"', valueAt + 1) : endOfToken(text, valueAt)
    if (end < 0) return ''
    const value = text.slice(isQuoted ? valueAt + 1 : valueAt, end)
    const problem = checkField(name, value)
    if (problem !== undefined) return problem
    fields.set(name, value)
    at = behindComma(text, isQuoted ? end + 1 : end)
  }
  const realm = fields.get('realm') ?? ''
  const nonce = fields.get('nonce') ?? ''
  if (realm === '' || nonce === '') return 'realm or nonce missing'
  const qop = fields.get('qop') ?? ''
  return { realm, nonce, opaque: fields.get('opaque') ?? '', qop, hasQop: qop.startsWith('auth') }
}

function checkField(name: string, value: string): string | undefined {
  if (name === 'algorithm' && value.length !== 3) return `unsupported algorithm "${value}"`
  return name === 'stale' && !/^(?:true|false)$/i.test(value) ? `unsupported stale value "${value}"` : undefined
}

function endOfToken(text: string, start: number): number {
  let at = start
  while (at < text.length && !/[\s,]/.test(text.charAt(at))) at++
  return at
}

function behindComma(text: string, start: number): number {
  const rest = /\s*(?:,\s*)?/y
  rest.lastIndex = start
  rest.exec(text)
  return rest.lastIndex
}

/** The challenge of a 401 or 407; a text for the log when there is none. */
export function challengeOf(reply: SipMessage, code: number): Challenge | readonly string[] {
  if (code !== 401 && code !== 407) return ['reply is not an auth request', 'failed to extract authenticate hdr']
  reply.headers()
  if (reply.error !== undefined) return ['failed to parse reply', 'failed to extract authenticate hdr']
  const [type, name] = code === 401
    ? [HeaderType.wwwAuthenticate, 'WWW-Authenticate']
    : [HeaderType.proxyAuthenticate, 'Proxy-Authenticate']
  const value = reply.value(type)
  if (value === undefined) return [`reply has no auth hdr (${name})`, 'failed to extract authenticate hdr']
  const challenge = parseChallenge(value)
  if (typeof challenge !== 'string') return challenge
  return [challenge, 'failed to parse auth hdr body'].filter((line) => line !== '')
}

/** From, To, Call-ID and CSeq of a reply, for the request that follows it; undefined where one of them cannot be read. */
export function dialogOf(reply: SipMessage): Dialog | undefined {
  const from = reply.from()
  const to = reply.to()
  const callId = reply.callId()
  const cseq = reply.cseq()
  if (from === undefined || from instanceof ParseError || to === undefined || to instanceof ParseError) return undefined
  if (callId === undefined || cseq === undefined) return undefined
  return { from: from.uri, fromTag: from.tag ?? '', to: to.uri, callId, cseq: cseq.number }
}

export interface Dialog {
  readonly from: string
  readonly fromTag: string
  readonly to: string
  readonly callId: string
  readonly cseq: number
}
