/** Values of headers, several in one separated by commas, and their parameters: found and changed. */
import type { RouteContext } from '../../runtime/context.ts'
import { headersEnd } from '../../sip/build-request.ts'
import type { Header } from '../../sip/header.ts'
import type { SipMessage } from '../../sip/message.ts'

/** `HFNAME[index].param` as scripts write it. */
export interface HeaderPlace {
  readonly name: string
  /** From 1, from the end when negative; `all` for `[*]`; undefined when not given. */
  readonly index: number | 'all' | undefined
  readonly param: string | undefined
}

const WRITTEN = /^([^[.\s]+)(?:\[\s*(\*|-?\d+)\s*\])?(?:\.(.+))?$/

export function parseHeaderPlace(text: string): HeaderPlace | string {
  const found = WRITTEN.exec(text.trim())
  if (!found) return `'${text}' is not HEADER, HEADER[index] or HEADER[index].param`
  const [, name = '', index, param] = found
  return { name: name.replaceAll('_', '-'), index: index === undefined ? undefined : index === '*' ? 'all' : Number(index), param }
}

/** A value by its offsets in the text. */
export interface HeaderValue {
  readonly header: Header
  readonly start: number
  readonly end: number
}

const VALUES_MAX = 1024

/** Every value of the headers of a name; with `isWhole` a header is one value. */
export function headerValues(message: SipMessage, name: string, isWhole: boolean): readonly HeaderValue[] {
  const values: HeaderValue[] = []
  for (const header of message.headersNamed(name)) {
    if (isWhole) {
      values.push({ header, start: header.bodyStart, end: header.bodyEnd })
      continue
    }
    let start = header.bodyStart
    for (const comma of [...separators(message.text, header.bodyStart, header.bodyEnd, ','), header.bodyEnd]) {
      if (values.length >= VALUES_MAX) return values
      values.push({ header, ...trimmed(message.text, start, comma) })
      start = comma + 1
    }
  }
  return values
}

/** Offsets of a character outside of quotes. */
function separators(text: string, from: number, to: number, wanted: string): readonly number[] {
  const places: number[] = []
  let isQuoted = false
  for (let at = from; at < to; at++) {
    const char = text.charAt(at)
    if (isQuoted && char === '\\') at++
    else if (char === '"') isQuoted = !isQuoted
    else if (char === wanted && !isQuoted) places.push(at)
  }
  return places
}

function trimmed(text: string, from: number, to: number): { readonly start: number; readonly end: number } {
  let start = from
  let end = to
  while (start < end && text.charCodeAt(start) <= 32) start++
  while (end > start && text.charCodeAt(end - 1) <= 32) end--
  return { start, end }
}

/** The values that a place means; the first without an index. */
export function chosenValues(values: readonly HeaderValue[], index: HeaderPlace['index']): readonly HeaderValue[] {
  if (index === 'all') return values
  const at = index === undefined || index === 0 ? 0 : index > 0 ? index - 1 : values.length + index
  const value = values[at]
  return value === undefined ? [] : [value]
}

/** Takes a value out, with the comma beside it; a header's last one takes the header along. */
function removeValue(message: SipMessage, values: readonly HeaderValue[], value: HeaderValue): void {
  const { header } = value
  const inHeader = values.filter((other) => other.header === header)
  const left = inHeader.filter((other) => message.edits.removalAt(other.start) === undefined)
  if (left.length <= 1) {
    for (const other of inHeader) {
      const removal = message.edits.removalAt(other.start)
      if (removal !== undefined) message.edits.withdraw(removal)
    }
    message.edits.remove(header.start, header.end)
    return
  }
  const at = inHeader.indexOf(value)
  const next = inHeader[at + 1]
  const before = inHeader[at - 1]
  // The blank behind the comma stays.
  if (next !== undefined) message.edits.remove(value.start, message.text.indexOf(',', value.end) + 1)
  else if (before !== undefined) message.edits.remove(before.end, value.end)
}

interface ParamSpan {
  /** Of the separator in front. */
  readonly start: number
  readonly end: number
  readonly nameEnd: number
}

/** A parameter of a value: behind semicolons, or behind commas in headers such as Authorization. */
function paramOf(message: SipMessage, value: HeaderValue, name: string, separator: ';' | ','): ParamSpan | undefined {
  const { text } = message
  const marks = separators(text, value.start, value.end, separator)
  const starts = separator === ',' ? [afterScheme(text, value), ...marks] : marks
  const wanted = name.toLowerCase()
  for (let index = 0; index < starts.length; index++) {
    const mark = starts[index] ?? value.end
    const end = starts[index + 1] ?? value.end
    const inner = trimmed(text, text[mark] === separator ? mark + 1 : mark, end)
    const equals = text.indexOf('=', inner.start)
    const nameEnd = equals < 0 || equals > inner.end ? inner.end : equals
    if (text.slice(inner.start, nameEnd).trim().toLowerCase() === wanted) return { start: mark, end: inner.end, nameEnd }
  }
  return undefined
}

/** Behind the scheme of an Authorization value: `Digest `. */
function afterScheme(text: string, value: HeaderValue): number {
  const blank = text.indexOf(' ', value.start)
  return blank < 0 || blank > value.end ? value.start : blank + 1
}

export function appendValue(context: RouteContext, place: HeaderPlace, text: string): number {
  const { message } = context
  // 0 is the last one here, as in Kamailio.
  const index = place.index === 0 ? -1 : place.index
  const [value] = index === undefined ? [] : chosenValues(headerValues(message, place.name, false), index)
  if (value === undefined) message.edits.insert(headersEnd(message), `${place.name}: ${text}\r\n`)
  else message.edits.insert(value.end, `,${text}`)
  return 1
}

export function insertValue(context: RouteContext, place: HeaderPlace, text: string): number {
  const { message } = context
  if (place.index === undefined) {
    const first = message.headersNamed(place.name)[0]
    message.edits.insert(first?.start ?? headersEnd(message), `${place.name}: ${text}\r\n`)
    return 1
  }
  const [value] = chosenValues(headerValues(message, place.name, false), place.index)
  if (value === undefined) message.edits.insert(headersEnd(message), `${place.name}: ${text}\r\n`)
  else message.edits.insert(value.start, `${text},`)
  return 1
}

/** Removes values, or a parameter of values. */
export function removeValues(context: RouteContext, place: HeaderPlace, isWhole: boolean): number {
  const { message } = context
  const values = headerValues(message, place.name, isWhole)
  let result = -1
  for (const value of chosenValues(values, place.index)) {
    if (place.param === undefined) {
      removeValue(message, values, value)
      result = 1
      continue
    }
    const param = paramOf(message, value, place.param, isWhole ? ',' : ';')
    if (param === undefined) continue
    removeParam(message, value, param, isWhole)
    result = 1
  }
  return result
}

/** The first of comma separated parameters has its comma behind it. */
function removeParam(message: SipMessage, value: HeaderValue, param: ParamSpan, isWhole: boolean): void {
  if (!isWhole || message.text[param.start] === ',') message.edits.remove(param.start, param.end)
  else {
    const comma = message.text.indexOf(',', param.end)
    message.edits.remove(param.start, comma < 0 || comma >= value.end ? param.end : comma + 1)
  }
}

/** Gives values, or a parameter of values, another text; an empty text leaves a parameter without a value. */
export function assignValues(context: RouteContext, place: HeaderPlace, text: string, isWhole: boolean): number {
  const { message } = context
  let result = -1
  for (const value of chosenValues(headerValues(message, place.name, isWhole), place.index)) {
    result = 1
    if (place.param === undefined) {
      message.edits.replace(value.start, value.end, text)
      continue
    }
    const param = paramOf(message, value, place.param, isWhole ? ',' : ';')
    if (param !== undefined) message.edits.replace(param.nameEnd, param.end, text === '' ? '' : `=${text}`)
    else message.edits.insert(value.end, `${isWhole ? ',' : ';'}${place.param}${text === '' ? '' : `=${text}`}`)
  }
  return result
}

/** 1 when a header of the name has this value, in any case. */
export function valueExists(message: SipMessage, name: string, text: string): number {
  const wanted = text.toLowerCase()
  const values = headerValues(message, name.replaceAll('_', '-'), false)
  return values.some(({ start, end }) => message.text.slice(start, end).toLowerCase() === wanted) ? 1 : -1
}

export function includeValue(context: RouteContext, name: string, text: string): number {
  const { message } = context
  if (valueExists(message, name, text) > 0) return 1
  const values = headerValues(message, name.replaceAll('_', '-'), false)
  const last = values[values.length - 1]
  if (last === undefined) message.edits.insert(headersEnd(message), `${name}: ${text}\r\n`)
  else message.edits.insert(last.end, `,${text}`)
  return 1
}

export function excludeValue(context: RouteContext, name: string, text: string): number {
  const { message } = context
  const wanted = text.toLowerCase()
  const values = headerValues(message, name.replaceAll('_', '-'), false)
  for (const value of values) {
    if (message.text.slice(value.start, value.end).toLowerCase() === wanted) removeValue(message, values, value)
  }
  return 1
}
