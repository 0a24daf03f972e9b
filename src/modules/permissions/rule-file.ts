/** Files of rules as in hosts.allow: `"^sip:alice@" EXCEPT "@old": ALL`, the caller's URI on the left, the callee's on the right. */
import type { TextMatcher } from '../../define/arg.ts'
import type { Host } from '../../runtime/host.ts'
import { compileRegex } from '../../runtime/regex.ts'

/** Kamailio's bounds. */
export const EXPRESSION_BYTES_MAX = 256
const LINE_BYTES_MAX = 499

/** What one side of a rule matches. */
interface Side {
  /** Undefined for ALL. */
  readonly any: readonly TextMatcher[] | undefined
  readonly but: readonly TextMatcher[]
}

export interface Rule {
  readonly left: Side
  readonly right: Side
}

/** The rules of a file; none when it is not there. */
export function readRules(host: Host, path: string): readonly Rule[] {
  const text = host.files.read(path)
  if (text === undefined) {
    host.log.info('permissions', `file not found: ${path}`)
    return []
  }
  return linesOf(text).flatMap((line) => parseLine(host, line) ?? [])
}

/** Lines with their ends; longer ones are taken in pieces, as Kamailio reads them. */
function linesOf(text: string): readonly string[] {
  const lines: string[] = []
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = Math.min(newline < 0 ? text.length : newline + 1, start + LINE_BYTES_MAX)
    lines.push(text.slice(start, end))
    start = end
  }
  return lines
}

function parseLine(host: Host, line: string): Rule | undefined {
  const { colon, end, isEmpty } = partsOf(line)
  if (isEmpty) return undefined
  if (colon <= 0 || colon + 1 >= end) {
    host.log.error('permissions', `failed to parse line: ${line}`)
    return undefined
  }
  const left = parseSide(host, line.slice(0, colon))
  const right = left === undefined ? undefined : parseSide(host, line.slice(colon + 1, end))
  if (left !== undefined && right !== undefined) return { left, right }
  host.log.error('permissions', `failed to parse line-${left === undefined ? 'left' : 'right'}: ${line}`)
  return undefined
}

/** The last colon outside of quotes, and where the line or its comment ends. */
function partsOf(line: string): { readonly colon: number; readonly end: number; readonly isEmpty: boolean } {
  let isQuoted = false
  let isEmpty = true
  let colon = -1
  let at = 0
  for (; at < line.length; at++) {
    const char = line.charAt(at)
    if (char === '\n' || char === '\0' || (char === '#' && !isQuoted)) break
    if (char === '"') isQuoted = !isQuoted
    else if (char === ':' && !isQuoted) colon = at
    if (char !== ' ' && char !== '\t') isEmpty = false
  }
  return { colon, end: at, isEmpty }
}

function parseSide(host: Host, text: string): Side | undefined {
  const except = text.indexOf(' EXCEPT ')
  const but = except < 0 ? [] : parseList(host, text.slice(except + 8))
  const expressions = text.slice(0, except < 0 ? text.length : except).replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
  if (but === undefined) return undefined
  if (expressions === 'ALL') return { any: undefined, but }
  const any = parseList(host, expressions)
  return any === undefined ? undefined : { any, but }
}

/** Expressions separated by commas, each with or without quotes. */
function parseList(host: Host, text: string): readonly TextMatcher[] | undefined {
  const matchers: TextMatcher[] = []
  for (const word of wordsOf(text)) {
    const expression = word.replace(/^[ \t]*"?/, '').replace(/[ \t]+$/, '').replace(/"$/, '')
    if (expression === '') return undefined
    if (expression.length >= EXPRESSION_BYTES_MAX) {
      host.log.error('permissions', `expression too long <${expression}>(${expression.length})`)
      return undefined
    }
    const compiled = compileRegex(expression)
    if (typeof compiled === 'string') {
      host.log.error('permissions', `bad regular expression: ${expression}`)
      return undefined
    }
    matchers.push(compiled)
  }
  return matchers
}

function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let isQuoted = false
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '"') isQuoted = !isQuoted
    if (char !== ',' || isQuoted) continue
    words.push(text.slice(start, at))
    start = at + 1
  }
  words.push(text.slice(start))
  return words
}

/** Whether a rule is about this pair. */
export function hasRule(rules: readonly Rule[], left: string, right: string): boolean {
  return rules.some((rule) => isOn(rule.left, left) && isOn(rule.right, right))
}

function isOn({ any, but }: Side, text: string): boolean {
  return (any === undefined || any.some((matcher) => matcher.test(text))) && !but.some((matcher) => matcher.test(text))
}
