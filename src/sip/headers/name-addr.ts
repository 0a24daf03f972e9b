import { ParseError } from '../parse-error.ts'
import { parseUri, type SipUri } from '../uri.ts'
import { closingQuote, paramValue, parseParams, skipBlanks, type Param } from './params.ts'

/** `"Display" <uri>;params` or `uri;params` (RFC 3261 §20.10), with its offsets in the text. */
export class NameAddr {
  /** As written, quotes included; empty when there is none. */
  readonly display: string
  readonly uri: string
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

  constructor(
    text: string,
    place: {
      readonly start: number
      readonly displayStart: number
      readonly displayEnd: number
      readonly uriStart: number
      readonly uriEnd: number
      readonly hasBrackets: boolean
      readonly params: readonly Param[]
      readonly end: number
    },
  ) {
    this.start = place.start
    this.end = place.end
    this.displayStart = place.displayEnd > place.displayStart ? place.displayStart : -1
    this.display = text.slice(place.displayStart, place.displayEnd)
    this.uriStart = place.uriStart
    this.uriEnd = place.uriEnd
    this.uri = text.slice(place.uriStart, place.uriEnd)
    this.hasBrackets = place.hasBrackets
    this.params = place.params
    this.isStar = this.uri === '*'
  }

  get tag(): string | undefined {
    return this.param('tag')
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

/** One address; more behind a comma are an error. */
export function parseNameAddr(text: string, start: number, limit: number): NameAddr | ParseError {
  const found = parseOne(text, start, limit, true)
  if (found instanceof ParseError) return found
  if (skipBlanks(text, found.end, limit) < limit) return new ParseError('address', 'something follows the address', found.end)
  return found
}

/** Addresses separated by commas. */
export function parseNameAddrList(text: string, start: number, limit: number): readonly NameAddr[] | ParseError {
  const list: NameAddr[] = []
  let at = skipBlanks(text, start, limit)
  while (at < limit) {
    const found = parseOne(text, at, limit, false)
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

function parseOne(text: string, from: number, limit: number, isSingle: boolean): NameAddr | ParseError {
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
    if (code === 59 || code <= 32 || (code === 44 && !isSingle)) break
    uriEnd++
  }
  return withParams(text, limit, { start, displayStart, displayEnd, uriStart: at, uriEnd, hasBrackets: false }, uriEnd)
}

function withParams(
  text: string,
  limit: number,
  place: {
    readonly start: number
    readonly displayStart: number
    readonly displayEnd: number
    readonly uriStart: number
    readonly uriEnd: number
    readonly hasBrackets: boolean
  },
  behind: number,
): NameAddr | ParseError {
  const found = parseParams(text, behind, limit)
  if (found instanceof ParseError) return found
  const last = found.params[found.params.length - 1]
  return new NameAddr(text, { ...place, params: found.params, end: last ? last.end : behind })
}
