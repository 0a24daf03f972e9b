import type { BinaryOperator, Expression, IntLiteral, Span, UnaryOperator, Variable, AvpRef } from './ast.ts'
import { isCoreFunction, parseCoreCall } from './parse-core-call.ts'
import { isCoreOperand, parseOperandComparison } from './parse-operand.ts'
import { nearest } from './nearest.ts'
import {
  accept, advance, current, describe, error, errorOnce, expect, fail, failOnce, isKeyword, isOperator, looksDefined,
  nested, peek, previous, unexpected, warn,
  type Parser,
} from './parser.ts'
import { parseActions } from './parse-block.ts'
import { joinSpans, spanAfter } from './source.ts'
import type { Token } from './token.ts'

/** Binding power: the higher binds tighter; operators of a level group from the left. */
const precedence: ReadonlyMap<string, number> = new Map([
  ['||', 1], ['&&', 2], ['|', 3], ['&', 4], ['^', 5], ['<<', 6], ['>>', 7],
  ['==', 8], ['!=', 8], ['=~', 8], ['eq', 8], ['ne', 8], ['ieq', 8], ['ine', 8],
  ['<', 9], ['<=', 9], ['>', 9], ['>=', 9],
  ['+', 10], ['-', 10], ['*', 11], ['/', 11], ['mod', 11],
])
export const EQUALITY = 8
export const RELATION = 9
const MAX_CHAIN = 2000
/** A module function takes at most six arguments in Kamailio's grammar. */
const MAX_ARGUMENTS = 6

/** Parses an expression whose operators all bind at least as tightly as `minimum`. */
export function parseExpression(p: Parser, minimum = 1): Expression {
  return nested(p, () => {
    let left = parseUnary(p)
    for (let links = 0; ; links++) {
      const operator = meantOperator(p, current(p))
      const power = operator.kind === 'operator' ? precedence.get(operator.text) : undefined
      if (power === undefined || power < minimum) return left
      if (links >= MAX_CHAIN) fail(p, 'KAH0226', 'this expression has too many parts', operator.span)
      advance(p)
      const right = parseExpression(p, power + 1)
      left = {
        kind: 'binary', operator: toBinary(operator.text), left, right, span: joinSpans(left.span, right.span),
      }
    }
  })
}

/** Operators of other languages are reported and read as what they mean there. */
function meantOperator(p: Parser, token: Token): Token {
  if (token.kind !== 'operator') return token
  const isRemainder = token.text === '%'
  if (!isRemainder && token.text !== '.') return token
  const next = peek(p).kind
  if (!isRemainder && next !== 'string' && next !== 'variable') return token
  const name = `${token.span.file}:${token.span.line}:${token.span.column}`
  const hint = isRemainder ? "a remainder is written 'mod'" : "strings are joined with '+'"
  errorOnce(p, name, 'KAH0217', `'${token.text}' is no operator`, token.span, hint)
  return { ...token, text: isRemainder ? 'mod' : '+' }
}

const binaryOperators: ReadonlyMap<string, BinaryOperator> = new Map(
  (['||', '&&', '|', '&', '^', '<<', '>>', '==', '!=', '=~', 'eq', 'ne', 'ieq', 'ine', '<', '<=', '>', '>=', '+', '-',
    '*', '/', 'mod'] as const).map((operator) => [operator, operator]),
)

export function toBinary(text: string): BinaryOperator {
  return binaryOperators.get(text) ?? '=='
}

/**
 * The condition of an if or while. A single `=` that is no assignment in parentheses is reported as the slip for `==`
 * that it is, and read as one.
 */
export function parseCondition(p: Parser): Expression {
  const condition = parseExpression(p)
  if (!isOperator(current(p), '=')) return condition
  reportSingleEquals(p)
  advance(p)
  const right = parseExpression(p)
  return { kind: 'binary', operator: '==', left: condition, right, span: joinSpans(condition.span, right.span) }
}

export function reportSingleEquals(p: Parser): void {
  error(p, 'KAH0205', "'=' assigns; a comparison is written '=='", current(p).span, "write '=='")
}

const unaryWords: ReadonlyMap<string, UnaryOperator> = new Map([['!', '!'], ['-', '-'], ['~', '~']])

