/** `@msg.header["X"]`, `@msg.body.sdp.line.c`, `@method`, `@status`. */
import type { PvValue } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import { HeaderType } from '../../../sip/header-name.ts'
import { parseParams, paramValue } from '../../../sip/headers/params.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import { branches, filled, leaf, named, unknownSelect, unquoted, type Reader, type Resolver } from './path.ts'
import { uriSelect } from './uri.ts'

const requestOnly =
  (read: Reader): Reader =>
  (context) =>
    context.message.isRequest ? read(context) : null
const replyOnly =
  (read: Reader): Reader =>
  (context) =>
    context.message.isRequest ? null : read(context)

const text: Reader = ({ message }) => message.text
const version: Reader = ({ message }) => message.version
const statusText: Reader = replyOnly(({ message }) => String(message.status))
const reasonText: Reader = replyOnly(({ message }) => message.reason)

const method: Reader = requestOnly(({ message }) => message.method)

const requestSelect: Resolver = branches(
  {
    method: leaf(method),
    uri: uriSelect(requestOnly(({ message }) => message.requestUri)),
    version: leaf(requestOnly(version)),
  },
  requestOnly(text),
)

const responseSelect: Resolver = branches(
  {
    version: leaf(replyOnly(version)),
    status: leaf(statusText),
    code: leaf(statusText),
    reason: leaf(reasonText),
  },
  replyOnly(text),
)

/** Kamailio writes `x_foo` for X-Foo where the name is no text in brackets; it takes both in both places. */
const headerName = (name: string): string => name.replaceAll('_', '-')

/** The first header of a name; its addresses and parameters are taken from the last one, as in Kamailio. */
function bodyOf(context: RouteContext, name: string, isLast: boolean): string | null {
  return context.message.headersNamed(headerName(name)).at(isLast ? -1 : 0)?.body ?? null
}

/** An address taken apart without looking closer. */
export interface LooseAddress {
  readonly name: string
  readonly uri: string
  readonly params: string
}

/** A header's value taken apart at its angle brackets; without them it is the URI. */
export function looseAddress(body: string | null): LooseAddress | null {
  if (body === null) return null
  const open = bracket(body)
  const close = body.indexOf('>', open)
  if (open < 0) return { name: '', uri: body, params: body }
  if (close < 0) return null
  return { name: body.slice(0, open).trim(), uri: body.slice(open + 1, close), params: body.slice(close + 1).replace(/^[ \t]*;/, '') }
}

function bracket(body: string): number {
  let isQuoted = false
  for (let at = 0; at < body.length; at++) {
    const char = body.charAt(at)
    if (char === '"') isQuoted = !isQuoted
    else if (char === '\\' && isQuoted) at++
    else if (char === '<' && !isQuoted) return at
  }
  return -1
}

/** Null when there is no such parameter; empty when there are none at all. */
function paramIn(params: string, name: string): PvValue {
  if (params === '') return ''
  const list = parseParams(`;${params}`, 0, params.length + 1)
  return list instanceof ParseError ? null : unquoted(paramValue(list.params, name.toLowerCase()))
}

/** The parts of an address in a text: name, uri, params. */
export function looseAddressSelect(of: (context: RouteContext) => LooseAddress | null): Resolver {
  const byName = named((context, name) => {
    const address = of(context)
    return address && paramIn(address.params, name)
  })
  return branches({
    name: leaf((context) => of(context)?.name ?? null),
    uri: uriSelect((context) => of(context)?.uri ?? null),
    params: (rest) => (rest.length === 0 ? (context) => filled(of(context)?.params) : byName(rest)),
  })
}

/** A parameter of a text that is a list of them. */
export function textParam(of: (context: RouteContext) => PvValue): Resolver {
  return named((context, name) => {
    const value = of(context)
    return typeof value === 'string' ? paramIn(value, name) : null
  })
}

const headerSelect: Resolver = (rest) => {
  const [name] = rest
  // The empty line between headers and body is left out.
  if (name === undefined) return ({ message }) => message.text.slice(message.headersStart, message.bodyStart).replace(/\r?\n$/, '')
  if (typeof name !== 'string') return unknownSelect(rest)
  const last = (context: RouteContext): string | null => bodyOf(context, name, true)
  return branches(
    { nameaddr: looseAddressSelect((context) => looseAddress(last(context))), params: textParam(last) },
    (context) => bodyOf(context, name, false),
  )(rest.slice(1))
}

/** All that follows the headers, whatever Content-Length says. */
const body = ({ message }: RouteContext): string => message.text.slice(message.bodyStart)

function sdp(context: RouteContext): string | null {
  const type = context.message.value(HeaderType.contentType)
  return type !== undefined && /^application\/sdp(?:$|[;\s])/i.test(type) ? body(context) : null
}

/** The first line of a session description with that letter: `line.c` or `line["c="]`. */
const sdpLine: Resolver = (rest) => {
  const [letter] = rest
  if (rest.length !== 1 || typeof letter !== 'string' || !/^.=?$/.test(letter)) return unknownSelect(rest)
  const start = `${letter.charAt(0)}=`
  return (context) => {
    for (const line of sdp(context)?.split(/\r?\n/) ?? []) if (line.startsWith(start)) return line.slice(2)
    return null
  }
}

const bodySelect: Resolver = branches({ sdp: branches({ line: sdpLine }, sdp) }, body)

export const messageSelect: Resolver = branches(
  {
    first_line: leaf(({ message }) => message.text.slice(0, message.headersStart).trimEnd()),
    flags: leaf(({ message }) => String(message.flags)),
    len: leaf(({ message }) => String(message.text.length)),
    id: branches(
      { hex: leaf(({ message }) => message.id.toString(16).toUpperCase().padStart(8, '0')) },
      ({ message }) => String(message.id),
    ),
    type: leaf(({ message }) => (message.isRequest ? '1' : '2')),
    header: headerSelect,
    h: headerSelect,
    body: bodySelect,
    content: bodySelect,
    request: requestSelect,
    req: requestSelect,
    response: responseSelect,
    res: responseSelect,
  },
  text,
)

export const methodSelect: Resolver = leaf(method)
export const versionSelect: Resolver = leaf(version)
export const codeSelect: Resolver = leaf(statusText)
export const reasonSelect: Resolver = leaf(reasonText)

export const cseqSelect: Resolver = branches(
  {
    num: leaf(({ message }) => {
      const cseq = message.cseq()
      return cseq?.numberText ?? null
    }),
    method: leaf(({ message }) => {
      const cseq = message.cseq()
      return cseq?.method ?? null
    }),
  },
  ({ message }) => message.value(HeaderType.cseq) ?? null,
)

/** The event package, without parameters. */
export const eventSelect: Resolver = leaf(({ message }) => filled(/^[^;\s]*/.exec(message.value(HeaderType.event) ?? '')?.[0]))

/** The value of the first header of a type. */
export const valueSelect = (type: HeaderType): Resolver => leaf(({ message }) => message.value(type) ?? null)
export const namedValueSelect = (name: string): Resolver => leaf(({ message }) => message.headersNamed(name)[0]?.body ?? null)
