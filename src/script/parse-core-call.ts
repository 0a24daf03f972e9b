import type { Expression, Span } from './ast.ts'
import { isFlagNumber } from './flags.ts'
import { nearest } from './nearest.ts'
import { atAddress, parseAddress, parseListenHost, parseSocketAddress } from './parse-address.ts'
import { parseExpression, toReference } from './parse-expression.ts'
import { parseHost } from './parse-operand.ts'
import {
  accept, advance, current, describe, error, errorOnce, expect, fail, isKeyword, isOperator, peek, type Parser,
} from './parser.ts'
import { joinSpans } from './source.ts'

/** Parses what stands between the parentheses. */
type ParseArguments = (p: Parser, name: string) => Expression[]

interface CoreFunction {
  /** Also written without parentheses. */
  readonly isBare?: boolean
  readonly args: ParseArguments
}

function text(p: Parser, name: string): Expression {
  const token = current(p)
  if (token.kind === 'string') {
    advance(p)
    return { kind: 'string', value: token.text, span: token.span }
  }
  const hint = token.kind === 'variable'
    ? 'this function of the core takes no variables: assign to a variable such as $ru, or use a module' : undefined
  return fail(p, 'KAH0218', `${name} takes a string, not ${describe(token)}`, token.span, hint)
}

function number(p: Parser, name: string): Expression {
  const token = current(p)
  if (token.kind === 'number') {
    advance(p)
    return { kind: 'int', value: token.value, span: token.span }
  }
  return fail(p, 'KAH0218', `${name} takes a number, not ${describe(token)}`, token.span)
}

function signedNumber(p: Parser, name: string): Expression {
  const minus = current(p)
  if (!isOperator(minus, '-')) return number(p, name)
  advance(p)
  const value = number(p, name)
  return value.kind === 'int' ? { ...value, value: -value.value, span: joinSpans(minus.span, value.span) } : value
}

const none: ParseArguments = () => []
const oneText: ParseArguments = (p, name) => [text(p, name)]
const oneNumber: ParseArguments = (p, name) => [number(p, name)]

/** `(host)`, `(host, port)`, `(uri:host)`, `(uri:host, port)`, `(uri:host, uri:port)`. */
const forwardArguments: ParseArguments = (p, name) => {
  const token = current(p)
  if (name === 'forward' && isOperator(token, ')')) return []
  let host: Expression
  if (isKeyword(token, 'uri:host')) {
    advance(p)
    host = { kind: 'word', text: 'uri:host', span: token.span }
  } else if (atAddress(p)) host = parseAddress(p)
  else if (token.kind === 'string') host = text(p, name)
  else if (token.kind === 'word') host = parseHost(p)
  else {
    const hint = token.kind === 'variable' ? 'set $du or $ru and call forward()' : undefined
    return fail(p, 'KAH0218', `${name} takes a host, an address or uri:host, not ${describe(token)}`, token.span, hint)
  }
  if (!accept(p, ',')) return [host]
  const port = current(p)
  if (host.kind === 'word' && host.text === 'uri:host' && isKeyword(port, 'uri:port')) {
    advance(p)
    return [host, { kind: 'word', text: 'uri:port', span: port.span }]
  }
  return [host, number(p, name)]
}

/** A flag by number or by its declared name; the name stays a word. */
const flagArguments: ParseArguments = (p, name) => {
  const token = current(p)
  if (token.kind === 'number') {
    if (!isFlagNumber(token.value)) error(p, 'KAH0219', `flags are numbered 0 to 31, not ${token.value}`, token.span)
    return [number(p, name)]
  }
  if (token.kind !== 'word' && token.kind !== 'string') {
    return fail(p, 'KAH0218', `${name} takes a flag's number or name, not ${describe(token)}`, token.span)
  }
  advance(p)
  if (p.flags.get(token.text) === undefined) {
    const meant = nearest(token.text, p.flags.names())
    const hint = meant === undefined ? `write 'flags ${token.text};' before the routes, or define it: #!define ${token.text} 1`
      : `did you mean ${meant}?`
    errorOnce(p, token.text, 'KAH0219', `the flag ${token.text} is not declared`, token.span, hint)
  }
  return [{ kind: 'word', text: token.text, span: token.span }]
}

const avpFlagArguments: ParseArguments = (p, name) => {
  const token = current(p)
  const isAttribute = token.kind === 'avp' && !token.text.includes('[')
  let attribute: Expression
  if (isAttribute || (token.kind === 'variable' && token.mayBeAvp)) {
    advance(p)
    attribute = toReference(token)
  } else attribute = text(p, name)
  expect(p, ',', `after the attribute of ${name}`)
  const flag = current(p)
  if (flag.kind !== 'word' && flag.kind !== 'string') {
    fail(p, 'KAH0218', `${name} takes a flag's name, not ${describe(flag)}`, flag.span)
  }
  advance(p)
  if (p.avpFlags.get(flag.text) === undefined) {
    error(
      p, 'KAH0219', `the flag ${flag.text} is not declared`, flag.span,
      `write 'avpflags ${flag.text};' before the routes`,
    )
  }
  return [attribute, { kind: 'word', text: flag.text, span: flag.span }]
}

const logArguments: ParseArguments = (p, name) => {
  if (current(p).kind === 'string') return [text(p, name)]
  const level = number(p, name)
  expect(p, ',', 'after the level of log')
  return [level, text(p, name)]
}

