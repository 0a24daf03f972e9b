import type { Span } from './ast.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { FlagTable } from './flags.ts'
import { spanAfter } from './source.ts'
import type { Token } from './token.ts'

const MAX_ERRORS = 200

/** A block whose closing brace has not come yet, and the column that its line begins in. */
export interface OpenBlock {
  readonly token: Token
  readonly indent: number
}

/** What the parsing functions share while they walk over the tokens. */
export interface Parser {
  readonly tokens: readonly Token[]
  index: number
  readonly report: (diagnostic: Diagnostic) => void
  errors: number
  /** Blocks that are open, the innermost last, so that a missing brace can be told by where it was opened. */
  readonly openBlocks: OpenBlock[]
  /** The first block whose closing brace stands left of the line that opened it: likely the unclosed one. */
  suspectBlock: OpenBlock | undefined
  /** An unclosed block has been reported: the blocks around it end without a word. */
  isUnclosed: boolean
  /** Arguments of module functions that are open: Kamailio's grammar does not nest them. */
  callDepth: number
  /** Parentheses, operators and blocks that are open. */
  depth: number
  readonly flags: FlagTable
  readonly avpFlags: FlagTable
  /** A brace that closed a block although it stands right of it: likely one too many. */
  suspectBrace: Token | undefined
  /** The text ended inside a string or comment: that a block is open at the end is owed to it. */
  readonly isCut: boolean
  /** Names that were reported as unknown: once is enough. */
  readonly reportedNames: Set<string>
  /** `kind[name]` of the routes seen. */
  readonly routes: Map<string, Span>
}

/** Thrown after an error has been reported, up to the nearest place where parsing can go on. Never leaves the parser. */
export class ParseFailure extends Error {}

const failure = new ParseFailure('the error is reported already')

export function current(p: Parser): Token {
  return p.tokens[p.index] ?? lastToken(p)
}

function lastToken(p: Parser): Token {
  const last = p.tokens.at(-1)
  if (last === undefined) throw new RangeError('the lexer always ends with an end token')
  return last
}

export function peek(p: Parser, ahead = 1): Token {
  return p.tokens[p.index + ahead] ?? lastToken(p)
}

/** The token before the current one: where something that is missing should have been. */
export function previous(p: Parser): Token {
  return p.tokens[p.index - 1] ?? current(p)
}

export function advance(p: Parser): Token {
  const token = current(p)
  if (token.kind !== 'end') p.index++
  return token
}

export function isOperator(token: Token, text: string): boolean {
  return token.kind === 'operator' && token.text === text
}

export function isKeyword(token: Token, text: string): boolean {
  return token.kind === 'keyword' && token.text === text
}

/** True when the token stands in another line than the one that came before it, or in another file. */
export function isOnNextLine(token: Token, before: Token): boolean {
  return token.span.line > before.span.endLine || token.span.file !== before.span.file
}

/** Takes the operator when it is next. */
export function accept(p: Parser, operator: string): boolean {
  if (!isOperator(current(p), operator)) return false
  advance(p)
  return true
}

export function error(p: Parser, code: string, message: string, span: Span, hint?: string): void {
  p.errors++
  const isAtEnd = current(p).kind === 'end'
  if (p.isCut && (isAtEnd || code === 'KAH0203')) return
  if (p.errors < MAX_ERRORS) p.report({ code, severity: 'error', message, hint, span })
  else if (p.errors === MAX_ERRORS) {
    p.report({ code: 'KAH0230', severity: 'error', message: `more than ${MAX_ERRORS} errors: the rest is not shown`, span })
  }
}

/** Reports a name that is not known, the first time it comes up. */
export function errorOnce(p: Parser, name: string, code: string, message: string, span: Span, hint?: string): void {
  if (p.reportedNames.has(name)) {
    p.errors++
    return
  }
  p.reportedNames.add(name)
  error(p, code, message, span, hint)
}

export function warn(p: Parser, code: string, message: string, span: Span, hint?: string): void {
  p.report({ code, severity: 'warning', message, hint, span })
}

/** Reports and gives up what is being parsed. */
export function fail(p: Parser, code: string, message: string, span: Span, hint?: string): never {
  error(p, code, message, span, hint)
  throw failure
}

/** Reports a name that is not known, the first time it comes up, and gives up what is being parsed. */
export function failOnce(p: Parser, name: string, code: string, message: string, span: Span, hint?: string): never {
  errorOnce(p, name, code, message, span, hint)
  throw failure
}

/** True for a word that reads like the name of a define. */
export function looksDefined(word: string): boolean {
  return word.length > 1 && word === word.toUpperCase()
}

/** How a token is called in a message. */
export function describe(token: Token): string {
  switch (token.kind) {
    case 'end': return 'the end of the file'
    case 'string': return token.text.length > 30 ? 'this string' : `"${token.text.replaceAll('\n', '\\n')}"`
    case 'subst': return `#!${token.text}`
    default: return `'${token.written === '' ? token.text : token.written}'`
  }
}

/** Fails with what was expected in place of the current token. */
export function unexpected(p: Parser, expected: string, hint?: string): never {
  const token = current(p)
  const span = token.kind === 'end' ? spanAfter(previous(p).span) : token.span
  return fail(p, 'KAH0201', `expected ${expected}, found ${describe(token)}`, span, hint)
}

export function expect(p: Parser, operator: string, where: string): Token {
  if (isOperator(current(p), operator)) return advance(p)
  if (operator === ')' || operator === '(') {
    return fail(p, 'KAH0225', `expected '${operator}' ${where}, found ${describe(current(p))}`, current(p).span)
  }
  return unexpected(p, `'${operator}' ${where}`)
}

/** Parses one level deeper; what is nested beyond reason is refused before the stack is used up. */
export function nested<T>(p: Parser, parse: () => T): T {
  if (p.depth >= 200) fail(p, 'KAH0226', 'this is nested too deeply', current(p).span)
  p.depth++
  try {
    return parse()
  } finally {
    p.depth--
  }
}
