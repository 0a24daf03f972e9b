import type { Address, SocketAddress } from './ast.ts'
import { accept, advance, current, describe, error, expect, fail, isOperator, peek, type Parser } from './parser.ts'
import { joinSpans } from './source.ts'
import type { Token } from './token.ts'

const socketProtocols: ReadonlyMap<string, SocketAddress['protocol']> = new Map([
  ['udp', 'udp'], ['tcp', 'tcp'], ['tls', 'tls'], ['sctp', 'sctp'],
])

/** True at an IP address without quotes: `1.2.3.4`, `2001:db8::1` or `[2001:db8::1]`. */
export function atAddress(p: Parser): boolean {
  const token = current(p)
  if (token.kind === 'ipv6') return true
  if (isOperator(token, '[')) return peek(p).kind === 'ipv6'
  return token.kind === 'number' && isOperator(peek(p), '.') && peek(p, 2).kind === 'number'
    && isOperator(peek(p, 3), '.') && peek(p, 4).kind === 'number' && isOperator(peek(p, 5), '.')
    && peek(p, 6).kind === 'number'
}

/** Parses the address that `atAddress` saw. */
export function parseAddress(p: Parser): Address {
  const first = current(p)
  const isBracketed = accept(p, '[')
  if (isBracketed || first.kind === 'ipv6') {
    const address = advance(p)
    const last = isBracketed ? expect(p, ']', 'after the IPv6 address') : address
    return toAddress(address.text, joinSpans(first.span, last.span))
  }
  const bytes: number[] = []
  let last = first
  for (let part = 0; part < 4; part++) {
    if (part > 0) advance(p)
    last = advance(p)
    bytes.push(last.value)
  }
  const span = joinSpans(first.span, last.span)
  const host = bytes.join('.')
  if (bytes.some((byte) => byte < 0 || byte > 255)) {
    error(p, 'KAH0222', `${host} is no IPv4 address: each part is 0 to 255`, span)
  }
  return toAddress(host, span)
}

function toAddress(host: string, span: Address['span']): Address {
  return { kind: 'address', protocol: 'any', host, port: 0, mask: undefined, text: host, span }
}

function isHostPart(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'numword' || token.kind === 'number'
}

/** True where a host, interface or address may begin in a list of addresses. */
export function atListenHost(p: Parser): boolean {
  return atAddress(p) || current(p).kind === 'string' || isHostPart(current(p))
}

/** An address, a name in quotes, or a host or interface name such as `eth0` or `sip-1.example.org`. */
export function parseListenHost(p: Parser, where: string): { host: string; span: Address['span'] } {
  if (atAddress(p)) return parseAddress(p)
  const first = current(p)
  if (first.kind === 'string') {
    advance(p)
    return { host: first.text, span: first.span }
  }
  if (!isHostPart(first)) {
    const hint = isOperator(first, '*') ? 'leave listen away to use every interface, or name one'
      : first.kind === 'keyword' ? `'${first.written}' is a reserved word: put the name in quotes` : undefined
    return fail(
      p, 'KAH0222', `expected an address, interface or host name ${where}, found ${describe(first)}`, first.span, hint,
    )
  }
  if (first.kind === 'number' && isOperator(peek(p), '.')) {
    fail(
      p, 'KAH0222', 'a name that begins with a number cannot stand without quotes', first.span,
      'put the name in quotes',
    )
  }
  advance(p)
  let host = first.kind === 'number' ? first.written : first.text
  let last = first
  while (isOperator(current(p), '.') || isOperator(current(p), '-')) {
    const joint = advance(p)
    last = current(p)
    if (!isHostPart(last)) {
      const hint = last.kind === 'keyword' ? `'${last.written}' is a reserved word: put the name in quotes` : undefined
      fail(p, 'KAH0222', `expected a part of the name after '${joint.text}', found ${describe(last)}`, last.span, hint)
    }
    advance(p)
    host += joint.text + (last.kind === 'number' ? last.written : last.text)
  }
  return { host, span: joinSpans(first.span, last.span) }
}

/** `proto:`, where one stands; `*` and none are any protocol. */
export function parseProtocol(p: Parser): SocketAddress['protocol'] {
  const token = current(p)
  const isStar = isOperator(token, '*')
  if (token.kind !== 'keyword' && !isStar) return 'any'
  if (!isOperator(peek(p), ':')) return 'any'
  const protocol = isStar ? 'any' : socketProtocols.get(token.text)
  if (protocol === undefined) {
    const hint = token.text === 'ws' || token.text === 'wss' ? `a WebSocket listens on ${token.text === 'ws' ? 'tcp' : 'tls'}`
      : 'udp, tcp, tls and sctp are'
    return fail(p, 'KAH0222', `'${token.written}' is no protocol to listen on`, token.span, hint)
  }
  advance(p)
  advance(p)
  return protocol
}

/** `:port` where one stands; 0 for none and for `*`. */
export function parsePort(p: Parser): number {
  if (!accept(p, ':')) return 0
  const token = current(p)
  if (isOperator(token, '*')) {
    advance(p)
    return 0
  }
  if (token.kind !== 'number') {
    return fail(p, 'KAH0222', `expected a port number after ':', found ${describe(token)}`, token.span)
  }
  advance(p)
  return token.value
}

/** `[proto:]host[:port]`. */
export function parseSocketAddress(p: Parser, where: string): SocketAddress {
  const first = current(p)
  const protocol = parseProtocol(p)
  const { host, span } = parseListenHost(p, where)
  const port = parsePort(p)
  return { protocol, host, port, span: joinSpans(first.span, port === 0 ? span : (p.tokens[p.index - 1]?.span ?? span)) }
}