function parseUnary(p: Parser): Expression {
  const token = current(p)
  if (token.kind === 'operator') {
    const negative = parseNegative(p)
    if (negative !== undefined) return negative
    const operator = unaryWords.get(token.text)
    if (operator !== undefined) {
      advance(p)
      const operand = nested(p, () => parseUnary(p))
      return { kind: 'unary', operator, operand, span: joinSpans(token.span, operand.span) }
    }
    if (token.text === '(int)' || token.text === '(str)') {
      advance(p)
      const operand = nested(p, () => parseUnary(p))
      const to = token.text === '(int)' ? 'int' : 'str'
      return { kind: 'cast', to, operand, span: joinSpans(token.span, operand.span) }
    }
  }
  if (isKeyword(token, 'defined')) {
    advance(p)
    const operand = nested(p, () => parseUnary(p))
    return { kind: 'unary', operator: 'defined', operand, span: joinSpans(token.span, operand.span) }
  }
  return parsePrimary(p)
}

/** `-5` is one number. */
function parseNegative(p: Parser): IntLiteral | undefined {
  const token = current(p)
  const next = peek(p)
  if (token.text !== '-' || next.kind !== 'number') return undefined
  advance(p)
  advance(p)
  return { kind: 'int', value: (0 - next.value) | 0, span: joinSpans(token.span, next.span) }
}

