import type { Address, Expression, Span } from './ast.ts'
import { EQUALITY, parseExpression, RELATION, reportSingleEquals, toBinary } from './parse-expression.ts'
import { atAddress, parseAddress } from './parse-address.ts'
import {
  advance, current, describe, error, fail, isKeyword, isOperator, peek, type Parser,
} from './parser.ts'
import { joinSpans } from './source.ts'
import type { Token } from './token.ts'

/** What may be compared, with which operators, and what may stand on the right besides an expression. */
interface OperandRule {
  readonly operators: readonly string[]
  readonly right: 'method' | 'uri' | 'number' | 'protocol' | 'ip' | 'self'
}

const equality = ['==', '!=', 'eq', 'ne']
const matching = [...equality, '=~']
const ordering = [...equality, '<', '<=', '>', '>=']
const rules: ReadonlyMap<string, OperandRule> = new Map<string, OperandRule>([
  ['method', { operators: matching, right: 'method' }],
  ['uri', { operators: matching, right: 'uri' }],
  ['status', { operators: matching, right: 'uri' }],
  ['from_uri', { operators: matching, right: 'uri' }],
  ['to_uri', { operators: matching, right: 'uri' }],
  ['src_port', { operators: ordering, right: 'number' }],
  ['dst_port', { operators: ordering, right: 'number' }],
  ['snd_port', { operators: ordering, right: 'number' }],
  ['to_port', { operators: ordering, right: 'number' }],
  ['af', { operators: ordering, right: 'number' }],
  ['snd_af', { operators: ordering, right: 'number' }],
  ['msg:len', { operators: ordering, right: 'number' }],
  ['proto', { operators: equality, right: 'protocol' }],
  ['snd_proto', { operators: equality, right: 'protocol' }],
  ['src_ip', { operators: matching, right: 'ip' }],
  ['dst_ip', { operators: matching, right: 'ip' }],
  ['snd_ip', { operators: matching, right: 'ip' }],
  ['to_ip', { operators: matching, right: 'ip' }],
  ['myself', { operators: equality, right: 'self' }],
])

const protocols = new Set(['udp', 'tcp', 'tls', 'sctp', 'ws', 'wss'])

export function isCoreOperand(word: string): boolean {
  return rules.has(word)
}

/**
 * `operand operator value` is one unit whatever stands before it: `!method == "INVITE"` negates the comparison. `==` and
 * `eq` are the same here.
 */
export function parseOperandComparison(p: Parser): Expression {
  const token = advance(p)
  const rule = rules.get(token.text)
  if (rule === undefined) return fail(p, 'KAH0201', `${describe(token)} is no operand`, token.span)
  const operator = current(p)
  if (isOperator(operator, '=')) reportSingleEquals(p)
  else if (operator.kind !== 'operator' || !rule.operators.includes(operator.text)) {
    const place = operator.kind === 'operator' ? operator.span : token.span
    return fail(p, 'KAH0201', `${describe(token)} must be compared: ${listOf(rule.operators)} may follow`, place)
  }
  advance(p)
  const power = ['<', '<=', '>', '>='].includes(operator.text) ? RELATION : EQUALITY
  const left = { kind: 'operand' as const, name: token.text, span: token.span }
  const name = operator.text === '=' || operator.text === 'eq' ? '==' : operator.text === 'ne' ? '!=' : operator.text
  const right = parseRight(p, rule, token, power)
  const span = joinSpans(token.span, right.span)
  const binary = (a: Expression, b: Expression): Expression => ({
    kind: 'binary', operator: toBinary(name), left: a, right: b, span,
  })
  return rule.right === 'self' ? binary(right, left) : binary(left, right)
}

function listOf(operators: readonly string[]): string {
  const shown = operators.filter((operator) => operator !== 'eq' && operator !== 'ne').map((operator) => `'${operator}'`)
  return `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`
}

function parseRight(p: Parser, rule: OperandRule, operand: Token, power: number): Expression {
  const token = current(p)
  const word = (text: string, span: Span): Expression => ({ kind: 'word', text, span })
  switch (rule.right) {
    case 'self': {
      const isUri = ['uri', 'status', 'from_uri', 'to_uri', 'src_ip', 'dst_ip', 'snd_ip', 'to_ip'].includes(token.text)
      if (token.kind !== 'keyword' || !isUri) {
        fail(
          p, 'KAH0201',
          `'myself' is compared with uri, from_uri, to_uri, src_ip or dst_ip, not with ${describe(token)}`, token.span,
        )
      }
      advance(p)
      return { kind: 'operand', name: token.text, span: token.span }
    }
    case 'method':
      if (token.kind === 'word' && !isOperator(peek(p), '(')) return word(advance(p).text, token.span)
      break
    case 'uri':
      if (isKeyword(token, 'myself')) return { kind: 'operand', name: advance(p).text, span: token.span }
      break
    case 'protocol':
      if (token.kind === 'keyword' && protocols.has(token.text)) return word(advance(p).text, token.span)
      if (isOperator(token, '*')) return word(advance(p).text, token.span)
      break
    case 'ip': {
      if (isKeyword(token, 'myself')) return { kind: 'operand', name: advance(p).text, span: token.span }
      if (atAddress(p)) return parseNetwork(p)
      if (token.kind === 'word' && !isOperator(peek(p), '(')) return parseHost(p)
      if (token.kind === 'number') {
        fail(p, 'KAH0222', `${describe(operand)} is compared with an address or a host, not with a number`, token.span)
      }
    }
  }
  return parseExpression(p, power + 1)
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::/32` or one address. */
function parseNetwork(p: Parser): Address {
  const address = parseAddress(p)
  if (!isOperator(current(p), '/')) return address
  advance(p)
  const token = current(p)
  if (atAddress(p)) {
    const mask = parseAddress(p)
    return { ...address, mask: mask.host, text: `${address.text}/${mask.text}`, span: joinSpans(address.span, mask.span) }
  }
  if (token.kind !== 'number') {
    return fail(
      p, 'KAH0222', `a netmask must follow '/', found ${describe(token)}`, token.span, 'for example 8 or 255.0.0.0',
    )
  }
  advance(p)
  const bits = address.host.includes(':') ? 128 : 32
  if (token.value < 0 || token.value > bits) {
    error(p, 'KAH0222', `a netmask of this address has 0 to ${bits} bits, not ${token.value}`, token.span)
  }
  return { ...address, mask: String(token.value), text: `${address.text}/${token.value}`, span: joinSpans(address.span, token.span) }
}

/** `host.example-1.org`: words with dots and dashes between them. */
export function parseHost(p: Parser): Expression {
  const first = advance(p)
  let text = first.text
  let span = first.span
  while (isOperator(current(p), '.') || isOperator(current(p), '-')) {
    const joint = advance(p)
    const part = current(p)
    if (part.kind !== 'word') {
      fail(p, 'KAH0222', `a part of the host name must follow '${joint.text}', found ${describe(part)}`, part.span)
    }
    advance(p)
    text += joint.text + part.text
    span = joinSpans(span, part.span)
  }
  return { kind: 'word', text, span }
}