const routeArguments: ParseArguments = (p) => {
  const token = current(p)
  if (token.kind === 'word' && isOperator(peek(p), ')')) {
    advance(p)
    return [{ kind: 'word', text: token.text, span: token.span }]
  }
  if (isOperator(token, ')')) {
    return fail(p, 'KAH0218', 'route() needs the name of a route', token.span, 'write route(NAME);')
  }
  return [parseExpression(p)]
}

const protocolArguments: ParseArguments = (p, name) => {
  const token = current(p)
  const isProtocol = token.kind === 'keyword' && ['udp', 'tcp', 'tls', 'sctp'].includes(token.text)
  if (!isProtocol && !isOperator(token, '*')) {
    fail(p, 'KAH0218', `${name} takes udp, tcp, tls or sctp, not ${describe(token)}`, token.span)
  }
  advance(p)
  return [{ kind: 'word', text: token.text, span: token.span }]
}

const hostArguments: ParseArguments = (p, name) => {
  const quoted = current(p).kind === 'string'
  const { host, span } = parseListenHost(p, `in ${name}`)
  return [quoted ? { kind: 'string', value: host, span } : { kind: 'word', text: host, span }]
}

const socketArguments: ParseArguments = (p, name) => {
  const socket = parseSocketAddress(p, `in ${name}`)
  const { protocol, host, port, span } = socket
  const shown = host.includes(':') ? `[${host}]` : host
  const written = `${protocol === 'any' ? '' : `${protocol}:`}${shown}${port === 0 ? '' : `:${port}`}`
  return [{ kind: 'address', protocol, host, port, mask: undefined, text: written, span }]
}

const textAndExpression: ParseArguments = (p, name) => {
  const first = text(p, name)
  expect(p, ',', `after the first argument of ${name}`)
  return [first, parseExpression(p)]
}

const twoTexts: ParseArguments = (p, name) => {
  const first = text(p, name)
  expect(p, ',', `after the first argument of ${name}`)
  return [first, text(p, name)]
}

const optionalNumber: ParseArguments = (p, name) => (isOperator(current(p), ')') ? [] : [number(p, name)])
const optionalSigned: ParseArguments = (p, name) => (isOperator(current(p), ')') ? [] : [signedNumber(p, name)])

const functions: ReadonlyMap<string, CoreFunction> = new Map<string, CoreFunction>([
  ['forward', { args: forwardArguments }], ['forward_udp', { args: forwardArguments }],
  ['forward_tcp', { args: forwardArguments }], ['forward_tls', { args: forwardArguments }],
  ['forward_sctp', { args: forwardArguments }],
  ['log', { args: logArguments }], ['error', { args: twoTexts }], ['exec', { args: oneText }],
  ['route', { args: routeArguments }],
  ['setflag', { args: flagArguments }], ['resetflag', { args: flagArguments }], ['isflagset', { args: flagArguments }],
  ['setavpflag', { args: avpFlagArguments }], ['resetavpflag', { args: avpFlagArguments }],
  ['isavpflagset', { args: avpFlagArguments }],
  ['rewritehost', { args: oneText }], ['rewritehostport', { args: oneText }],
  ['rewritehostporttrans', { args: oneText }], ['rewriteuser', { args: oneText }],
  ['rewriteuserpass', { args: oneText }], ['rewriteport', { args: oneText }], ['rewriteuri', { args: oneText }],
  ['prefix', { args: oneText }], ['strip', { args: oneNumber }], ['strip_tail', { args: oneNumber }],
  ['userphone', { args: none }], ['remove_branch', { args: optionalSigned }], ['clear_branches', { args: none }],
  ['revert_uri', { args: none, isBare: true }], ['force_rport', { args: none, isBare: true }],
  ['add_local_rport', { args: none, isBare: true }], ['force_tcp_alias', { args: optionalNumber, isBare: true }],
  ['udp_mtu_try_proto', { args: protocolArguments }],
  ['set_advertised_address', { args: hostArguments }], ['set_advertised_port', { args: oneNumber }],
  ['force_send_socket', { args: socketArguments }],
  ['set_forward_no_connect', { args: none, isBare: true }], ['set_reply_no_connect', { args: none, isBare: true }],
  ['set_forward_close', { args: none, isBare: true }], ['set_reply_close', { args: none, isBare: true }],
  ['cfg_select', { args: textAndExpression }], ['cfg_reset', { args: oneText }],
])

export function isCoreFunction(word: string): boolean {
  return functions.has(word)
}

export const coreFunctionNames: readonly string[] = [...functions.keys()]

/** A function of the core: each has a syntax of its own. */
export function parseCoreCall(p: Parser): Expression {
  const token = advance(p)
  const spec = functions.get(token.text)
  if (spec === undefined) return fail(p, 'KAH0209', `${describe(token)} is no function`, token.span)
  const call = (args: Expression[], span: Span): Expression => ({
    kind: 'call', name: token.text, isCore: true, args, nameSpan: token.span, span,
  })
  if (!isOperator(current(p), '(')) {
    if (spec.isBare === true) return call([], token.span)
    return fail(p, 'KAH0225', `expected '(' after ${token.written}, found ${describe(current(p))}`, current(p).span)
  }
  advance(p)
  const args = spec.args(p, token.written)
  if (!isOperator(current(p), ')')) {
    fail(
      p, 'KAH0218', `expected ')' after the arguments of ${token.written}, found ${describe(current(p))}`,
      current(p).span,
    )
  }
  const close = advance(p)
  return call(args, joinSpans(token.span, close.span))
}
