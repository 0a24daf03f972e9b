import type { Block, Expression, Statement } from './ast.ts'
import { parseStatement } from './parse-statement.ts'
import {
  advance, current, error, expect, isOnNextLine, isOperator, nested, ParseFailure, peek, previous, type OpenBlock,
  type Parser,
} from './parser.ts'
import { joinSpans } from './source.ts'
import type { Token } from './token.ts'

const routeKeywords = new Set([
  'route', 'request_route', 'reply_route', 'onreply_route', 'failure_route', 'branch_route', 'onsend_route', 'event_route',
])
const topKeywords = new Set(['loadmodule', 'loadmodulex', 'modparam', 'modparamx', 'loadpath', 'cfgengine'])
/** After an error, a line that begins with one of these is where the next statement begins. */
const startKeywords = new Set(['if', 'else', 'while', 'switch', 'case', 'default', 'drop', 'exit', 'return', 'break'])

export function isRouteKeyword(token: Token): boolean {
  return token.kind === 'keyword' && routeKeywords.has(token.text)
}

/** True at something that can only stand outside of routes: a brace before it must be missing. */
export function atTop(p: Parser): boolean {
  const token = current(p)
  if (token.kind === 'end') return true
  if (token.kind !== 'keyword') return false
  if (topKeywords.has(token.text)) return true
  if (!routeKeywords.has(token.text)) return false
  const next = peek(p)
  return isOperator(next, '{') || isOperator(next, '[')
}

/** The column that the line of a token begins in. */
function indentOf(p: Parser, index: number): number {
  let first = index
  const line = p.tokens[index]?.span.line
  while (first > 0 && p.tokens[first - 1]?.span.line === line) first--
  return p.tokens[first]?.span.column ?? 1
}

/** `{ statements }`. Errors inside are reported one by one; the block is returned with the statements that are in order. */
export function parseActions(p: Parser): Block {
  return nested(p, () => {
    const block: OpenBlock = { token: current(p), indent: indentOf(p, p.index) }
    const open = expect(p, '{', 'to open a block')
    p.openBlocks.push(block)
    const statements = parseStatements(p, () => isOperator(current(p), '}'))
    const close = closeBlock(p, block)
    if (statements.length === 0 && !p.isUnclosed && p.tokens[p.index - 2] === open) {
      error(p, 'KAH0206', 'this block is empty', joinSpans(open.span, close.span), "an empty block needs a ';': {;}")
    }
    return { kind: 'block', statements, span: joinSpans(open.span, close.span) }
  })
}

/** Takes the closing brace, or reports the block that was not closed and goes on as if all of them were. */
export function closeBlock(p: Parser, block: OpenBlock): Token {
  p.openBlocks.pop()
  if (isOperator(current(p), '}')) {
    const close = current(p)
    const isFirst = indentOf(p, p.index) === close.span.column
    if (isFirst && close.span.column < block.indent && p.suspectBlock === undefined) p.suspectBlock = block
    if (isFirst && close.span.column > block.indent) p.suspectBrace = close
    return advance(p)
  }
  if (!p.isUnclosed) {
    p.isUnclosed = true
    const opened = p.suspectBlock ?? block
    error(p, 'KAH0203', "this block is not closed: a '}' is missing", opened.token.span)
  }
  return previous(p)
}

/** Statements up to the end of the block they stand in; after an error it goes on with the next statement. */
export function parseStatements(p: Parser, isOver: () => boolean): Statement[] {
  const statements: Statement[] = []
  while (!isOver() && !atTop(p) && !p.isUnclosed) {
    const start = p.index
    const depth = p.openBlocks.length
    try {
      statements.push(parseStatement(p))
    } catch (thrown) {
      if (!(thrown instanceof ParseFailure)) throw thrown
      p.openBlocks.length = depth
      skipStatement(p, start)
    }
  }
  return statements
}

/** Skips to behind the next `;`, or to where another statement or the end of the block begins. */
function skipStatement(p: Parser, start: number): void {
  if (p.index === start && !isOperator(current(p), '}')) advance(p)
  let depth = 0
  for (;;) {
    const token = current(p)
    if (atTop(p)) return
    if (token.kind === 'operator') {
      if (token.text === '{') depth++
      else if (token.text === '}') {
        if (depth === 0) return
        depth--
        if (depth === 0) {
          advance(p)
          return
        }
      } else if (token.text === ';' && depth === 0) {
        advance(p)
        return
      }
    }
    const startsLine = isOnNextLine(token, previous(p))
    if (depth === 0 && startsLine && token.kind === 'keyword' && startKeywords.has(token.text)) return
    advance(p)
  }
}

/** After an error in a condition: goes to the block that follows it, so that the block is still looked at. */
export function recoverToBlock(p: Parser, thrown: unknown): Expression {
  if (!(thrown instanceof ParseFailure)) throw thrown
  for (let ahead = 0; ahead < 500; ahead++) {
    const token = peek(p, ahead)
    if (token.kind === 'end' || isOperator(token, ';') || isOperator(token, '}')) throw thrown
    if (!isOperator(token, '{')) continue
    p.index += ahead
    return { kind: 'int', value: 0, span: token.span }
  }
  throw thrown
}
