import type { Block, Expression, Flow, If, Span, Statement, While } from './ast.ts'
import { atTop, parseActions, recoverToBlock } from './parse-block.ts'
import { isCoreFunction, coreFunctionNames } from './parse-core-call.ts'
import { parseCondition, parseExpression, toReference } from './parse-expression.ts'
import { isCoreOperand } from './parse-operand.ts'
import { parseSwitch } from './parse-switch.ts'
import { nearest } from './nearest.ts'
import {
  accept, advance, current, describe, error, fail, isKeyword, isOnNextLine, isOperator, nested, peek, previous,
  unexpected, type Parser,
} from './parser.ts'
import { joinSpans, spanAfter } from './source.ts'
import type { Token } from './token.ts'

const statementKeywords = ['if', 'else', 'while', 'switch', 'case', 'default', 'drop', 'exit', 'return', 'break']
const MAX_BRANCHES = 1000
const startKeywords = new Set(statementKeywords)

export function parseStatement(p: Parser): Statement {
  const token = current(p)
  switch (token.kind) {
    case 'operator':
      if (token.text === ';') return { kind: 'empty', span: advance(p).span }
      if (token.text === '{') {
        error(p, 'KAH0224', 'a block cannot stand alone', token.span, 'blocks follow if, else and while')
        return parseActions(p)
      }
      break
    case 'keyword':
      return parseKeywordStatement(p, token)
    case 'variable':
    case 'avp':
      return parseAssignment(p)
    case 'word':
      return parseWordStatement(p, token)
    case 'select':
      fail(p, 'KAH0228', `${token.text} is a select: it can only be read`, token.span)
      break
    case 'subst':
      fail(p, 'KAH0209', `#!${token.text} cannot stand inside a route`, token.span, 'move it before the routes')
  }
  if (skipLostComment(p, token)) return { kind: 'empty', span: token.span }
  return fail(p, 'KAH0209', `a statement cannot begin with ${describe(token)}`, token.span)
}

/** Reports and skips a line of words that can only be a comment whose `#` was lost. */
export function skipLostComment(p: Parser, token: Token): boolean {
  const next = peek(p)
  const isWord = token.kind === 'word' || (token.kind === 'operator' && /^[a-z]/.test(token.written))
  const isText = next.kind === 'word' || next.kind === 'keyword' || next.kind === 'number'
  if (!isWord || !isText || isOnNextLine(next, token)) return false
  error(p, 'KAH0210', 'this looks like a comment without its beginning', token.span, "begin it with '#'")
  while (current(p).kind !== 'end' && current(p).span.line === token.span.line) advance(p)
  return true
}

function parseKeywordStatement(p: Parser, token: Token): Statement {
  switch (token.text) {
    case 'if': return nested(p, () => parseIf(p))
    case 'while': return nested(p, () => parseWhile(p))
    case 'switch': return nested(p, () => parseSwitch(p))
    case 'drop': case 'exit': case 'return': case 'break': return parseFlow(p, token.text)
    case 'else':
      error(
        p, 'KAH0209', "this 'else' has no 'if'", token.span, "there may be a '}' too many, or one too few, before it",
      )
      advance(p)
      return parseBody(p)
    case 'case': case 'default':
      return fail(p, 'KAH0209', `'${token.text}' stands outside of a switch`, token.span)
  }
  if (isCoreFunction(token.text)) return parseCallStatement(p)
  if (isCoreOperand(token.text)) {
    return fail(
      p, 'KAH0209', `a comparison such as ${describe(token)} == ... is no statement`, token.span, 'use it in an if',
    )
  }
  return fail(p, 'KAH0209', `a statement cannot begin with ${describe(token)}`, token.span,
    isOperator(peek(p), '=') ? 'global parameters are set outside of routes' : undefined)
}

