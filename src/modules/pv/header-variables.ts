/** Headers by name: `$hdr(name)`, `$hfl(name)` and how many there are. */
import {
  variable,
  variableFamily,
  type PrepareEnv,
  type PvIndex,
  type PvValue,
  type VariableDef,
} from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { indexValue } from '../../runtime/variable-spec.ts'
import type { Header } from '../../sip/header.ts'
import { headerType, HeaderType } from '../../sip/header-name.ts'
import type { Via } from '../../sip/headers/via.ts'
import { parseNameAddrList } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { PvState } from './state.ts'

/** Which headers a name means: those of a known type under any spelling, else those written so; `*` is all. */
interface HeaderName {
  readonly type: HeaderType
  readonly written: string
  readonly lower: string
  readonly isAny: boolean
}

function headerName(name: string): HeaderName {
  const trimmed = name.trim()
  return { type: headerType(trimmed), written: trimmed, lower: trimmed.toLowerCase(), isAny: trimmed === '*' }
}

type Naming = (context: RouteContext) => HeaderName | undefined

/** Prepares the inner name, fixed or a variable. A text answer is the error message. */
function prepareName(inner: string, env: PrepareEnv): Naming | string {
  if (inner.startsWith('$')) {
    const computed = env.variable(inner)
    if (typeof computed === 'string') return `$hdr(${inner}): ${computed}`
    return (context) => {
      const name = computed.get(context)
      if (typeof name === 'string' && name !== '') return headerName(name)
      context.host.log.error('pv', 'invalid name of a header')
      return undefined
    }
  }
  const fixed = headerName(inner)
  return () => fixed
}

function matches(header: Header, name: HeaderName): boolean {
  if (name.isAny) return true
  if (name.type !== HeaderType.other) return header.type === name.type
  if (header.type !== HeaderType.other || header.nameLength !== name.lower.length) return false
  const other = header.name
  return other === name.written || other.toLowerCase() === name.lower
}

/** A header's value as Kamailio keeps it: without blanks in front and line end, but with blanks behind. */
export function headerValue(message: SipMessage, header: Header): string {
  const { text } = message
  const behind = text.charCodeAt(header.bodyEnd)
  if (behind !== 32 && behind !== 9) return header.body
  return header.body + text.slice(header.bodyEnd, header.lineEnd)
}

/** The n-th header of that name; negative numbers count from the last, which is -1. */
function nth(message: SipMessage, name: HeaderName, index: number): Header | undefined {
  const headers = message.headers()
  if (index === 0 && name.type !== HeaderType.other && !name.isAny) {
    return message.error === undefined ? message.header(name.type) : undefined
  }
  let skip = index < 0 ? count(message, name) + index : index
  if (skip < 0) return undefined
  for (let at = 0; at < headers.length; at++) {
    const header = headers[at]
    if (header && matches(header, name) && skip-- === 0) return header
  }
  return undefined
}

function count(message: SipMessage, name: HeaderName): number {
  const headers = message.headers()
  let found = 0
  for (let at = 0; at < headers.length; at++) {
    const header = headers[at]
    if (header && matches(header, name)) found++
  }
  return found
}

function allValues(message: SipMessage, name: HeaderName): PvValue {
  const values = message.headers().filter((header) => matches(header, name))
  // Empty values in front leave no comma behind, as in Kamailio.
  return values.length === 0 ? null : values.reduce((all, header) => (all === '' ? '' : `${all},`) + headerValue(message, header), '')
}

function readHeader(context: RouteContext, name: HeaderName | undefined, index: PvIndex): PvValue {
  if (!name) return null
  const { message } = context
  if (index.kind === 'all') return allValues(message, name)
  const position = indexValue(index, context)
  const header = Number.isNaN(position) ? undefined : nth(message, name, position)
  return header ? headerValue(message, header) : null
}

/**
 * The values of headers that hold several, taken apart: Via, Route, Record-Route, Contact. Undefined for other headers.
 * Within a Contact header the last address comes first, as Kamailio's parser leaves them.
 */
