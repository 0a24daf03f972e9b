/**
 * Regular expressions of scripts and modules: POSIX extended syntax on byte strings. Two engines run them: V8's, which
 * is fast but tries ways one after the other, and RE2's, whose time is linear in the text. RE2 takes over where a
 * text from the network could make V8 search for ever, and where the longest of several matches is wanted.
 */
import { ownText } from '../base/own-text.ts'
import { RE2JS } from 're2js'
import type { TextMatcher } from '../define/arg.ts'
import { regexCost, type RegexCost } from './regex-cost.ts'
import { parsePcre } from './pcre-syntax.ts'
import { parseRegex, type Assertion, type ByteSet, type RegexNode, type RegexTree } from './regex-syntax.ts'

/** Steps that V8 may need at worst: some 20 ms. */
const MOST_STEPS = 4e6
/** Steps that RE2 may need at worst: some 100 ms. What needs more is refused: no match. */
const MOST_STEADY_STEPS = 2e6
/** Where only V8 can run a pattern (it refers back to a group), more steps than this are refused: no match. */
const MOST_STEPS_ALONE = 1e9
const LONGEST_PATTERN = 32768
/** Patterns that are computed come from the network in the end: longer ones take too long to compile. */
const LONGEST_COMPUTED = 4096

/**
 * Compiles a pattern; a text answer is the error message. As `=~` does it unless told otherwise: letters match in
 * either case, `^` and `$` mean the ends of the text.
 */
export function compileRegex(
  pattern: string,
  options: { readonly ignoreCase?: boolean; readonly newline?: boolean } = {},
): TextMatcher | string {
  if (pattern.length > LONGEST_PATTERN) return 'the pattern is too long'
  const newline = options.newline ?? false
  const tree = parseRegex(pattern, { ignoreCase: options.ignoreCase ?? true, newline })
  if (typeof tree === 'string') return `wrong regular expression ${pattern}: ${tree}`
  return new Matcher(pattern, tree, regexCost(tree.root), { newline, isPosix: true })
}

/** As module regex's parameters: PCRE_CASELESS and so on. */
export interface PcreOptions {
  readonly caseless?: boolean
  readonly multiline?: boolean
  readonly dotall?: boolean
  readonly extended?: boolean
}

export interface PcreMatcher extends TextMatcher {
  /** How many groups the pattern has. */
  readonly groups: number
}

/** Compiles a pattern in Perl's syntax; a text answer is the error message. The first match counts, not the longest. */
export function compilePcre(pattern: string, options: PcreOptions = {}): PcreMatcher | string {
  if (pattern.length > LONGEST_PATTERN) return 'the pattern is too long'
  const tree = parsePcre(pattern, options)
  if (typeof tree === 'string') return `wrong regular expression ${pattern}: ${tree}`
  return new Matcher(pattern, tree, regexCost(tree.root), { newline: false, isPosix: false })
}

type Re2Pattern = ReturnType<typeof RE2JS.compile>

interface Reading {
  readonly newline: boolean
  /** The longest match counts, not the first one found. */
  readonly isPosix: boolean
}

class Matcher implements TextMatcher {
  readonly source: string
  readonly #tree: RegexTree
  readonly #newline: boolean
  readonly #flags: string
  readonly #longest: boolean
  /** Texts up to this length go to V8. */
  readonly #fastLength: number
  /** Longer texts match nothing: looking would take too long. */
  readonly #steadyLength: number
  /** What each group of the pattern is in V8's: parts that are never gone back into are groups there as well. */
  readonly #groupNumbers: ReadonlyMap<number, number>
  /** RE2 knows no line feed behind the end. */
  readonly #mayEndInLine: boolean
  readonly #fast: RegExp
  #indexed: RegExp | undefined
  #steady: Re2Pattern | null | undefined
  #steadyLongest: Re2Pattern | null | undefined

  constructor(source: string, tree: RegexTree, cost: RegexCost, { newline, isPosix }: Reading) {
    this.source = source
    this.#tree = tree
    this.#newline = newline
    this.#groupNumbers = groupNumbers(tree.root)
    this.#mayEndInLine = hasLastLineEnd(tree.root)
    // Sets have both cases in them already; only references back to groups need V8 to ignore case.
    this.#flags = refersIgnoringCase(tree.root) ? 'i' : ''
    this.#longest = isPosix && cost.orderMatters && !cost.backReferences
    this.#fastLength = fastLength(tree, cost, isPosix)
    this.#steadyLength = MOST_STEADY_STEPS / cost.size
    this.#fast = new RegExp(emit(tree.root, v8(newline, this.#groupNumbers)), this.#flags)
  }

  get groups(): number {
    return this.#tree.groups
  }

