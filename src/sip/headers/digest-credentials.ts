/** Credentials of the Digest scheme (RFC 3261 §20.7, RFC 7616), read as strictly as Kamailio does. */
import { ParseError } from '../parse-error.ts'

/** Texts by the parameter's name in lower case, without quotes. */
export type DigestFields = ReadonlyMap<string, string>

const FIELDS_MAX = 64

/** The fields of an Authorization value; undefined when its scheme is another. */
export function parseDigestCredentials(value: string): DigestFields | ParseError | undefined {
  const text = value.trimStart()
  if (text.length < 7 || text.slice(0, 6).toLowerCase() !== 'digest' || !' \t\r\n,'.includes(text.charAt(6))) {
    return undefined
  }
  const fields = new Map<string, string>()
  let at = skipBlanks(text, 7)
  while (fields.size < FIELDS_MAX) {
    const equals = text.indexOf('=', at)
    if (equals < 0) return new ParseError('digest', 'a field has no =', at)
    const name = text.slice(at, equals).trim().toLowerCase()
    at = skipBlanks(text, equals + 1)
    if (at >= text.length) return new ParseError('digest', 'a field has no value', at)
    let end: number
    if (text.charCodeAt(at) === 34) {
      const close = text.indexOf('"', at + 1)
      if (close < 0) return new ParseError('digest', 'a quote does not end', at)
      fields.set(name, text.slice(at + 1, close))
      end = close + 1
    } else {
      end = at
      while (end < text.length && !' \t\r\n,'.includes(text.charAt(end))) end++
      if (end === at) return new ParseError('digest', 'a field has no value', at)
      fields.set(name, text.slice(at, end))
    }
    const comma = text.indexOf(',', end)
    if (comma < 0) return fields
    at = skipBlanks(text, comma + 1)
  }
  return new ParseError('digest', 'too many fields', at)
}

/** True when what a response is computed from is there: RFC 7616 §3.4, cnonce and nc where there is a qop. */
export function isComplete(fields: DigestFields): boolean {
  for (const name of ['username', 'realm', 'nonce', 'uri', 'response']) if (!fields.has(name)) return false
  const qop = fields.get('qop')?.trim().toLowerCase()
  return (qop !== 'auth' && qop !== 'auth-int') || (fields.has('cnonce') && fields.has('nc'))
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}
