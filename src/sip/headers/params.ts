import { ParseError } from '../parse-error.ts'

/** A parameter behind a header's value: `;name=value`. */
export interface Param {
  readonly name: string
  /** As written, quotes included; undefined for a parameter without a value. */
  readonly value: string | undefined
  /** Of the name. */
  readonly start: number
  /** Of the value; the end of the name when there is none. */
  readonly valueStart: number
  readonly end: number
}

const PARAMS_MAX = 64

/** The parameters between two offsets, from the first semicolon on; `end` tells where they stop (comma or the end). */
export function parseParams(
  text: string,
  start: number,
  limit: number,
): { readonly params: readonly Param[]; readonly end: number } | ParseError {
  const params: Param[] = []
  let at = skipBlanks(text, start, limit)
  while (at < limit && text.charCodeAt(at) === 59) {
    at = skipBlanks(text, at + 1, limit)
    const nameStart = at
    while (at < limit && !endsName(text.charCodeAt(at))) at++
    const nameEnd = at
    at = skipBlanks(text, at, limit)
    let valueStart = nameEnd
    let valueEnd = nameEnd
    let hasValue = false
    if (at < limit && text.charCodeAt(at) === 61) {
      hasValue = true
      at = skipBlanks(text, at + 1, limit)
      valueStart = at
      if (text.charCodeAt(at) === 34) {
        at = closingQuote(text, at, limit)
        if (at < 0) return new ParseError('params', 'a quoted parameter does not end', valueStart)
        at++
      } else {
        while (at < limit && !endsValue(text.charCodeAt(at))) at++
      }
      valueEnd = at
      at = skipBlanks(text, at, limit)
    }
    if (nameEnd > nameStart) {
      if (params.length >= PARAMS_MAX) return new ParseError('params', 'too many parameters', nameStart)
      params.push({
        name: text.slice(nameStart, nameEnd),
        value: hasValue ? text.slice(valueStart, valueEnd) : undefined,
        start: nameStart,
        valueStart,
        end: valueEnd,
      })
    }
  }
  return { params, end: at }
}

/** The value of a parameter by name in any case; an empty text for one without a value. */
export function paramValue(params: readonly Param[], name: string): string | undefined {
  for (const param of params) {
    if (param.name.length === name.length && param.name.toLowerCase() === name) return param.value ?? ''
  }
  return undefined
}

/** Blanks and line ends; a NUL is none. */
export function skipBlanks(text: string, start: number, limit: number): number {
  let at = start
  while (at < limit) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 13 && code !== 10 && code !== 9) break
    at++
  }
  return at
}

/** The offset of the quote that closes the one at `open`; -1 when it stays open. */
export function closingQuote(text: string, open: number, limit: number): number {
  for (let at = open + 1; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 34) return at
  }
  return -1
}

function endsName(code: number): boolean {
  return code === 59 || code === 61 || code === 44 || code <= 32
}

function endsValue(code: number): boolean {
  return code === 59 || code === 44 || code <= 32
}

/** True when a NUL stands between a value's end and the line's end: no blank, though it was not taken for the value. */
export function hasNulBehind(text: string, limit: number): boolean {
  for (let at = limit; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0) return true
    if (code !== 13 && code !== 32 && code !== 9) return false
  }
  return false
}