  test(text: string): boolean {
    if (text.length <= this.#fastLength) return this.#fast.test(text)
    const steady = this.#isSteady(text) ? this.#steadyPattern(false) : undefined
    return steady ? steady.matcher(text).find() : false
  }

  exec(text: string, from = 0): readonly number[] | null {
    if (this.#longest || text.length > this.#fastLength) {
      const steady = this.#isSteady(text) ? this.#steadyPattern(this.#longest) : undefined
      if (steady) return this.#steadyMatch(steady, text, from)
      if (text.length > this.#fastLength) return null
    }
    this.#indexed ??= new RegExp(this.#fast.source, `${this.#flags}dg`)
    this.#indexed.lastIndex = from
    const indices = this.#indexed.exec(text)?.indices
    if (!indices) return null
    const offsets: number[] = []
    for (let group = 0; group <= this.#tree.groups; group++) {
      const range = indices[this.#groupNumbers.get(group) ?? group]
      offsets.push(range ? range[0] : -1, range ? range[1] : -1)
    }
    return offsets
  }

  #isSteady(text: string): boolean {
    return text.length <= this.#steadyLength && !(this.#mayEndInLine && text.endsWith('\n'))
  }

  #steadyMatch(pattern: Re2Pattern, text: string, from: number): readonly number[] | null {
    const matcher = pattern.matcher(text)
    if (!matcher.find(from)) return null
    const offsets: number[] = []
    for (let group = 0; group <= this.#tree.groups; group++) offsets.push(matcher.start(group), matcher.end(group))
    return offsets
  }

  /** Undefined where RE2 cannot run the pattern. */
  #steadyPattern(longest: boolean): Re2Pattern | undefined {
    if (longest) {
      if (this.#steadyLongest === undefined) this.#steadyLongest = this.#compileSteady(RE2JS.LONGEST_MATCH)
      return this.#steadyLongest ?? undefined
    }
    if (this.#steady === undefined) this.#steady = this.#compileSteady(0)
    return this.#steady ?? undefined
  }

  #compileSteady(flags: number): Re2Pattern | null {
    const source = re2Source(this.#tree.root, this.#newline)
    if (source === undefined) return null
    try {
      return RE2JS.compile(source, flags)
    } catch {
      return null
    }
  }
}

/** The longest text for which V8 needs no more than `MOST_STEPS`. */
function fastLength(tree: RegexTree, cost: RegexCost, isPosix: boolean): number {
  const anchored = startsAnchored(tree.root) ? 0 : 1
  const alone = re2Source(tree.root, false) === undefined
  const steps = alone ? MOST_STEPS_ALONE : MOST_STEPS
  if (cost.deterministic) return steps ** (1 / (anchored + 1))
  if (cost.exponential) return !alone ? 16 : isPosix ? 200 : 25
  const degree = cost.unbounded + anchored
  return degree === 0 ? Number.POSITIVE_INFINITY : steps ** (1 / degree)
}

function startsAnchored(node: RegexNode): boolean {
  if (node.kind === 'assert') return node.what === 'start' || node.what === 'textStart'
  if (node.kind === 'group') return startsAnchored(node.body)
  if (node.kind === 'sequence') return node.parts[0] !== undefined && startsAnchored(node.parts[0])
  return node.kind === 'choice' && node.parts.every(startsAnchored)
}

/** Numbers of V8's groups: by the group's own, and by the number of an atomic part below 0. */
function groupNumbers(root: RegexNode): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>()
  for (const node of nodes(root)) {
    if (node.kind === 'group') numbers.set(node.number, numbers.size + 1)
    else if (node.kind === 'atomic') numbers.set(-node.number, numbers.size + 1)
  }
  return numbers
}

function refersIgnoringCase(root: RegexNode): boolean {
  for (const node of nodes(root)) if (node.kind === 'backReference' && node.ignoresCase === true) return true
  return false
}

function hasLastLineEnd(root: RegexNode): boolean {
  for (const node of nodes(root)) if (node.kind === 'assert' && node.what === 'lastLineEnd') return true
  return false
}

/** All of a tree, in the order of the pattern. */
function* nodes(node: RegexNode): Generator<RegexNode> {
  yield node
  if ('parts' in node) for (const part of node.parts) yield* nodes(part)
  else if ('body' in node) yield* nodes(node.body)
}

/** How an engine writes what differs between engines. */
interface Dialect {
  readonly assertions: Readonly<Record<Assertion, string>>
  readonly groupNumbers: ReadonlyMap<number, number>
}

function v8(newline: boolean, numbers: ReadonlyMap<number, number>): Dialect {
  return {
    groupNumbers: numbers,
    assertions: {
      start: newline ? '(?<![^\\n])' : '^',
      end: newline ? '(?![^\\n])' : '$',
      wordStart: '\\b(?=\\w)',
      wordEnd: '\\b(?<=\\w)',
      boundary: '\\b',
      notBoundary: '\\B',
      textStart: '(?<![^])',
      textEnd: '(?![^])',
      lineStart: '(?<![^\\n])',
      lineEnd: '(?![^\\n])',
      lastLineEnd: '(?=\\n?(?![^]))',
    },
  }
}

/** The pattern for RE2; undefined when it has what RE2 lacks. */
function re2Source(root: RegexNode, newline: boolean): string | undefined {
  if (hasNo(root)) return undefined
  return emit(root, {
    groupNumbers: new Map(),
    assertions: {
      start: newline ? '(?m:^)' : '\\A',
      end: newline ? '(?m:$)' : '\\z',
      wordStart: '',
      wordEnd: '',
      boundary: '\\b',
      notBoundary: '\\B',
      textStart: '\\A',
      textEnd: '\\z',
      lineStart: '(?m:^)',
      lineEnd: '(?m:$)',
      lastLineEnd: '\\z',
    },
  })
}

function hasNo(node: RegexNode): boolean {
  switch (node.kind) {
    case 'backReference':
    case 'look':
    case 'atomic':
      return true
    case 'assert':
      return node.what === 'wordStart' || node.what === 'wordEnd'
    case 'group':
    case 'repeat':
      return hasNo(node.body)
    case 'sequence':
    case 'choice':
      return node.parts.some(hasNo)
    case 'set':
      return false
  }
}

function emit(node: RegexNode, dialect: Dialect): string {
  switch (node.kind) {
    case 'set':
      return emitSet(node.bytes)
    case 'assert':
      return dialect.assertions[node.what]
    case 'sequence':
      return node.parts.map((part) => (part.kind === 'choice' ? `(?:${emit(part, dialect)})` : emit(part, dialect))).join('')
    case 'choice':
      return node.parts.map((part) => emit(part, dialect)).join('|')
    case 'group':
      return `(${emit(node.body, dialect)})`
    case 'backReference':
      return `(?:\\${dialect.groupNumbers.get(node.number) ?? node.number})`
    case 'look':
      return `(?${node.isAhead ? '' : '<'}${node.isNegative ? '!' : '='}${emit(node.body, dialect)})`
    // What was looked ahead for is taken as it is.
    case 'atomic':
      return `(?:(?=(${emit(node.body, dialect)}))\\${dialect.groupNumbers.get(-node.number) ?? 0})`
    case 'repeat': {
      const body = emit(node.body, dialect)
      const atom = node.body.kind === 'set' || node.body.kind === 'group' ? body : `(?:${body})`
      return atom + repetition(node.least, node.most) + (node.isLazy === true ? '?' : '')
    }
  }
}

function repetition(least: number, most: number): string {
  if (least === 0 && most === 1) return '?'
  if (most === Number.POSITIVE_INFINITY && least <= 1) return least === 0 ? '*' : '+'
  return `{${least}${most === least ? '' : most === Number.POSITIVE_INFINITY ? ',' : `,${most}`}}`
}

function escapeByte(code: number): string {
  const char = String.fromCharCode(code)
  return /[A-Za-z0-9]/.test(char) ? char : `\\x${code.toString(16).padStart(2, '0')}`
}

function emitSet(bytes: ByteSet): string {
  const ranges: [number, number][] = []
  for (let code = 0; code < 256; code++) {
    if (!bytes[code]) continue
    const last = ranges.at(-1)
    if (last && last[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  const [only] = ranges
  // A set without bytes matches nothing.
  if (!only) return '[^\\x00-\\xff]'
  if (ranges.length === 1 && only[0] === only[1]) return escapeByte(only[0])
  const text = ranges
    .map(([from, to]) => (from === to ? escapeByte(from) : `${escapeByte(from)}-${escapeByte(to)}`))
    .join('')
  return `[${text}]`
}

/** Keeps patterns that are computed while the script runs; the oldest leave first. */
export class RegexCache {
  readonly #known = new Map<string, TextMatcher | string>()
  readonly #most: number

  constructor(most = 512) {
    this.#most = most
  }

  get(pattern: string, options: { readonly ignoreCase?: boolean; readonly newline?: boolean } = {}): TextMatcher | string {
    if (pattern.length > LONGEST_COMPUTED) return 'the computed pattern is too long'
    const key = `${options.ignoreCase === false ? 'c' : 'i'}${options.newline ? 'n' : '-'}${pattern}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = compileRegex(pattern, options)
    if (this.#known.size >= this.#most) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest)
        break
      }
    }
    // A copy: the pattern may be a slice of a packet, which it would keep alive.
    this.#known.set(ownText(key), made)
    return made
  }
}
