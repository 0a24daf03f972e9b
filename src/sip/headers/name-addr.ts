import { ParseError } from '../parse-error.ts'
import { parseUri, type SipUri } from '../uri.ts'
import { closingQuote, hasNulBehind, paramValue, parseParams, skipBlanks, type Param } from './params.ts'

/** `"Display" <uri>;params` or `uri;params` (RFC 3261 §20.10), with its offsets in the text. */
export class NameAddr {
  /** As written, quotes included; empty when there is none. */
  readonly display: string
  /** As written, or as a reader of rewritten contacts has put it. */
  uri: string
  readonly params: readonly Param[]
  readonly start: number
  readonly end: number
  /** Of the display name; -1 when there is none. */
  readonly displayStart: number
  readonly uriStart: number
  readonly uriEnd: number
  readonly hasBrackets: boolean
  /** `*`, as a Contact that removes all. */
  readonly isStar: boolean
  #parsed: SipUri | ParseError | undefined = undefined

  constructor(text: string, place: Place, params: readonly Param[], end: number) {
    this.start = place.start
    this.end = end
    this.displayStart = place.displayEnd > place.displayStart ? place.displayStart : -1
    this.display = text.slice(place.displayStart, place.displayEnd)
    this.uriStart = place.uriStart
    this.uriEnd = place.uriEnd
    this.uri = text.slice(place.uriStart, place.uriEnd)
    this.hasBrackets = place.hasBrackets
    this.params = params
    this.isStar = this.uri === '*'
  }

  /** Of several tags, the last counts, as in Kamailio. */
  get tag(): string | undefined {
    for (let index = this.params.length - 1; index >= 0; index--) {
      const param = this.params[index]
      if (param !== undefined && param.name.length === 3 && param.name.toLowerCase() === 'tag') return param.value ?? ''
    }
    return undefined
  }

  /** By name in any case; an empty text for one without a value. */
  param(name: string): string | undefined {
    return paramValue(this.params, name)
  }

