import type { Header } from '../header.ts'
import { ParseError } from '../parse-error.ts'
import { paramValue, parseParams, skipBlanks, type Param } from './params.ts'

/** One Via value (RFC 3261 §20.42), with its offsets in the message. */
export interface Via {
  readonly header: Header
  readonly start: number
  /** Behind the last parameter. */
  readonly end: number
  /** Behind the host and port: where Kamailio adds received=. */
  readonly hostEnd: number
  /** The transport as written: `UDP`. */
  readonly transport: string
  /** Without brackets. */
  readonly host: string
  readonly isIpv6Reference: boolean
  /** 0 when not given. */
  readonly port: number
  readonly params: readonly Param[]
  readonly branch: string | undefined
  /** Empty when present without a value. */
  readonly rport: string | undefined
  readonly receivedParam: string | undefined
  readonly maddr: string | undefined
}

const VIAS_MAX = 256

/** The values of a Via header, separated by commas. */
export function parseViaList(text: string, header: Header): readonly Via[] | ParseError {
  const vias: Via[] = []
  let at = header.bodyStart
  const limit = header.bodyEnd
  while (at < limit) {
    const via = parseVia(text, at, limit, header)
    if (via instanceof ParseError) return via
    if (vias.length >= VIAS_MAX) return new ParseError('via', 'too many Via values', at)
    vias.push(via)
    at = skipBlanks(text, via.end, limit)
    if (at >= limit) break
    if (text.charCodeAt(at) !== 44) return new ParseError('via', 'a Via value does not end', at)
    at = skipBlanks(text, at + 1, limit)
  }
  return vias.length > 0 ? vias : new ParseError('via', 'Via is empty', header.bodyStart)
}

function parseVia(text: string, start: number, limit: number, header: Header): Via | ParseError {
  // sent-protocol: SIP / 2.0 / transport, with optional space around the slashes.
  let at = start
  for (const part of ['SIP', '2.0']) {
    if (!text.startsWith(part, at) && text.slice(at, at + part.length).toUpperCase() !== part) {
      return new ParseError('via', 'Via does not start with SIP/2.0', at)
    }
    at = skipBlanks(text, at + part.length, limit)
    if (text.charCodeAt(at) !== 47) return new ParseError('via', 'Via does not start with SIP/2.0', at)
    at = skipBlanks(text, at + 1, limit)
  }
  const transportStart = at
  while (at < limit && text.charCodeAt(at) > 32) at++
  const transport = text.slice(transportStart, at)
  if (transport === '') return new ParseError('via', 'Via has no transport', at)
  at = skipBlanks(text, at, limit)

  let host: string
  const isIpv6Reference = text.charCodeAt(at) === 91
  if (isIpv6Reference) {
    const close = text.indexOf(']', at)
    if (close < 0 || close >= limit) return new ParseError('via', 'an IPv6 address in Via does not end', at)
    host = text.slice(at + 1, close)
    at = close + 1
  } else {
    const hostStart = at
    while (at < limit && !endsHost(text.charCodeAt(at))) at++
    host = text.slice(hostStart, at)
  }
  if (host === '') return new ParseError('via', 'Via has no host', at)
  let hostEnd = at
  let commentEnd = 0
  let port = 0
  at = skipBlanks(text, at, limit)
  if (text.charCodeAt(at) === 58 && at < limit) {
    at = skipBlanks(text, at + 1, limit)
    const portStart = at
    while (at < limit) {
      const digit = text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) break
      port = port * 10 + digit
      if (port > 65535) return new ParseError('via', 'the port in Via is too large', portStart)
      at++
    }
    if (at === portStart) return new ParseError('via', 'the port in Via is no number', at)
    hostEnd = at
  }
  const found = parseParams(text, at, limit)
  if (found instanceof ParseError) return found
  const { params } = found
  const last = params[params.length - 1]
  const end = found.end
  // RFC 3261 §25.1: a comment may stand behind the parameters.
  if (text.charCodeAt(end) === 40 && end < limit) {
    const close = text.indexOf(')', end)
    if (close < 0 || close >= limit) return new ParseError('via', 'a comment in Via does not end', end)
    commentEnd = close + 1
  }
  return {
    header,
    start,
    end: commentEnd > 0 ? commentEnd : last ? Math.max(last.end, hostEnd) : hostEnd,
    hostEnd,
    transport,
    host,
    isIpv6Reference,
    port,
    params,
    branch: paramValue(params, 'branch'),
    rport: paramValue(params, 'rport'),
    receivedParam: paramValue(params, 'received'),
    maddr: paramValue(params, 'maddr'),
  }
}

function endsHost(code: number): boolean {
  return code === 58 || code === 59 || code === 44 || code <= 32
}
