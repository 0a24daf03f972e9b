/** The checks by their bit, in the order they are made. Each answers true when the message passes. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { CSeq } from '../../sip/headers/cseq.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { checkDigest } from './digest-check.ts'
import { headersReadable } from './readable.ts'
import { refuse, refuseSilently, type Sanity } from './reply.ts'
import { checkUris } from './uri-check.ts'

type Check = (sanity: Sanity, context: RouteContext, uriChecks: number) => boolean

export const CHECKS_END = 1 << 15
export const URI_CHECKS_END = 1 << 4

const CHECKS: readonly (readonly [bit: number, check: Check])[] = [
  [1 << 0, checkVersion],
  [1 << 1, checkScheme],
  [1 << 2, checkRequiredHeaders],
  [1 << 14, checkFirstVia],
  [1 << 5, checkCSeqMethod],
  [1 << 6, checkCSeqNumber],
  [1 << 7, checkContentLength],
  [1 << 8, checkExpires],
  [1 << 9, checkProxyRequire],
  [1 << 10, checkUris],
  [1 << 11, (sanity, context) => checkDigest(sanity, context) === 'passed'],
  [1 << 13, (sanity, context) => checkDigest(sanity, context) !== 'failed'],
  [1 << 12, checkTags],
]

/** True when the message passes all checks whose bits are set. 8 and 16 stand for nothing, as in Kamailio. */
export function runChecks(sanity: Sanity, context: RouteContext, checks: number, uriChecks: number): boolean {
  for (const [bit, check] of CHECKS) {
    if ((checks & bit) !== 0 && !check(sanity, context, uriChecks)) return false
  }
  return true
}

const warn = ({ host }: Sanity, text: string): void => host.log.warning('sanity', text)

function checkVersion(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  // Kamailio looks at the place where a reply has its reason phrase.
  const version = message.isRequest ? message.version : message.reason
  const slash = version.indexOf('/')
  if (version === '' || (slash >= 0 && version.slice(slash + 1) === '2.0')) return true
  if (slash >= 0) return refuse(sanity, context, 505, 'Version Not Supported (R-URI)')
  warn(sanity, 'failed to find / in ruri version')
  return false
}

function checkScheme(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  if (message.isRequest && !(message.parsedUri() instanceof ParseError)) return true
  warn(sanity, `failed to parse request uri [${message.uri}]`)
  return refuse(sanity, context, 400, 'Bad Request URI')
}

const REQUIRED = [HeaderType.from, HeaderType.to, HeaderType.callId, HeaderType.cseq] as const

function checkRequiredHeaders(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  if (!REQUIRED.every((type) => message.header(type) !== undefined && headersReadable(message, type))) {
    return refuseSilently(context)
  }
  if (headersReadable(message)) return true
  sanity.host.log.error('sanity', 'failed to parse headers')
  return refuse(sanity, context, 400, 'Bad Headers')
}

function checkFirstVia(sanity: Sanity, context: RouteContext): boolean {
  if (headersReadable(context.message, HeaderType.via)) return true
  warn(sanity, 'failed to parse the Via1 header')
  return refuseSilently(context)
}

/** CSeq where all headers up to it can be read; else undefined, with a line in the log. */
function readCSeq(sanity: Sanity, message: SipMessage): CSeq | undefined {
  const cseq = message.cseq()
  if (cseq !== undefined && headersReadable(message, HeaderType.cseq)) return cseq
  warn(sanity, cseq === undefined ? 'missing CSeq header' : 'failed to parse the CSeq header')
  return undefined
}

function checkCSeqMethod(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  const cseq = readCSeq(sanity, message)
  if (cseq === undefined) return refuseSilently(context)
  // Kamailio looks at the place where a reply has its version.
  if (cseq.method === (message.isRequest ? message.method : message.version)) return true
  return refuse(sanity, context, 400, 'CSeq method does not match request method')
}

function checkCSeqNumber(sanity: Sanity, context: RouteContext): boolean {
  const cseq = readCSeq(sanity, context.message)
  if (cseq === undefined) return refuseSilently(context)
  return isUnsigned(cseq.numberText) || refuse(sanity, context, 400, 'CSeq number is illegal')
}

/** At most 2^32: Kamailio lets that one pass, too. */
function isUnsigned(text: string): boolean {
  return /^[0-9]{0,10}$/.test(text) && Number(text) <= 0x1_0000_0000
}

function checkContentLength(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  if (!headersReadable(message, HeaderType.contentLength)) {
    warn(sanity, 'failed to parse content-length header')
    return refuse(sanity, context, 400, 'Content-Length Failure')
  }
  const length = message.contentLength()
  if (length === undefined) {
    warn(sanity, 'content length header missing in request')
    return true
  }
  if (!message.isComplete) return refuse(sanity, context, 400, 'Content-Length Body Failure')
  return message.text.length - message.bodyStart === length || refuse(sanity, context, 400, 'Content-Length mis-match')
}

function checkExpires(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  const text = message.value(HeaderType.expires)
  if (!headersReadable(message, HeaderType.expires) || text === '') {
    warn(sanity, 'failed to parse expires header')
    return refuse(sanity, context, 400, 'Bad Expires Header')
  }
  if (text === undefined) return true
  // What follows digits and a blank is not looked at.
  const first = /^[0-9]+(?=[ \t\r\n])/.exec(text)?.[0]
  const number = first !== undefined && text.length <= 10 ? first : text
  return isUnsigned(number) || refuse(sanity, context, 400, 'Expires value is illegal')
}

/** The parts of a list separated by commas, without blanks around them. */
export function listOf(text: string): readonly string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : trimmed.split(',').map((part) => part.trim())
}

function checkProxyRequire(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  if (!headersReadable(message, HeaderType.proxyRequire)) {
    warn(sanity, 'failed to parse proxy require header')
    return refuse(sanity, context, 400, 'Bad Proxy Require Header')
  }
  const text = message.value(HeaderType.proxyRequire)
  if (text === undefined) return true
  const wanted = listOf(text)
  if (wanted.length === 0) {
    warn(sanity, 'parse proxy require failed')
    return refuse(sanity, context, 400, 'Bad Proxy Require Header')
  }
  const unknown = wanted.find((extension) => !sanity.extensions.includes(extension))
  if (unknown === undefined) return true
  message.addReplyHeader(`Unsupported: ${unknown}\r\n`)
  return refuse(sanity, context, 420, 'Bad Proxy Require Extension')
}

function checkTags(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  const from = message.from()
  const to = message.to()
  if (from === undefined || from instanceof ParseError || to === undefined || to instanceof ParseError) {
    return refuseSilently(context)
  }
  for (const [address, name] of [[from, 'From'], [to, 'To']] as const) {
    const tags = address.params.filter((param) => param.name.toLowerCase() === 'tag')
    if (tags.length > 1) return refuse(sanity, context, 400, `Many ${name} Tag Params`)
  }
  return true
}
