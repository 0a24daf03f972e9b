/** One row of the table, ready to be matched. */
import { ownText } from '../../base/own-text.ts'
import { matchesPattern } from '../../base/file-name-match.ts'
import type { FormatText, PrepareEnv } from '../../define/define.ts'
import type { Log } from '../../base/log.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { compilePcre, type PcreMatcher } from '../../runtime/regex.ts'
import { largestGroup, parseReplacement, replace, type Replacement } from './replacement.ts'

export interface RuleRow {
  readonly dpid: number
  readonly priority: number
  readonly matchOp: number
  readonly matchExp: string
  readonly matchLength: number
  readonly substExp: string
  readonly replExp: string
  readonly attrs: string
}

export const MatchOp = { equal: 0, regex: 1, fnmatch: 2 } as const

/** A pattern of the table: fixed, or made anew when its variables have other values. */
type Pattern = PcreMatcher | DynamicPattern

export interface Rule extends RuleRow {
  readonly match: Pattern | undefined
  readonly subst: Pattern | undefined
  readonly replacement: Replacement
}

/** A text answer is the error message. */
export function makeRule(row: RuleRow, env: PrepareEnv, isDynamic: boolean, log: Log): Rule | string {
  const { matchOp, matchExp, substExp, replExp } = row
  if (matchOp !== MatchOp.equal && matchOp !== MatchOp.regex && matchOp !== MatchOp.fnmatch) return 'invalid value for match operator'
  const match = matchOp === MatchOp.regex ? patternOf(matchExp, env, isDynamic, log) : undefined
  if (typeof match === 'string') return `failed to compile match expression ${matchExp}: ${match}`
  const subst = substExp === '' ? undefined : patternOf(substExp, env, isDynamic, log)
  if (typeof subst === 'string') return `failed to compile subst expression ${substExp}: ${subst}`
  const replacement = parseReplacement(replExp, env)
  if (typeof replacement === 'string') return replacement
  const groups = subst === undefined ? 0 : subst instanceof DynamicPattern ? 9 : subst.groups
  const largest = largestGroup(replacement)
  if (largest > groups) return `repl_exp ${replExp} refers to ${largest} sub-expressions, but subst_exp ${substExp} has only ${groups}`
  return { ...row, match, subst, replacement }
}

function patternOf(pattern: string, env: PrepareEnv, isDynamic: boolean, log: Log): Pattern | string {
  if (isDynamic && hasVariable(pattern)) return new DynamicPattern(pattern, env, log)
  return compilePcre(pattern)
}

/** A dollar sign at the end is an anchor. */
const hasVariable = (pattern: string): boolean => /\$[A-Za-z_(]/.test(pattern)

const PATTERNS_MAX = 64
const LONGEST = 4096

/** A dollar sign at its end is written twice, so that it is no variable's. */
class DynamicPattern {
  readonly source: string
  readonly #format: FormatText | string
  readonly #log: Log
  readonly #known = new Map<string, PcreMatcher | string>()

  constructor(pattern: string, env: PrepareEnv, log: Log) {
    this.source = pattern.endsWith('$') ? `${pattern}$` : pattern
    this.#format = env.format(this.source)
    this.#log = log
  }

  /** Undefined, with a line in the log, when there is no pattern to be had. */
  matcher(context: RouteContext | undefined): PcreMatcher | undefined {
    if (typeof this.#format === 'string') return this.#fail(`parsing pcre expression: ${this.source}: ${this.#format}`)
    if (context === undefined) return this.#fail(`cannot get pcre dynamic expression value: ${this.source}`)
    const text = this.#format.evaluate(context)
    if (text.length > LONGEST) return this.#fail(`the pattern is too long: ${this.source}`)
    let known = this.#known.get(text)
    if (known === undefined) {
      if (this.#known.size >= PATTERNS_MAX) this.#known.clear()
      known = compilePcre(text)
      this.#known.set(ownText(text), known)
    }
    return typeof known === 'string' ? this.#fail(`failed to compile pcre expression: ${this.source}: ${known}`) : known
  }

  #fail(problem: string): undefined {
    this.#log.error('dialplan', problem)
    return undefined
  }
}

/** A pattern as it is shown. */
export const sourceOf = (pattern: Pattern | undefined, text: string): string => (pattern instanceof DynamicPattern ? pattern.source : text)

function matcherOf(pattern: Pattern | undefined, context: RouteContext | undefined): PcreMatcher | undefined {
  return pattern instanceof DynamicPattern ? pattern.matcher(context) : pattern
}

export function ruleMatches(rule: Rule, text: string, context: RouteContext | undefined): boolean {
  if (rule.matchOp === MatchOp.equal) return rule.matchExp === text
  if (rule.matchOp === MatchOp.fnmatch) return matchesPattern(text, rule.matchExp)
  return matcherOf(rule.match, context)?.test(text) ?? false
}

/** What the rule makes of a text that it matches; undefined when its substitution does not match. */
export function translate(rule: Rule, text: string, context: RouteContext | undefined): string | undefined {
  if (rule.subst === undefined) return rule.replExp
  const match = matcherOf(rule.subst, context)?.exec(text) ?? null
  if (match === null) return undefined
  // A pattern with variables may have fewer groups than the replacement names: nothing comes of it.
  return match.length / 2 > largestGroup(rule.replacement) ? replace(rule.replacement, text, match, context) : ''
}