/** A module's function; anything else that begins with a word is a mistake. */
function parseWordStatement(p: Parser, token: Token): Statement {
  const next = peek(p)
  if (isOperator(next, '(')) {
    const meant = next.span.line === token.span.line ? misspelt(p, token) : undefined
    if (meant !== undefined) {
      return fail(p, 'KAH0209', `${describe(token)} begins no statement`, token.span, `did you mean '${meant}'?`)
    }
    return parseCallStatement(p)
  }
  const meant = nearest(token.text, [...statementKeywords, ...coreFunctionNames])
  if (meant === undefined && skipLostComment(p, token)) return { kind: 'empty', span: token.span }
  if (meant !== undefined) {
    return fail(p, 'KAH0209', `${describe(token)} begins no statement`, token.span, `did you mean '${meant}'?`)
  }
  if (isOperator(next, '=')) {
    return fail(p, 'KAH0228', `${describe(token)} is no variable`, token.span, `write $var(${token.text}) = ...`)
  }
  return fail(
    p, 'KAH0209', `${describe(token)} begins no statement`, token.span, `a function is called ${token.text}()`,
  )
}

/** `iff (...) {`: a word before parentheses and a brace is a misspelt keyword. */
function misspelt(p: Parser, token: Token): string | undefined {
  let depth = 0
  for (let ahead = 1; ahead < 200; ahead++) {
    const at = peek(p, ahead)
    if (isOperator(at, '(') || isOperator(at, '(int)') || isOperator(at, '(str)')) depth += at.text === '(' ? 1 : 0
    else if (isOperator(at, ')') && --depth === 0) {
      return isOperator(peek(p, ahead + 1), '{') ? nearest(token.text, ['if', 'while', 'switch']) : undefined
    } else if (at.kind === 'end' || isOperator(at, ';')) return undefined
  }
  return undefined
}

function parseCallStatement(p: Parser): Statement {
  const expression = parseExpression(p)
  if (expression.kind !== 'call') {
    if (expression.kind === 'binary') {
      error(
        p, 'KAH0209', `the result of '${expression.operator}' is not used: this is no statement`, expression.span,
        'use it in an if, or assign it',
      )
    } else error(p, 'KAH0209', 'this is no statement', expression.span)
  }
  endStatement(p, expression.kind === 'call' ? `${expression.name}(...)` : 'this')
  return { kind: 'expression', expression, span: expression.span }
}

function parseAssignment(p: Parser): Statement {
  const token = advance(p)
  const target = toReference(token)
  const operator = current(p)
  if (target.kind === 'avp' && /\[-?\d+\]$/.test(target.text)) {
    error(p, 'KAH0228', `${target.text} has an index: one value of an attribute cannot be assigned to`, target.span)
  }
  if (isOperator(operator, '+=')) {
    error(p, 'KAH0217', "Kamailio's language has no '+='", operator.span, `write ${target.text} = ${target.text} + ...`)
  } else if (isOperator(operator, '==')) {
    error(p, 'KAH0209', "'==' compares, and the result is not used", operator.span, "an assignment is written '='")
  } else if (!isOperator(operator, '=')) {
    const isPlus = operator.kind === 'operator' && (operator.text === '+' || operator.text === '-') && isOperator(peek(p), operator.text)
    const hint = isPlus ? `write ${target.text} = ${target.text} ${operator.text} 1` : undefined
    const place = isOnNextLine(operator, token) ? spanAfter(token.span) : operator.span
    return fail(p, 'KAH0201', `expected '=' after ${target.text}, found ${describe(operator)}`, place, hint)
  }
  advance(p)
  const value = parseExpression(p)
  endStatement(p, 'this assignment')
  return { kind: 'assign', operator: '=', target, value, span: joinSpans(target.span, value.span) }
}

