import type { Case, Expression, Switch } from './ast.ts'
import { parseExpression } from './parse-expression.ts'
import { closeBlock, parseStatements, recoverToBlock } from './parse-block.ts'
import {
  accept, advance, current, describe, error, expect, fail, isKeyword, isOperator, ParseFailure, type OpenBlock,
  type Parser,
} from './parser.ts'
import { joinSpans } from './source.ts'

const integerOperators = new Set(['==', '!=', '=~', 'eq', 'ne', 'ieq', 'ine', '<', '<=', '>', '>=', '&&', '||'])

/** The type of an expression made of constants only; `undefined` for any other. */
export function constantType(expression: Expression): 'int' | 'string' | undefined {
  switch (expression.kind) {
    case 'int': return 'int'
    case 'string': return 'string'
    case 'unary': return constantType(expression.operand) === undefined ? undefined : 'int'
    case 'cast': {
      const inner = constantType(expression.operand)
      return inner === undefined ? undefined : expression.to === 'int' ? 'int' : 'string'
    }
    case 'binary': {
      const left = constantType(expression.left)
      if (left === undefined || constantType(expression.right) === undefined) return undefined
      if (integerOperators.has(expression.operator)) return 'int'
      return expression.operator === '+' ? left : 'int'
    }
    case 'selval': {
      const parts = [expression.condition, expression.then, expression.otherwise].map(constantType)
      return parts.includes(undefined) ? undefined : parts[1]
    }
    default: return undefined
  }
}

/** The text of a constant string, as far as a label needs: literals, casts of them, and their sums. */
function constantText(expression: Expression): string | undefined {
  if (expression.kind === 'string') return expression.value
  if (expression.kind === 'int') return String(expression.value)
  if (expression.kind === 'cast' && expression.to === 'str') return constantText(expression.operand)
  if (expression.kind !== 'binary' || expression.operator !== '+' || constantType(expression.left) !== 'string') return undefined
  const left = constantText(expression.left)
  const right = constantText(expression.right)
  return left === undefined || right === undefined ? undefined : left + right
}

/** `switch (subject) { case ...: statements default: statements }`. */
export function parseSwitch(p: Parser): Switch {
  const start = advance(p)
  let subject: Expression
  try {
    subject = parseExpression(p)
  } catch (thrown) {
    subject = recoverToBlock(p, thrown)
  }
  const block: OpenBlock = { token: current(p), indent: start.span.column }
  expect(p, '{', 'to open the cases of the switch')
  p.openBlocks.push(block)
  const cases: Case[] = []
  const sound: Case[] = []
  while (isKeyword(current(p), 'case') || isKeyword(current(p), 'default')) {
    const one = parseCase(p)
    cases.push(one.case)
    if (one.isSound) sound.push(one.case)
  }
  if (current(p).kind !== 'end' && !isOperator(current(p), '}') && !p.isUnclosed) {
    p.openBlocks.pop()
    fail(p, 'KAH0213', `expected 'case' or 'default', found ${describe(current(p))}`, current(p).span)
  }
  const close = closeBlock(p, block)
  checkLabels(p, sound)
  return { kind: 'switch', subject, cases, span: joinSpans(start.span, close.span) }
}

function parseCase(p: Parser): { readonly case: Case; readonly isSound: boolean } {
  const start = advance(p)
  let match: Case['match'] = { kind: 'default' }
  let isSound = true
  if (start.text === 'case') {
    try {
      match = parseLabel(p)
    } catch (thrown) {
      if (!(thrown instanceof ParseFailure)) throw thrown
      isSound = false
      const line = start.span.line
      while (!isOperator(current(p), ':') && current(p).span.line === line && current(p).kind !== 'end') advance(p)
    }
  }
  if (!accept(p, ':') && isSound) {
    error(
      p, 'KAH0213',
      `expected ':' after ${start.text === 'case' ? 'the label' : "'default'"}, found ${describe(current(p))}`,
      current(p).span,
    )
  }
  const isOver = () => isOperator(current(p), '}') || isKeyword(current(p), 'case') || isKeyword(current(p), 'default')
  const body = parseStatements(p, isOver)
  return { case: { match, body, span: start.span }, isSound }
}

function parseLabel(p: Parser): Case['match'] {
  const isRegex = isOperator(current(p), '/')
  if (isRegex) {
    const slash = advance(p)
    if (current(p).kind !== 'string' && !isOperator(current(p), '(')) {
      fail(p, 'KAH0213', "a regular expression stands in quotes after the '/'", slash.span, 'write case /"^sip:":')
    }
  }
  const label = parseExpression(p)
  if (constantType(label) === undefined) {
    fail(p, 'KAH0213', 'the label of a case must be a constant', label.span, 'compare other values with if')
  }
  if (!isRegex) return { kind: 'expression', value: label }
  const pattern = constantText(label)
  if (pattern === undefined || constantType(label) !== 'string') {
    fail(p, 'KAH0213', 'a regular expression must be a constant string', label.span)
  }
  return { kind: 'regex', pattern }
}

/** Numbers and strings do not mix, and there is one default at most. */
function checkLabels(p: Parser, cases: readonly Case[]): void {
  let type: 'int' | 'string' | undefined
  let hasDefault = false
  for (const { match, span } of cases) {
    if (match.kind === 'default') {
      if (hasDefault) error(p, 'KAH0214', "this switch has a 'default' already", span)
      hasDefault = true
      continue
    }
    const own = match.kind === 'regex' ? 'string' : constantType(match.value)
    if (type !== undefined && own !== type) {
      error(
        p, 'KAH0214', 'the labels of a switch are all numbers or all strings', span,
        `the ones before are ${type === 'int' ? 'numbers' : 'strings'}`,
      )
      return
    }
    type = own
  }
}
