/** What a request says about who sends it (RFC 2617, RFC 7616): Proxy-Authorization, else Authorization. */
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'

export interface Credentials {
  /** As written. */
  readonly username: string
  /** The user name up to its @, and what follows. */
  readonly user: string
  readonly domain: string
  readonly realm: string
  readonly nonce: string
  readonly uri: string
  readonly response: string
  readonly algorithm: string
  readonly cnonce: string
  readonly opaque: string
}

const METHOD_CANCEL = 2
const METHOD_ACK = 4
/** Pairs read from one header at most. */
const MOST_FIELDS = 40

/** Undefined for messages without credentials of the scheme Digest, for ACK and for CANCEL. */
export function readCredentials(message: SipMessage): Credentials | undefined {
  if (message.methodId === METHOD_ACK || message.methodId === METHOD_CANCEL) return undefined
  const header = message.header(HeaderType.proxyAuthorization) ?? message.header(HeaderType.authorization)
  const scheme = header && /^digest[ \t\r\n]+/i.exec(header.body)
  if (!header || !scheme) return undefined
  const fields = readFields(header.body.slice(scheme[0].length))
  const username = fields.get('username') ?? ''
  const at = username.indexOf('@')
  return {
    username,
    user: at < 0 ? username : username.slice(0, at),
    domain: at < 0 ? '' : username.slice(at + 1),
    realm: fields.get('realm') ?? '',
    nonce: fields.get('nonce') ?? '',
    uri: fields.get('uri') ?? '',
    response: fields.get('response') ?? '',
    algorithm: fields.get('algorithm') ?? '',
    cnonce: fields.get('cnonce') ?? '',
    opaque: fields.get('opaque') ?? '',
  }
}

function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  const pair = /[\s,]*([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/sy
  while (fields.size < MOST_FIELDS) {
    const found = pair.exec(text)
    if (!found) break
    const [, name = '', quoted, plain = ''] = found
    fields.set(name.toLowerCase(), quoted ?? plain)
  }
  return fields
}