function fields(message: SipMessage, type: HeaderType): readonly string[] | undefined {
  message.headers()
  if (message.error !== undefined) return []
  if (type === HeaderType.via) {
    const vias = message.headers().length === 0 ? [] : message.vias()
    return vias.map((via, index) => viaText(message, via, vias[index + 1]))
  }
  if (type !== HeaderType.contact && type !== HeaderType.route && type !== HeaderType.recordRoute) return undefined
  const values: string[] = []
  for (const header of message.headersOf(type)) {
    const addresses = parseNameAddrList(message.text, header.bodyStart, header.bodyEnd)
    if (addresses instanceof ParseError) return []
    const texts = addresses.filter((address) => !address.isStar).map((address) => message.text.slice(address.start, address.end))
    values.push(...(type === HeaderType.contact ? texts.reverse() : texts))
  }
  return values
}

/** A Via's text; with the comma behind it when another one follows in the same header, as Kamailio has it. */
function viaText(message: SipMessage, via: Via, next: Via | undefined): string {
  const end = next && next.header === via.header ? message.text.lastIndexOf(',', next.start - 1) + 1 : via.end
  return message.text.slice(via.start, end)
}

/** Kamailio counts one value too many when it counts from the end: -1 is behind the last, -2 the last. */
function fieldAt(values: readonly string[], index: number): PvValue {
  if (values.length === 0) return null
  return values[index < 0 ? values.length + 1 + index : index] ?? null
}

const firstBody = (type: HeaderType) => (context: RouteContext): PvValue => {
  const { message } = context
  const header = message.header(type)
  return header && header.bodyEnd > header.bodyStart ? headerValue(message, header) : null
}

/** The same, but an empty value is an empty text. */
const firstValue = (type: HeaderType) => ({ message }: RouteContext): PvValue => {
  const header = message.header(type)
  return header ? headerValue(message, header) : null
}

const INDEXED = { inner: 'required', index: true } as const

export const headerVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  hdr: variableFamily<PvState>('A header\'s value: [n] the n-th, [*] all.', INDEXED, (inner, index, env) => {
    const naming = prepareName(inner ?? '', env)
    if (typeof naming === 'string') return naming
    return { get: (context) => readHeader(context, naming(context), index) }
  }),
  hdrc: variableFamily<PvState>('How many headers of that name there are.', { inner: 'required' }, (inner, _index, env) => {
    const naming = prepareName(inner ?? '', env)
    if (typeof naming === 'string') return naming
    return {
      get(context) {
        const name = naming(context)
        return name ? count(context.message, name) : 0
      },
    }
  }),
  hfl: variableFamily<PvState>('As $hdr, values in a header taken apart.', INDEXED, (inner, index, env) => {
    const naming = prepareName(inner ?? '', env)
    if (typeof naming === 'string') return naming
    return {
      get(context) {
        const name = naming(context)
        const values = name && index.kind !== 'all' ? fields(context.message, name.type) : undefined
        return values ? fieldAt(values, indexValue(index, context)) : readHeader(context, name, index)
      },
    }
  }),
  hflc: variableFamily<PvState>('How many values the headers of that name hold.', { inner: 'required' }, (inner, _index, env) => {
    const naming = prepareName(inner ?? '', env)
    if (typeof naming === 'string') return naming
    return {
      get(context) {
        const name = naming(context)
        return name ? (fields(context.message, name.type)?.length ?? count(context.message, name)) : 0
      },
    }
  }),
  ct: variable('Value of the first Contact header.', firstBody(HeaderType.contact)),
  cT: variable('Value of Content-Type.', firstValue(HeaderType.contentType)),
  ua: variable('Value of User-Agent.', firstValue(HeaderType.userAgent)),
  ci: variable('Value of Call-ID.', firstValue(HeaderType.callId)),
  cl: variable('Value of Content-Length, a number.', ({ message }) => message.contentLength() ?? null),
}
