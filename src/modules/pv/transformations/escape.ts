/** `{s.escape...}`, `{s.unescape...}`, `{s.urlencode...}`: texts made fit for other places. */
import type { TransformationDef } from '../../../define/define.ts'
import { escapeUriParam, escapeUriUser } from '../../../sip/uri-escape.ts'
import { ofText } from './parameters.ts'

function escapeCommon(text: string): string {
  return text.replace(/['"\\]/g, '\\$&').replaceAll('\0', '\\0')
}

function unescapeCommon(text: string): string {
  return text.replace(/\\(['"\\0])/g, (_all, char: string) => (char === '0' ? '\0' : char))
}

const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`

/** Null when a `%` is not followed by the two digits of a printable ASCII character. */
function unescapeUri(text: string): string | null {
  let plain = ''
  let at = 0
  for (let sign = text.indexOf('%'); sign >= 0; sign = text.indexOf('%', at)) {
    const digits = text.slice(sign + 1, sign + 3)
    const code = /^[0-9a-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : 0
    if (code < 0x20 || code > 0x7e) return null
    plain += text.slice(at, sign) + String.fromCharCode(code)
    at = sign + 3
  }
  return plain + text.slice(at)
}

function urlEncode(text: string): string {
  return text.replace(/[^A-Za-z0-9._~-]/g, percent)
}

/** `%xx` and `+` undone. Whatever follows a `%` counts as two digits, as in Kamailio; where there is none, nothing is added. */
function urlDecode(text: string): string {
  let plain = ''
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '+') plain += ' '
    else if (char !== '%') plain += char
    else if (at + 2 < text.length) {
      plain += String.fromCharCode(((hexDigit(text.charCodeAt(at + 1)) << 4) | hexDigit(text.charCodeAt(at + 2))) & 0xff)
      at += 2
    }
  }
  return plain
}

function hexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57
}

export const escapeTransformations: Readonly<Record<string, TransformationDef>> = {
  's.escape.common': ofText('With backslashes before quotes, backslashes and zero bytes.', escapeCommon),
  's.unescape.common': ofText('The opposite of s.escape.common.', unescapeCommon),
  's.escape.crlf': ofText('With line ends as \\r and \\n (later than Kamailio 5.6).', (text) =>
    text.replaceAll('\r', '\\r').replaceAll('\n', '\\n'),
  ),
  's.unescape.crlf': ofText('The opposite of s.escape.crlf.', (text) => text.replaceAll('\\r', '\r').replaceAll('\\n', '\n')),
  's.escape.user': ofText('Fit for the user part of a URI.', (text) => escapeUriUser(text) ?? null),
  's.unescape.user': ofText('From the user part of a URI.', unescapeUri),
  's.escape.param': ofText('Fit for a parameter of a URI.', (text) => escapeUriParam(text) ?? null),
  's.unescape.param': ofText('From a parameter of a URI.', unescapeUri),
  's.escape.csv': ofText('In double quotes, those inside doubled.', (text) => `"${text.replaceAll('"', '""')}"`),
  's.urlencode.param': ofText('Fit for the query part of a URL.', urlEncode),
  's.urldecode.param': ofText('From the query part of a URL.', urlDecode),
}