  parsedUri(): SipUri | ParseError {
    return (this.#parsed ??= parseUri(this.uri))
  }
}

const ADDRESSES_MAX = 256
const PARAMS_MAX = 64
const QUOTE = 34
const OPEN = 60
const CLOSE = 62
const SEMICOLON = 59
const EQUALS = 61

/**
 * One address, read as strictly as Kamailio reads From and To: a display name may hold commas and blanks but no quote in
 * the middle; nothing may follow but parameters.
 */
export function parseNameAddr(text: string, start: number, limit: number): NameAddr | ParseError {
  const first = skipBlanks(text, start, limit)
  if (first >= limit) return new ParseError('address', 'the address is empty', first)
  if (hasNulBehind(text, limit)) return new ParseError('address', 'a NUL behind the address', limit)
  let at = first
  let displayEnd = first
  if (text.charCodeAt(at) === QUOTE) {
    at = closingQuoteInLine(text, at, limit)
    if (at < 0) return new ParseError('address', 'the display name\'s quote does not end', first)
    displayEnd = at + 1
    at = skipBlanks(text, displayEnd, limit)
    if (at >= limit || text.charCodeAt(at) !== OPEN) return new ParseError('address', 'no < behind the display name', at)
  } else {
    // A URI without brackets, or words up to `<`.
    let wordEnd = -1
    while (at < limit) {
      const code = text.charCodeAt(at)
      if (code === OPEN) break
      if (code === QUOTE || code === CLOSE || code === 0) return new ParseError('address', 'a character that no address has here', at)
      if (code === SEMICOLON && (wordEnd < 0 || skipBlanks(text, wordEnd, limit) === at)) break
      if (code <= 32 && wordEnd < 0) wordEnd = at
      at++
    }
    if (at >= limit || text.charCodeAt(at) === SEMICOLON) {
      const uriEnd = wordEnd < 0 ? at : wordEnd
      if (skipBlanks(text, uriEnd, limit) < at) return new ParseError('address', 'something follows the URI', uriEnd)
      if (uriEnd === first) return new ParseError('address', 'the address has no URI', first)
      return withStrictParams(text, limit, {
        start: first, displayStart: first, displayEnd: first, uriStart: first, uriEnd, hasBrackets: false,
      }, uriEnd)
    }
    displayEnd = at
    while (displayEnd > first && text.charCodeAt(displayEnd - 1) <= 32) displayEnd--
  }
  const uriStart = skipBlanks(text, at + 1, limit)
  let uriEnd = uriStart
  while (uriEnd < limit) {
    const code = text.charCodeAt(uriEnd)
    if (code <= 32 || code === CLOSE || code === OPEN || code === QUOTE) break
    uriEnd++
  }
  const close = skipBlanks(text, uriEnd, limit)
  if (close >= limit || text.charCodeAt(close) !== CLOSE) return new ParseError('address', 'no > behind the URI', close)
  if (uriEnd === uriStart) return new ParseError('address', 'no URI between the brackets', uriStart)
  return withStrictParams(text, limit, { start: first, displayStart: first, displayEnd, uriStart, uriEnd, hasBrackets: true }, close + 1)
}

/** True for the usual forms of one address at the end of its line, found without making anything. False is no verdict. */
export function isPlainAddress(text: string, start: number, limit: number): boolean {
  PLAIN_ADDRESS.lastIndex = start
  return PLAIN_ADDRESS.test(text) && PLAIN_ADDRESS.lastIndex === limit
}

/** `"A" <sip:a@b>;tag=x` */
const PLAIN_ADDRESS = /(?:"[^"\\\x00-\x1f]*" *)?<[^\x00-\x20"<>]+>(?:;tag=[^\x00-\x20";=]*)?(?=\r?\n)/y

/** The offset of the quote that closes the one at `open`; -1 when it stays open or a line ends before. */
function closingQuoteInLine(text: string, open: number, limit: number): number {
  for (let at = open + 1; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === QUOTE) return at
    else if (code === 13 || code === 10 || code === 0) return -1
  }
  return -1
}

interface Place {
  readonly start: number
  readonly displayStart: number
  readonly displayEnd: number
  readonly uriStart: number
  readonly uriEnd: number
  readonly hasBrackets: boolean
}

/** The parameters of one address: each has a name, and nothing else stands behind or between them. */
function withStrictParams(text: string, limit: number, place: Place, behind: number): NameAddr | ParseError {
  const params: Param[] = []
  let end = behind
  let at = skipBlanks(text, behind, limit)
  while (at < limit) {
    if (text.charCodeAt(at) !== SEMICOLON) return new ParseError('address', 'something follows the address', at)
    const start = skipBlanks(text, at + 1, limit)
    at = start
    while (at < limit && !endsName(text.charCodeAt(at))) at++
    if (at === start) return new ParseError('params', 'a parameter has no name', at)
    if (params.length >= PARAMS_MAX) return new ParseError('params', 'too many parameters', start)
    const nameEnd = at
    at = skipBlanks(text, at, limit)
    let value: string | undefined
    let valueStart = nameEnd
    end = nameEnd
    if (at < limit && text.charCodeAt(at) === EQUALS) {
      valueStart = skipBlanks(text, at + 1, limit)
      end = valueEnd(text, valueStart, limit)
      if (end < 0) return new ParseError('params', 'a parameter has no good value', valueStart)
      value = text.slice(valueStart, end)
      at = skipBlanks(text, end, limit)
    }
    params.push({ name: text.slice(start, nameEnd), value, start, valueStart, end })
  }
  return new NameAddr(text, place, params, end)
}

/** Where a value ends, quoted or not; -1 when it is none. */
function valueEnd(text: string, start: number, limit: number): number {
  if (text.charCodeAt(start) === QUOTE && start < limit) {
    const close = closingQuoteInLine(text, start, limit)
    return close < 0 ? -1 : close + 1
  }
  let at = start
  while (at < limit) {
    const code = text.charCodeAt(at)
    if (code <= 32 || code === SEMICOLON) break
    if (code === EQUALS || code === QUOTE) return -1
    at++
  }
  return at
}

function endsName(code: number): boolean {
  return code === SEMICOLON || code === EQUALS || code === QUOTE || code <= 32
}

/** Addresses separated by commas. */
export function parseNameAddrList(text: string, start: number, limit: number): readonly NameAddr[] | ParseError {
  const list: NameAddr[] = []
  let at = skipBlanks(text, start, limit)
  while (at < limit) {
    const found = parseOne(text, at, limit)
    if (found instanceof ParseError) return found
    if (list.length >= ADDRESSES_MAX) return new ParseError('address', 'too many addresses', at)
    list.push(found)
    at = skipBlanks(text, found.end, limit)
    if (at >= limit) break
    if (text.charCodeAt(at) !== 44) return new ParseError('address', 'something follows the address', at)
    at = skipBlanks(text, at + 1, limit)
  }
  return list
}

/** One of a list: read leniently, since Contact and Route say in their own readers what they do not take. */
function parseOne(text: string, from: number, limit: number): NameAddr | ParseError {
  const start = skipBlanks(text, from, limit)
  if (start >= limit) return new ParseError('address', 'the address is empty', start)
  let at = start
  let displayStart = start
  let displayEnd = start
  if (text.charCodeAt(at) === 34) {
    const close = closingQuote(text, at, limit)
    if (close < 0) return new ParseError('address', 'the display name\'s quote does not end', at)
    displayEnd = close + 1
    at = skipBlanks(text, displayEnd, limit)
    if (text.charCodeAt(at) !== 60) return new ParseError('address', 'no < behind the display name', at)
  } else {
    // Either a bare URI or tokens up to `<`.
    let probe = at
    while (probe < limit) {
      const code = text.charCodeAt(probe)
      if (code === 60 || code === 44 || code === 59) break
      probe++
    }
    if (probe < limit && text.charCodeAt(probe) === 60) {
      displayEnd = probe
      while (displayEnd > displayStart && text.charCodeAt(displayEnd - 1) <= 32) displayEnd--
      at = probe
    }
  }
  if (text.charCodeAt(at) === 60) {
    const close = text.indexOf('>', at)
    if (close < 0 || close >= limit) return new ParseError('address', 'no > behind the URI', at)
    const uriStart = skipBlanks(text, at + 1, close)
    let uriEnd = close
    while (uriEnd > uriStart && text.charCodeAt(uriEnd - 1) <= 32) uriEnd--
    return withParams(text, limit, { start, displayStart, displayEnd, uriStart, uriEnd, hasBrackets: true }, close + 1)
  }
  // RFC 3261 §20.10: without brackets, parameters belong to the header, not to the URI.
  displayStart = start
  displayEnd = start
  let uriEnd = at
  while (uriEnd < limit) {
    const code = text.charCodeAt(uriEnd)
    if (code === 59 || code <= 32 || code === 44) break
    uriEnd++
  }
  return withParams(text, limit, { start, displayStart, displayEnd, uriStart: at, uriEnd, hasBrackets: false }, uriEnd)
}

function withParams(
  text: string,
  limit: number,
  place: Place,
  behind: number,
): NameAddr | ParseError {
  const found = parseParams(text, behind, limit)
  if (found instanceof ParseError) return found
  const last = found.params[found.params.length - 1]
  return new NameAddr(text, place, found.params, last ? last.end : behind)
}
