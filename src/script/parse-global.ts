import type { Alias, CustomParameter, GlobalAssignment, Item, Listen, SocketAddress, Span, Value } from './ast.ts'
import { laterParameters, parameterForms, type ParameterForm } from './global-parameters.ts'
import { nearest } from './nearest.ts'
import { atAddress, atListenHost, parseAddress, parseListenHost, parsePort, parseProtocol } from './parse-address.ts'
import {
  accept, advance, current, describe, expect, fail, isKeyword, isOnNextLine, isOperator, peek, previous, type Parser,
} from './parser.ts'
import { joinSpans, spanAfter } from './source.ts'
import type { Token } from './token.ts'

const formNames: Record<ParameterForm, string> = {
  number: 'a number', int: 'a number', string: 'a string in quotes', word: 'a word without quotes',
  text: 'a string or a word', 'number-or-word': 'a number or a word', ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address', 'tls-method': 'TLSv1, SSLv3, SSLv2 or SSLv23', protocol: 'udp, tcp, tls or sctp',
  host: 'an address or host name', addresses: 'addresses',
}
const tlsMethods = new Set(['sslv23', 'sslv2', 'sslv3', 'tlsv1'])
const protocols = new Set(['udp', 'tcp', 'tls', 'sctp'])

export function isGlobalParameter(token: Token): boolean {
  return token.kind === 'keyword' && parameterForms.has(token.text)
}

/** `name = value`, `listen = ...` or `alias = ...`. */
export function parseGlobal(p: Parser): Item {
  const name = advance(p)
  const form = parameterForms.get(name.text) ?? 'number'
  if (!isOperator(current(p), '=')) {
    const place = isOnNextLine(current(p), name) ? spanAfter(name.span) : current(p).span
    const hint = isOperator(current(p), '(') ? 'functions are called inside of routes' : undefined
    return fail(p, 'KAH0201', `expected '=' after ${name.written}, found ${describe(current(p))}`, place, hint)
  }
  advance(p)
  if (name.text === 'listen') return parseListen(p, name)
  if (name.text === 'alias') return parseAlias(p, name)
  const value = parseParameterValue(p, name, form)
  const item: GlobalAssignment = { kind: 'global', name: name.text, values: [value], span: joinSpans(name.span, value.span) }
  return item
}

function failValue(p: Parser, name: Token, form: ParameterForm): never {
  const token = current(p)
  const isMissing = isOnNextLine(token, previous(p)) || token.kind === 'end' || isOperator(token, ';')
  if (isMissing) {
    return fail(
      p, 'KAH0208', `the value of ${name.written} is missing: ${formNames[form]}`, spanAfter(previous(p).span),
    )
  }
  let hint: string | undefined
  const isNumeric = (form === 'number' || form === 'int') && /^-?\d+$/.test(token.text)
  if (token.kind === 'string' && (isNumeric || form === 'word')) hint = `write ${token.text} without quotes`
  else if (form === 'string' && token.kind !== 'operator') hint = 'put it in quotes'
  else if (isOperator(token, '-') && form === 'number') hint = 'it cannot be negative'
  return fail(p, 'KAH0208', `${name.written} takes ${formNames[form]}, not ${describe(token)}`, token.span, hint)
}

function parseParameterValue(p: Parser, name: Token, form: ParameterForm): Value {
  const token = current(p)
  switch (form) {
    case 'int':
      if (isOperator(token, '-') && peek(p).kind === 'number') return parseInt32(p)
      if (token.kind === 'number') return parseInt32(p)
      break
    case 'number':
      if (token.kind === 'number') return parseInt32(p)
      break
    case 'number-or-word':
      if (token.kind === 'number') return parseInt32(p)
      if (token.kind === 'word') return toValue(advance(p), 'word')
      break
    case 'string':
      if (token.kind === 'string') return toValue(advance(p), 'string')
      break
    case 'word':
      if (token.kind === 'word') return toValue(advance(p), 'word')
      break
    case 'text':
      if (token.kind === 'string') return toValue(advance(p), 'string')
      if (token.kind === 'word') return toValue(advance(p), 'word')
      break
    case 'ipv4': case 'ipv6':
      if (atAddress(p) && (token.kind === 'number') === (form === 'ipv4')) {
        const address = parseAddress(p)
        return { type: 'word', value: address.host, span: address.span }
      }
      break
    case 'tls-method':
      if (token.kind === 'keyword' && tlsMethods.has(token.text)) return toValue(advance(p), 'word')
      break
    case 'protocol':
      if ((token.kind === 'keyword' && protocols.has(token.text)) || isOperator(token, '*')) return toValue(advance(p), 'word')
      break
    case 'host': {
      const isQuoted = token.kind === 'string'
      const { host, span } = parseListenHost(p, `for ${name.written}`)
      return { type: isQuoted ? 'string' : 'word', value: host, span }
    }
  }
  return failValue(p, name, form)
}

function toValue(token: Token, type: 'string' | 'word'): Value {
  return { type, value: token.text, span: token.span }
}

/** A number with or without a sign. */
export function parseInt32(p: Parser): Value {
  const first = advance(p)
  if (!isOperator(first, '-')) return { type: 'int', value: first.value, span: first.span }
  const number = advance(p)
  return { type: 'int', value: (0 - number.value) | 0, span: joinSpans(first.span, number.span) }
}