function parseFlow(p: Parser, action: Flow['action']): Flow {
  const token = advance(p)
  let value: Expression | undefined
  let span: Span = token.span
  if (action !== 'break' && isOperator(current(p), '(') && isOperator(peek(p), ')')) {
    advance(p)
    span = joinSpans(span, advance(p).span)
  } else if (action !== 'break' && !isOperator(current(p), ';') && !isOperator(current(p), '}') && !atTop(p)) {
    const isNextLine = isOnNextLine(current(p), token)
    // `exit` without its semicolon, and the next statement on its own line.
    if (!isNextLine || !startsStatement(current(p))) {
      value = parseExpression(p)
      span = joinSpans(span, value.span)
    }
  }
  endStatement(p, `'${token.text}'`)
  return { kind: 'flow', action, value, span }
}

function startsStatement(token: Token): boolean {
  if (token.kind === 'keyword') return startKeywords.has(token.text) || isCoreFunction(token.text)
  return token.kind === 'word' || token.kind === 'variable' || token.kind === 'avp'
}

/** The `;` behind a statement. Where it is missing but the next statement begins, only that is reported. */
function endStatement(p: Parser, what: string): void {
  if (accept(p, ';')) return
  const token = current(p)
  const last = previous(p)
  const place = spanAfter(last.span)
  const isNextLine = isOnNextLine(token, last)
  if (isOperator(token, '}') || atTop(p) || startsStatement(token) || (isNextLine && token.kind !== 'operator')) {
    error(p, 'KAH0202', `a ';' is missing after ${what}`, place, "write ';' here")
    return
  }
  if (isOperator(token, ')')) {
    error(p, 'KAH0225', "this ')' has no '('", token.span)
    advance(p)
    accept(p, ';')
    return
  }
  fail(p, 'KAH0202', `expected ';' after ${what}, found ${describe(token)}`, token.span)
}

/** A block, or one statement without braces. */
export function parseBody(p: Parser): Block {
  const token = current(p)
  if (isOperator(token, '{')) return parseActions(p)
  if (isOperator(token, '}') || atTop(p)) unexpected(p, 'a block or a statement')
  const statement = parseStatement(p)
  return { kind: 'block', statements: statement.kind === 'empty' ? [] : [statement], span: statement.span }
}

function conditionOf(p: Parser, word: string): Expression {
  const depth = p.openBlocks.length
  try {
    if (isOperator(current(p), '(') && isOperator(peek(p), ')')) {
      fail(p, 'KAH0201', `${word} needs a condition`, joinSpans(current(p).span, peek(p).span))
    }
    const condition = parseCondition(p)
    if (isOperator(current(p), ')')) {
      error(p, 'KAH0225', "this ')' has no '('", current(p).span)
      advance(p)
    }
    return condition
  } catch (thrown) {
    p.openBlocks.length = depth
    return recoverToBlock(p, thrown)
  }
}

/** The branches are read one after another, so that a long chain of `else if` does not count as nesting. */
function parseIf(p: Parser): If {
  const branches: { start: Token; condition: Expression; then: Block }[] = []
  let otherwise: Block | If | undefined
  for (;;) {
    const start = advance(p)
    if (branches.length >= MAX_BRANCHES) fail(p, 'KAH0226', 'this if has too many branches', start.span)
    const condition = conditionOf(p, 'if')
    branches.push({ start, condition, then: parseBody(p) })
    if (!isKeyword(current(p), 'else')) break
    advance(p)
    if (isKeyword(current(p), 'if')) continue
    otherwise = parseBody(p)
    break
  }
  let whole: If | undefined
  for (const { start, condition, then } of branches.reverse()) {
    const rest: Block | If | undefined = whole ?? otherwise
    whole = { kind: 'if', condition, then, otherwise: rest, span: joinSpans(start.span, (rest ?? then).span) }
  }
  return whole ?? unexpected(p, 'if')
}

function parseWhile(p: Parser): While {
  const start = advance(p)
  const condition = conditionOf(p, 'while')
  const body = parseBody(p)
  return { kind: 'while', condition, body, span: joinSpans(start.span, body.span) }
}