function parsePrimary(p: Parser): Expression {
  const token = current(p)
  switch (token.kind) {
    case 'number':
      advance(p)
      return { kind: 'int', value: token.value, span: token.span }
    case 'string':
      advance(p)
      return { kind: 'string', value: token.text, span: token.span }
    case 'variable':
    case 'avp':
      advance(p)
      return toReference(token)
    case 'select':
      advance(p)
      return { kind: 'select', text: token.text.replace(/\s(?=[^"']*$)/g, ''), span: token.span }
    case 'word':
      return parseModuleCall(p)
    case 'keyword':
      return parseKeyword(p, token)
    case 'operator':
      if (token.text === '(') return parseParenthesis(p)
      if (token.text === '{') {
        const body = parseActions(p)
        return { kind: 'actions', body, span: body.span }
      }
  }
  return failExpression(p)
}

function failExpression(p: Parser): never {
  const token = current(p)
  const before = previous(p)
  const isAfterOperator = before.kind === 'operator' && (precedence.has(before.text) || unaryWords.has(before.text))
  if (token.kind === 'operator' && token.text === '=' && isAfterOperator) {
    fail(p, 'KAH0201', `'${before.text}=' is no operator`, joinSpans(before.span, token.span))
  }
  return unexpected(p, isAfterOperator ? `an expression after '${before.written}'` : 'an expression')
}

export function toReference(token: Token): Variable | AvpRef {
  if (token.kind === 'avp') return { kind: 'avp', text: token.text.replace(/\s/g, ''), span: token.span }
  return { kind: 'variable', text: token.text, mayBeAvp: token.mayBeAvp, span: token.span }
}

function parseKeyword(p: Parser, token: Token): Expression {
  if (token.text === 'strlen' || token.text === 'strempty') {
    advance(p)
    expect(p, '(', `after ${token.text}`)
    const operand = parseExpression(p)
    const close = expect(p, ')', `after the argument of ${token.text}`)
    return { kind: 'unary', operator: token.text, operand, span: joinSpans(token.span, close.span) }
  }
  if (token.text === 'selval') {
    advance(p)
    expect(p, '(', 'after selval')
    const condition = parseExpression(p)
    expect(p, ',', 'after the condition of selval')
    const then = parseExpression(p)
    expect(p, ',', 'after the second argument of selval')
    const otherwise = parseExpression(p)
    const close = expect(p, ')', 'after the arguments of selval')
    return { kind: 'selval', condition, then, otherwise, span: joinSpans(token.span, close.span) }
  }
  if (isCoreOperand(token.text)) return parseOperandComparison(p)
  if (isCoreFunction(token.text)) return parseCoreCall(p)
  if (token.text === 'max_len') {
    fail(
      p, 'KAH0201', "'max_len' is a reserved word that no expression takes", token.span,
      "compare 'msg:len' with a number",
    )
  }
  return failExpression(p)
}

function parseParenthesis(p: Parser): Expression {
  const open = advance(p)
  const isTarget = current(p).kind === 'variable' || current(p).kind === 'avp'
  if (isTarget && isOperator(peek(p), '=')) return parseAssignmentExpression(p, open)
  const inner = parseExpression(p)
  if (isOperator(current(p), '=')) {
    reportSingleEquals(p)
    advance(p)
    const right = parseExpression(p)
    const close = expect(p, ')', `to close the one at ${placeOf(open)}`)
    return { kind: 'binary', operator: '==', left: inner, right, span: joinSpans(open.span, close.span) }
  }
  if (!isOperator(current(p), ')')) {
    fail(
      p, 'KAH0225', `expected ')' to close the '(' at ${placeOf(open)}, found ${describe(current(p))}`,
      current(p).span,
    )
  }
  advance(p)
  return inner
}

function placeOf(token: Token): string {
  return `${token.span.line}:${token.span.column}`
}

/** `($x = value)`: allowed by Kamailio's grammar, and nearly always a slip. */
function parseAssignmentExpression(p: Parser, open: Token): Expression {
  const target = toReference(advance(p))
  const equals = advance(p)
  const value = parseExpression(p)
  const close = expect(p, ')', `to close the one at ${placeOf(open)}`)
  warn(p, 'KAH0227', `this assigns to ${target.text}`, equals.span, "a comparison is written '=='")
  const span = joinSpans(target.span, value.span)
  const whole = joinSpans(open.span, close.span)
  const body = { kind: 'block' as const, statements: [{ kind: 'assign' as const, operator: '=' as const, target, value, span }], span }
  return { kind: 'actions', body, span: whole }
}

/** `name(argument, ...)`. */
function parseModuleCall(p: Parser): Expression {
  const name = advance(p)
  if (!isOperator(current(p), '(')) failBareWord(p, name)
  if (p.callDepth > 0) {
    error(p, 'KAH0215', `${name.text}() cannot be called inside the arguments of another function`, name.span,
      'call it first and keep the result: $var(x) = ' + name.text + '(...)')
  }
  p.callDepth++
  const args: Expression[] = []
  let close: Token
  try {
    advance(p)
    if (isOperator(current(p), ',')) {
      warn(
        p, 'KAH0229', 'the argument before this comma is missing: Kamailio goes on as if the comma were not there',
        current(p).span,
      )
      advance(p)
    }
    if (!isOperator(current(p), ')')) {
      do {
        if (isOperator(current(p), ')') || isOperator(current(p), ',')) {
          fail(p, 'KAH0229', `an argument of ${name.text} is missing`, current(p).span, 'an empty string is written ""')
        }
        args.push(parseExpression(p))
      } while (accept(p, ','))
    }
    if (!isOperator(current(p), ')')) failArguments(p, name)
    close = advance(p)
  } finally {
    p.callDepth--
  }
  const span = joinSpans(name.span, close.span)
  if (args.length > MAX_ARGUMENTS) {
    error(
      p, 'KAH0216', `${name.text} is given ${args.length} arguments: no function takes more than ${MAX_ARGUMENTS}`,
      span,
    )
  }
  return { kind: 'call', name: name.text, isCore: false, args, nameSpan: name.span, span }
}

function failArguments(p: Parser, name: Token): never {
  const token = current(p)
  if (isOperator(token, '=')) {
    reportSingleEquals(p)
    fail(p, 'KAH0225', `expected ')' after the arguments of ${name.text}`, token.span)
  }
  if (token.kind === 'string' || token.kind === 'variable' || token.kind === 'number') {
    fail(
      p, 'KAH0201', `expected ',' or ')' in the arguments of ${name.text}, found ${describe(token)}`, token.span,
      "arguments are separated by ','",
    )
  }
  const place: Span = spanAfter(previous(p).span)
  return fail(
    p, 'KAH0225', `expected ')' after the arguments of ${name.text}, found ${describe(token)}`, place,
    "close the list with ')'",
  )
}

const words = ['defined', 'not', 'strlen', 'strempty', 'selval', 'myself', 'method', 'uri', 'status', 'src_ip', 'and', 'or']

function failBareWord(p: Parser, name: Token): never {
  if (looksDefined(name.text)) {
    failOnce(
      p, name.text, 'KAH0201', `'${name.text}' is not defined`, name.span, `write #!define ${name.text} ... before it`,
    )
  }
  const meant = nearest(name.text, words)
  const hint = meant !== undefined ? `did you mean '${meant}'?`
    : `a call is written ${name.text}(), a text "${name.text}", a variable $var(${name.text})`
  return fail(p, 'KAH0201', `'${name.text}' alone is no value`, name.span, hint)
}