/** `group.name = value desc "text"`, `group[N].name = value` and `kemi.callback = "name"`. */
export function parseCustom(p: Parser): CustomParameter | GlobalAssignment {
  const group = advance(p)
  const isKemi = isKeyword(group, 'kemi')
  let index: number | undefined
  if (!isKemi && accept(p, '[')) {
    const number = current(p)
    if (number.kind !== 'number') {
      fail(p, 'KAH0201', `expected a number after '[', found ${describe(number)}`, number.span)
    }
    index = advance(p).value
    expect(p, ']', `after the index of ${group.text}`)
  }
  expect(p, '.', `after ${group.text}`)
  const name = current(p)
  if (isKemi ? !name.text.endsWith('_callback') : name.kind !== 'word' && !isKeyword(name, 'default')) {
    const hint = name.kind === 'keyword' ? `'${name.written}' is a reserved word` : undefined
    fail(
      p, 'KAH0201', `expected the name of a parameter after '${group.text}.', found ${describe(name)}`, name.span,
      hint,
    )
  }
  advance(p)
  expect(p, '=', `after ${group.text}.${name.text}`)
  const token = current(p)
  if (token.kind !== 'string' && (isKemi || token.kind !== 'number')) {
    fail(
      p, 'KAH0208',
      `${group.text}.${name.text} takes a ${isKemi ? 'string' : 'number or a string'}, not ${describe(token)}`,
      token.span,
    )
  }
  const value = token.kind === 'number' ? parseInt32(p) : toValue(advance(p), 'string')
  const span = joinSpans(group.span, value.span)
  if (isKemi) return { kind: 'global', name: `kemi.${name.text}`, values: [value], span }
  let description: string | undefined
  if (index === undefined && isKeyword(current(p), 'description')) {
    advance(p)
    if (current(p).kind !== 'string') {
      fail(p, 'KAH0208', `a description is a string, not ${describe(current(p))}`, current(p).span)
    }
    description = advance(p).text
  }
  return { kind: 'custom', group: group.text, index, name: name.text, value, description, span }
}

/** True where another address of a list may begin. */
function atListenAddress(p: Parser): boolean {
  const token = current(p)
  if (isOperator(token, '(')) return true
  if (isOperator(peek(p), ':') && (isOperator(token, '*') || token.kind === 'keyword')) return true
  return atListenHost(p)
}

function parseAddresses(p: Parser, name: Token): SocketAddress[] {
  const addresses: SocketAddress[] = []
  if (!atListenAddress(p)) parseListenHost(p, `after ${name.written} =`)
  do {
    const first = current(p)
    if (addresses.length > 0) failSwallowed(p, name, first)
    const protocol = parseProtocol(p)
    const hosts: { host: string; span: Span }[] = []
    if (accept(p, '(')) {
      do hosts.push(parseListenHost(p, 'in the list')); while (accept(p, ','))
      expect(p, ')', 'after the list of addresses')
    } else hosts.push(parseListenHost(p, `after ${name.written} =`))
    const port = parsePort(p)
    const span = joinSpans(first.span, previous(p).span)
    for (const { host } of hosts) addresses.push({ protocol, host, port, span })
  } while (atListenAddress(p))
  return addresses
}

/** The list goes on over line ends: a custom parameter in the next line would be read as one more host. */
function failSwallowed(p: Parser, name: Token, first: Token): void {
  if (first.kind !== 'word' || first.span.line === name.span.line) return
  let ahead = 1
  while (isOperator(peek(p, ahead), '.') && ahead < 20) ahead += 2
  const isParameter = ahead > 1 ? isOperator(peek(p, ahead), '=') : isOperator(peek(p), '=') || isOperator(peek(p), '[')
  if (!isParameter) return
  const place = spanAfter(previous(p).span)
  fail(
    p, 'KAH0222', `the list of addresses goes on in the next line: ${first.text} is taken for a host`, place,
    "end the list with ';'",
  )
}

function parseListen(p: Parser, start: Token): Listen {
  const addresses = parseAddresses(p, start)
  let advertise: SocketAddress | undefined
  let name: string | undefined
  if (isKeyword(current(p), 'advertise')) {
    const first = advance(p)
    const { host, span } = parseListenHost(p, 'after advertise')
    let port = 0
    if (accept(p, ':')) {
      const token = current(p)
      if (token.kind !== 'number') {
        fail(p, 'KAH0222', `expected a port number after ':', found ${describe(token)}`, token.span)
      }
      port = advance(p).value
    }
    advertise = { protocol: 'any', host, port, span: joinSpans(first.span, joinSpans(span, previous(p).span)) }
  }
  if (isKeyword(current(p), 'name')) {
    advance(p)
    const token = current(p)
    if (token.kind !== 'string') {
      fail(p, 'KAH0222', `the name of a socket is a string, not ${describe(token)}`, token.span)
    }
    name = advance(p).text
  }
  const isVirtual = isKeyword(current(p), 'virtual')
  if (isVirtual) advance(p)
  return {
    kind: 'listen', addresses, advertise, name, isVirtual, workers: undefined, workersGroup: undefined,
    span: joinSpans(start.span, previous(p).span),
  }
}

function parseAlias(p: Parser, start: Token): Alias {
  const addresses = parseAddresses(p, start)
  return { kind: 'alias', addresses, span: joinSpans(start.span, previous(p).span) }
}

/** `word = ...` with a word that is no parameter. */
export function failUnknownParameter(p: Parser): never {
  const token = current(p)
  if (laterParameters.has(token.text)) {
    const hint = token.text === 'socket' ? 'write listen = ... advertise ... name "..."'
      : token.text === 'domain' ? 'write alias = ...' : undefined
    fail(p, 'KAH0221', `the parameter ${token.text} came after Kamailio 5.6`, token.span, hint)
  }
  const meant = nearest(token.text, parameterForms.keys())
  return fail(p, 'KAH0207', `${token.text} is no global parameter`, token.span, meant === undefined
    ? `parameters of your own have a group: ${token.text.includes('_') ? token.text.replace('_', '.') : `my.${token.text}`} = ...`
    : `did you mean ${meant}?`)
}
