/**
 * Substitutions as functions take them: `/pattern/replacement/flags`, with any first character in place of the slash.
 * Flags: i ignores case, g replaces all, s lets the pattern go over line ends. In the replacement `\0` to `\9` are
 * the match and its groups, and variables are replaced.
 */
import type { PrepareEnv, Prepared, TextMatcher, VariableHandle } from '../define/arg.ts'
import { toText } from '../define/value.ts'
import type { RouteContext } from './context.ts'
import { locateVariable } from './variable-spec.ts'

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly number: number }
  | { readonly kind: 'variable'; readonly handle: VariableHandle }

export interface SubstExpression {
  readonly matcher: TextMatcher
  readonly pieces: readonly Piece[]
  readonly replacesAll: boolean
}

/** A match and what stands in its place; offsets in the text that was searched. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

const REPLACEMENTS_MAX = 1000

/** Reads an expression; a text answer is the error message. */
export function parseSubstExpression(text: string, env: PrepareEnv): SubstExpression | string {
  const delimiter = text.charAt(0)
  if (delimiter === '') return 'the substitution is empty: write /pattern/replacement/flags'
  const second = endOfPart(text, 1, delimiter)
  const third = second < 0 ? -1 : endOfPart(text, second + 1, delimiter)
  if (third < 0) return `'${text}': write ${delimiter}pattern${delimiter}replacement${delimiter}flags`
  let ignoreCase = false
  let replacesAll = false
  let newline = true
  for (const flag of text.slice(third + 1)) {
    if (flag === 'i') ignoreCase = true
    else if (flag === 'g') replacesAll = true
    else if (flag === 's') newline = false
    else return `'${flag}' is no flag of a substitution: there are i, g and s`
  }
  const matcher = env.regex(text.slice(1, second).replaceAll(`\\${delimiter}`, delimiter), { ignoreCase, newline })
  if (typeof matcher === 'string') return matcher
  const pieces = parseReplacement(text.slice(second + 1, third).replaceAll(`\\${delimiter}`, delimiter), env)
  return typeof pieces === 'string' ? pieces : { matcher, pieces, replacesAll }
}

/** As an argument of a function. */
export function prepareSubst(text: string, env: PrepareEnv): Prepared<SubstExpression> | string {
  const parsed = parseSubstExpression(text, env)
  return typeof parsed === 'string' ? parsed : { fixed: parsed }
}

function endOfPart(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === delimiter) return at
  }
  return -1
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', $: '$' }

function parseReplacement(text: string, env: PrepareEnv): readonly Piece[] | string {
  const pieces: Piece[] = []
  let plain = ''
  const flush = (): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain })
    plain = ''
  }
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\\' && at + 1 < text.length) {
      const next = text.charAt(++at)
      if (next >= '0' && next <= '9') {
        flush()
        pieces.push({ kind: 'group', number: Number(next) })
      } else plain += ESCAPES[next] ?? `\\${next}`
    } else if (char === '$') {
      const end = locateVariable(text, at)
      if (end < 0) return `a variable in the replacement does not end: ${text.slice(at)}`
      const handle = env.variable(text.slice(at, end))
      if (typeof handle === 'string') return handle
      flush()
      pieces.push({ kind: 'variable', handle })
      at = end - 1
    } else plain += char
  }
  flush()
  return pieces
}

/** Every match of a text (the first only without flag g), with what stands in its place. */
export function findReplacements(
  context: RouteContext,
  subst: SubstExpression,
  text: string,
  from = 0,
  to = text.length,
): readonly Replacement[] {
  const found: Replacement[] = []
  const searched = to === text.length && from === 0 ? text : text.slice(from, to)
  let at = 0
  while (at <= searched.length && found.length < REPLACEMENTS_MAX) {
    const match = subst.matcher.exec(searched, at)
    if (match === null) break
    const start = match[0] ?? 0
    const end = match[1] ?? start
    found.push({ start: from + start, end: from + end, text: replacementText(context, subst, searched, match) })
    if (!subst.replacesAll) break
    at = end > start ? end : end + 1
  }
  return found
}

function replacementText(context: RouteContext, subst: SubstExpression, text: string, match: readonly number[]): string {
  let result = ''
  for (const piece of subst.pieces) {
    if (piece.kind === 'text') result += piece.text
    else if (piece.kind === 'variable') result += toText(piece.handle.get(context))
    else {
      const start = match[piece.number * 2] ?? -1
      if (start >= 0) result += text.slice(start, match[piece.number * 2 + 1])
    }
  }
  return result
}

/** The text with its replacements; undefined when nothing matches. */
export function substitute(context: RouteContext, subst: SubstExpression, text: string): string | undefined {
  const found = findReplacements(context, subst, text)
  if (found.length === 0) return undefined
  let result = ''
  let at = 0
  for (const { start, end, text: replacement } of found) {
    result += text.slice(at, start) + replacement
    at = end
  }
  return result + text.slice(at)
}
