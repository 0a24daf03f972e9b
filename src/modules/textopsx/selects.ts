/** `@hf_value.x_name[2].uri`: headers by their comma-separated values. */
import type { PvValue, SelectDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import {
  branches, elementsOf, leaf, looseAddress, looseAddressSelect, named, textParam, unknownSelect, uriSelect, type Element, type Resolver,
} from '../core/api.ts'

/** Underscores stand for dashes. */
const headerName = (name: string): string => name.replaceAll('_', '-')

/** The offsets of a character outside double quotes. */
function placesOf(wanted: string, text: string): number[] {
  const places: number[] = []
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (isQuoted && char === '\\') at++
    else if (char === '"') isQuoted = !isQuoted
    else if (char === wanted && !isQuoted) places.push(at)
  }
  return places
}

function split(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  for (const place of [...placesOf(separator, text), text.length]) {
    parts.push(text.slice(start, place).trim())
    start = place + 1
  }
  return parts
}

function valuesOf(context: RouteContext, name: string): string[] {
  return context.message.headersNamed(headerName(name)).flatMap((header) => split(header.body, ','))
}

/** Counted from 1, from the end when negative; 0 is the first. */
function at(list: readonly string[], index: number): string | undefined {
  return list.at(index > 0 ? index - 1 : index)
}

/** Name and index at the start of a path, and what is left. */
function takeHeader(rest: readonly Element[]): { name: string; index: number | undefined; behind: readonly Element[] } | undefined {
  const [name, index] = rest
  if (typeof name !== 'string') return undefined
  return typeof index === 'number' ? { name, index, behind: rest.slice(2) } : { name, index: undefined, behind: rest.slice(1) }
}

/** The URI of a value: within brackets, or up to the parameters. */
function uriIn(value: string): string {
  const uri = looseAddress(value)?.uri ?? ''
  return value.includes('<') ? uri : uri.replace(/;.*$/s, '')
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}

/** The name before the brackets, or the quoted text that a value starts with. */
function nameIn(value: string): string {
  const quotedText = /^"(?:[^"\\]|\\.)*"/s.exec(value)?.[0]
  return unquoted(quotedText ?? looseAddress(value)?.name ?? '')
}

/** A parameter behind the first semicolon of a value, or behind its brackets. */
function paramOf(value: string, name: string): PvValue {
  const wanted = name.toLowerCase()
  const close = placesOf('>', value)[0] ?? -1
  for (const part of split(value.slice(close + 1), ';').slice(1)) {
    const equals = part.indexOf('=')
    const found = (equals < 0 ? part : part.slice(0, equals)).trim()
    if (found.toLowerCase() === wanted) return equals < 0 ? '' : unquoted(part.slice(equals + 1).trim())
  }
  return null
}

/** All values of a header, or one of them. */
const valueSelect: Resolver = (rest) => {
  const header = takeHeader(rest)
  if (header === undefined) return unknownSelect(rest)
  const { name, index, behind } = header
  const chosen = (context: RouteContext): string[] => {
    const values = valuesOf(context, name)
    if (index === undefined) return values
    const value = at(values, index)
    return value === undefined ? [] : [value]
  }
  const whole = (context: RouteContext): string | null => {
    const values = chosen(context)
    return values.length === 0 ? null : values.join(',')
  }
  const first = (context: RouteContext): string | null => chosen(context)[0] ?? null
  const param = named((context, wanted) => {
    const value = first(context)
    // Without an index Kamailio gives the values as they are.
    return index === undefined || value === null ? whole(context) : paramOf(value, wanted)
  })
  const uri = uriSelect((context) => chosen(context).map(uriIn).join(',') || null)
  return branches(
    {
      param,
      p: param,
      name: leaf((context) => {
        const value = first(context)
        return value === null ? null : nameIn(value)
      }),
      uri,
      nameaddr: looseAddressSelect((context) => looseAddress(whole(context))),
      params: textParam(whole),
    },
    whole,
  )(behind)
}

/** The value of one header line, commas and all. */
const lineSelect: Resolver = (rest) => {
  const header = takeHeader(rest)
  if (header === undefined) return unknownSelect(rest)
  const { name, index, behind } = header
  const read = (context: RouteContext): string | null =>
    at(context.message.headersNamed(headerName(name)).map((line) => line.body), index ?? 1) ?? null
  return branches({ params: textParam(read) }, read)(behind)
}

/** 1 when one of the header's values is the text, else 0. */
const existsSelect: Resolver = (rest) => {
  const [name, value] = rest
  if (rest.length !== 2 || typeof name !== 'string' || typeof value !== 'string') return unknownSelect(rest)
  return (context) => (valuesOf(context, name).some((one) => one.toLowerCase() === value.toLowerCase()) ? '1' : '0')
}

function define(path: string, summary: string, resolve: Resolver): SelectDef {
  return { path: `${path}.**`, summary, bind: (steps) => resolve(elementsOf(steps).slice(1)) }
}

export const textopsxSelects: readonly SelectDef[] = [
  define('hf_value', 'Values of a header, split at commas.', valueSelect),
  define('hf_value2', 'The value of a header line.', lineSelect),
  define('hf_value_exists', 'Whether a header has a value.', existsSelect),
]
