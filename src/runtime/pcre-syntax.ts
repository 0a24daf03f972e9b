/**
 * Regular expressions in Perl's syntax as PCRE 8 reads them without UTF-8, parsed into the same tree as POSIX ones. Bytes, not
 * letters; what needs the whole of PCRE (recursion, conditions, `\K`, properties of Unicode) is refused.
 */
import { CLASSES, type ByteSet, type RegexNode, type RegexTree } from './regex-syntax.ts'

interface Flags {
  readonly caseless: boolean
  readonly multiline: boolean
  readonly dotall: boolean
  readonly extended: boolean
  readonly ungreedy: boolean
}

const MOST_REPETITIONS = 65535
const DEEPEST_NESTING = 200

class PcreError {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** Parses a pattern; a text answer is the error message. */
export function parsePcre(
  pattern: string,
  options: { readonly caseless?: boolean; readonly multiline?: boolean; readonly dotall?: boolean; readonly extended?: boolean },
): RegexTree | string {
  const { caseless = false, multiline = false, dotall = false, extended = false } = options
  const parser = new Parser(pattern)
  const root = parser.whole({ caseless, multiline, dotall, extended, ungreedy: false })
  return root instanceof PcreError ? root.reason : { root, groups: parser.groups }
}

const setOf = (test: (code: number) => boolean): boolean[] => Array.from({ length: 256 }, (_, code) => test(code))
const classTest = (name: string): ((code: number) => boolean) => CLASSES[name] ?? (() => false)
const isWord = (code: number): boolean => code === 95 || classTest('alnum')(code)
const isHorizontal = (code: number): boolean => code === 9 || code === 32 || code === 160
const isVertical = (code: number): boolean => (code >= 10 && code <= 13) || code === 133

/** `\d` and the like; the capital letter is all others. */
const SHORTHANDS: Readonly<Record<string, (code: number) => boolean>> = {
  d: classTest('digit'), w: isWord, s: classTest('space'), h: isHorizontal, v: isVertical,
}
const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

const set = (bytes: ByteSet): RegexNode => ({ kind: 'set', bytes })
const EMPTY: RegexNode = { kind: 'sequence', parts: [] }
/** `\R`. */
const newlineNode = (number: number): RegexNode => ({
  kind: 'atomic',
  number,
  body: {
    kind: 'choice',
    parts: [{ kind: 'sequence', parts: [set(setOf((code) => code === 13)), set(setOf((code) => code === 10))] }, set(setOf(isVertical))],
  },
})

class Parser {
  readonly #text: string
  #at = 0
  #atomics = 0
  #flags: Flags = { caseless: false, multiline: false, dotall: false, extended: false, ungreedy: false }
  readonly #names = new Map<string, number>()
  readonly #groupCount: number
  groups = 0

  constructor(text: string) {
    this.#text = text
    this.#groupCount = countGroups(text)
  }

  whole(flags: Flags): RegexNode | PcreError {
    this.#flags = flags
    const root = this.#choice(0)
    if (root instanceof PcreError) return root
    return this.#at < this.#text.length ? new PcreError('unmatched parentheses') : root
  }

  /** Flags that are set inside last to the end of the group. */
  #choice(depth: number): RegexNode | PcreError {
    if (depth > DEEPEST_NESTING) return new PcreError('too many nested groups')
    const before = this.#flags
    const parts: RegexNode[] = []
    for (;;) {
      const part = this.#sequence(depth)
      if (part instanceof PcreError) return part
      parts.push(part)
      if (this.#peek() !== '|') break
      this.#at++
    }
    this.#flags = before
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts }
  }

  #sequence(depth: number): RegexNode | PcreError {
    const parts: RegexNode[] = []
    while (this.#at < this.#text.length) {
      const char = this.#peek()
      if (char === '|' || char === ')') break
      if (this.#flags.extended && this.#skipsBlank()) continue
      if (this.#text.startsWith('\\Q', this.#at)) {
        this.#quoted(parts)
        continue
      }
      if (this.#text.startsWith('\\E', this.#at)) {
        this.#at += 2
        continue
      }
      const atom = this.#atom(depth)
      if (atom instanceof PcreError) return atom
      if (atom === undefined) continue
      const repeated = this.#repetition(atom)
      if (repeated instanceof PcreError) return repeated
      parts.push(repeated)
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sequence', parts }
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }

  /** White space and comments of PCRE_EXTENDED. */
  #skipsBlank(): boolean {
    const char = this.#peek()
    if (char === '#') {
      const end = this.#text.indexOf('\n', this.#at)
      this.#at = end < 0 ? this.#text.length : end + 1
      return true
    }
    if (!classTest('space')(char.charCodeAt(0))) return false
    this.#at++
    return true
  }

  /** `\Q...\E`; the last byte of it may be repeated. */
  #quoted(parts: RegexNode[]): void {
    const end = this.#text.indexOf('\\E', this.#at + 2)
    const quoted = this.#text.slice(this.#at + 2, end < 0 ? undefined : end)
    this.#at = end < 0 ? this.#text.length : end + 2
    for (let index = 0; index < quoted.length; index++) parts.push(this.#literal(quoted.charCodeAt(index)))
    const last = parts.pop()
    if (last === undefined) return
    const repeated = quoted === '' ? last : this.#repetition(last)
    parts.push(repeated instanceof PcreError ? last : repeated)
  }

  /** Undefined for what is only an instruction: flags, a comment. */
  #atom(depth: number): RegexNode | PcreError | undefined {
    const char = this.#text.charAt(this.#at++)
    switch (char) {
      case '(':
        return this.#parenthesis(depth)
      case '[':
        return this.#bracket()
      case '\\':
        return this.#escape()
      case '.':
        return set(setOf((code) => this.#flags.dotall || code !== 10))
      case '^':
        return { kind: 'assert', what: this.#flags.multiline ? 'lineStart' : 'textStart' }
      case '$':
        return { kind: 'assert', what: this.#flags.multiline ? 'lineEnd' : 'lastLineEnd' }
      case '*':
      case '+':
      case '?':
        return new PcreError('nothing to repeat')
      default:
        return this.#literal(char.charCodeAt(0))
    }
  }

  #literal(code: number): RegexNode {
    const bytes = setOf((each) => each === code)
    if (this.#flags.caseless) withBothCases(bytes)
    return set(bytes)
  }

  #repetition(atom: RegexNode): RegexNode | PcreError {
    if (this.#flags.extended) while (this.#at < this.#text.length && this.#skipsBlank());
    const range = this.#range()
    if (range === undefined) return atom
    if (range instanceof PcreError) return range
    const { least, most } = range
    const next = this.#peek()
    if (next === '?' || next === '+') this.#at++
    const isLazy = (next === '?') !== this.#flags.ungreedy && next !== '+'
    // An anchor, however often.
    if (atom.kind === 'assert' || atom.kind === 'look') return this.#repetition(least === 0 ? EMPTY : atom)
    const node: RegexNode = { kind: 'repeat', least, most, body: atom, isLazy }
    const whole: RegexNode = next === '+' ? { kind: 'atomic', number: ++this.#atomics, body: node } : node
    const again = this.#peek()
    if (again === '*' || again === '+' || again === '?') return new PcreError('nothing to repeat')
    return this.#repetition(whole)
  }

  /** What is no repetition in braces stands for itself. */
  #range(): { readonly least: number; readonly most: number } | PcreError | undefined {
    const char = this.#peek()
    if (char === '*' || char === '+' || char === '?') {
      this.#at++
      return { least: char === '+' ? 1 : 0, most: char === '?' ? 1 : Number.POSITIVE_INFINITY }
    }
    const [whole, from, comma, to] = /^\{(\d+)(,?)(\d*)\}/.exec(this.#text.slice(this.#at, this.#at + 24)) ?? []
    if (whole === undefined) return undefined
    const least = Number(from)
    const most = comma === '' ? least : to === '' || to === undefined ? Number.POSITIVE_INFINITY : Number(to)
    if (least > MOST_REPETITIONS || (most !== Number.POSITIVE_INFINITY && most > MOST_REPETITIONS)) {
      return new PcreError('number too big in {} quantifier')
    }
    if (least > most) return new PcreError('numbers out of order in {} quantifier')
    this.#at += whole.length
    return { least, most }
  }

  #parenthesis(depth: number): RegexNode | PcreError | undefined {
    const rest = this.#text.slice(this.#at, this.#at + 80)
    if (rest.startsWith('*')) return new PcreError('verbs such as (*UTF8) are not supported')
    if (!rest.startsWith('?')) return this.#group(depth, undefined)
    if (rest.startsWith('?#')) return this.#comment()
    const [named, quote, first, second, third] = /^\?(?:P?<(?=[A-Za-z_])(\w+)>|'(\w+)'|P(?==)=(\w+)\))/.exec(rest) ?? []
    if (named !== undefined) {
      this.#at += named.length
      if (second !== undefined || third !== undefined) return this.#named(third ?? second ?? '')
      return this.#group(depth, quote ?? first)
    }
    const [look = ''] = /^\?(?:<?[=!]|>)/.exec(rest) ?? []
    if (look !== '') return this.#look(depth, look)
    const [flags, on = '', off = '', end = ''] = /^\?([imsxUJ]*)(?:-([imsxUJ]*))?([:)])/.exec(rest) ?? []
    if (flags === undefined) return new PcreError('unrecognized or unsupported character after (?')
    this.#at += flags.length
    const before = this.#flags
    this.#flags = flagsWith(before, on, off)
    if (end === ')') return undefined
    const body = this.#body(depth)
    this.#flags = before
    return body
  }

  #comment(): PcreError | undefined {
    const end = this.#text.indexOf(')', this.#at)
    if (end < 0) return new PcreError('missing ) after comment')
    this.#at = end + 1
    return undefined
  }

  #group(depth: number, name: string | undefined): RegexNode | PcreError {
    const number = ++this.groups
    if (name !== undefined) {
      if (this.#names.has(name)) return new PcreError('two named subpatterns have the same name')
      this.#names.set(name, number)
    }
    const body = this.#body(depth)
    return body instanceof PcreError ? body : { kind: 'group', number, body }
  }

  #body(depth: number): RegexNode | PcreError {
    const body = this.#choice(depth + 1)
    if (body instanceof PcreError) return body
    return this.#text.charAt(this.#at++) === ')' ? body : new PcreError('missing )')
  }

  #look(depth: number, sign: string): RegexNode | PcreError {
    this.#at += sign.length
    const body = this.#body(depth)
    if (body instanceof PcreError) return body
    if (sign === '?>') return { kind: 'atomic', number: ++this.#atomics, body }
    const isAhead = !sign.includes('<')
    if (!isAhead && (body.kind === 'choice' ? body.parts : [body]).some((part) => widthOf(part) === undefined)) {
      return new PcreError('lookbehind assertion is not fixed length')
    }
    return { kind: 'look', isAhead, isNegative: sign.endsWith('!'), body }
  }

  #named(name: string): RegexNode | PcreError {
    const number = this.#names.get(name)
    return this.#numbered(number ?? 0)
  }

  #escape(): RegexNode | PcreError {
    const char = this.#peek()
    if (char === '') return new PcreError('\\ at end of pattern')
    const small = char.toLowerCase()
    const shorthand = Object.hasOwn(SHORTHANDS, small) ? SHORTHANDS[small] : undefined
    if (shorthand !== undefined) {
      this.#at++
      return set(setOf((code) => shorthand(code) === (char === small)))
    }
    const reference = this.#reference()
    if (reference !== undefined) return reference
    switch (char) {
      case 'b':
      case 'B':
        this.#at++
        return { kind: 'assert', what: char === 'b' ? 'boundary' : 'notBoundary' }
      case 'A':
      case 'G':
        this.#at++
        return { kind: 'assert', what: 'textStart' }
      case 'z':
      case 'Z':
        this.#at++
        return { kind: 'assert', what: char === 'z' ? 'textEnd' : 'lastLineEnd' }
      case 'N':
        this.#at++
        return set(setOf((code) => code !== 10))
      case 'C':
        this.#at++
        return set(setOf(() => true))
      case 'R':
        this.#at++
        return newlineNode(++this.#atomics)
    }
    if ('KXpPLlUu'.includes(char)) return new PcreError(`\\${char} is not supported`)
    const code = this.#escapedByte()
    return typeof code === 'number' ? this.#literal(code) : code
  }

  /** `\1`, `\g{-1}`, `\k<name>`; undefined for what refers to no group. */
  #reference(): RegexNode | PcreError | undefined {
    const rest = this.#text.slice(this.#at, this.#at + 80)
    const [named, name, name2, name3] = /^(?:k(?:<(\w+)>|'(\w+)'|\{(\w+)\}))/.exec(rest) ?? []
    if (named !== undefined) {
      this.#at += named.length
      return this.#named(name ?? name2 ?? name3 ?? '')
    }
    const [braced, sign, digits, word] = /^g(?:\{?(-?)(\d+)\}?|\{([A-Za-z_]\w*)\})/.exec(rest) ?? []
    if (braced !== undefined) {
      this.#at += braced.length
      if (word !== undefined) return this.#named(word)
      return this.#numbered(sign === '-' ? this.groups + 1 - Number(digits) : Number(digits))
    }
    const [plain] = /^[1-9]\d*/.exec(rest) ?? []
    if (plain === undefined) return undefined
    const number = Number(plain)
    if (number >= 10 && number > this.#groupCount) return undefined
    this.#at += plain.length
    return this.#numbered(number)
  }

  #numbered(number: number): RegexNode | PcreError {
    return number >= 1 && number <= this.#groupCount
      ? { kind: 'backReference', number, ignoresCase: this.#flags.caseless }
      : new PcreError('reference to non-existent subpattern')
  }

  /** Behind a backslash: control characters, `\x41`, `\101`, `\cA`; other letters stand for themselves. */
  #escapedByte(): number | PcreError {
    const rest = this.#text.slice(this.#at, this.#at + 12)
    const [hex, braced, plain] = /^x(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{0,2}))/.exec(rest) ?? []
    if (hex !== undefined) {
      this.#at += hex.length
      const code = Number.parseInt(braced ?? `0${plain ?? ''}`, 16)
      return code > 255 ? new PcreError('character value in \\x{} or \\o{} is too large') : code
    }
    const [octal, outside, digits] = /^(?:o\{([0-7]+)\}|([0-7]{1,3}))/.exec(rest) ?? []
    if (octal !== undefined) {
      this.#at += octal.length
      return Number.parseInt(outside ?? digits ?? '0', 8) & 0xff
    }
    if (rest.startsWith('c') && rest.length > 1) {
      this.#at += 2
      return rest.charAt(1).toUpperCase().charCodeAt(0) ^ 64
    }
    this.#at++
    const char = rest.charAt(0)
    return Object.hasOwn(CONTROLS, char) ? CONTROLS[char] ?? 0 : char.charCodeAt(0)
  }

  #bracket(): RegexNode | PcreError {
    const bytes = setOf(() => false)
    const isNegated = this.#peek() === '^'
    if (isNegated) this.#at++
    const start = this.#at
    for (;;) {
      if (this.#at >= this.#text.length) return new PcreError('missing terminating ] for character class')
      if (this.#peek() === ']' && this.#at > start) break
      const problem = this.#bracketPart(bytes)
      if (problem !== undefined) return problem
    }
    this.#at++
    if (this.#flags.caseless) withBothCases(bytes)
    return set(isNegated ? bytes.map((has) => !has) : bytes)
  }

  #bracketPart(bytes: boolean[]): PcreError | undefined {
    const [posix, not, name = ''] = /^\[:(\^?)([a-z]+):\]/.exec(this.#text.slice(this.#at, this.#at + 20)) ?? []
    if (posix !== undefined) {
      const test = name === 'word' ? isWord : name === 'ascii' ? (code: number) => code < 128 : CLASSES[name]
      if (test === undefined) return new PcreError('unknown POSIX class name')
      this.#at += posix.length
      return addTo(bytes, (code) => test(code) === (not === ''))
    }
    const from = this.#bracketByte(bytes)
    if (typeof from !== 'number') return from
    const isRange = this.#peek() === '-' && this.#at + 1 < this.#text.length && this.#text.charAt(this.#at + 1) !== ']'
    if (!isRange) {
      bytes[from] = true
      return undefined
    }
    this.#at++
    const to = this.#bracketByte(bytes)
    if (to instanceof PcreError) return to
    // A shorthand ends no range: both stand for themselves.
    if (to === undefined) return addTo(bytes, (code) => code === from || code === 45)
    if (to < from) return new PcreError('range out of order in character class')
    return addTo(bytes, (code) => code >= from && code <= to)
  }

  /** Undefined for a shorthand, which is added at once. */
  #bracketByte(bytes: boolean[]): number | PcreError | undefined {
    const char = this.#text.charAt(this.#at++)
    if (char !== '\\') return char.charCodeAt(0)
    const next = this.#peek()
    const small = next.toLowerCase()
    const shorthand = Object.hasOwn(SHORTHANDS, small) ? SHORTHANDS[small] : undefined
    if (shorthand !== undefined) {
      this.#at++
      return addTo(bytes, (code) => shorthand(code) === (next === small))
    }
    if (next === '') return new PcreError('\\ at end of pattern')
    if (next === 'b') {
      this.#at++
      return 8
    }
    return this.#escapedByte()
  }
}

function addTo(bytes: boolean[], test: (code: number) => boolean): undefined {
  for (let code = 0; code < 256; code++) if (test(code)) bytes[code] = true
  return undefined
}

function withBothCases(bytes: boolean[]): void {
  for (let code = 65; code <= 90; code++) {
    const has = bytes[code] === true || bytes[code + 32] === true
    bytes[code] = has
    bytes[code + 32] = has
  }
}

function flagsWith(flags: Flags, on: string, off: string): Flags {
  const flag = (letter: string, before: boolean): boolean => !off.includes(letter) && (on.includes(letter) || before)
  return {
    caseless: flag('i', flags.caseless),
    multiline: flag('m', flags.multiline),
    dotall: flag('s', flags.dotall),
    extended: flag('x', flags.extended),
    ungreedy: flag('U', flags.ungreedy),
  }
}

/** How many groups a pattern has, roughly: `\10` is a group or a byte depending on that. */
function countGroups(text: string): number {
  const bare = text.replace(/\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\w+:\]|[^\]])*\]/g, '')
  return [...bare.matchAll(/\((?!\?)|\(\?(?:P?<(?![=!])|')/g)].length
}

/** How many bytes a part takes; undefined when that is not fixed. */
function widthOf(node: RegexNode): number | undefined {
  switch (node.kind) {
    case 'set':
      return 1
    case 'assert':
    case 'look':
      return 0
    case 'backReference':
      return undefined
    case 'group':
    case 'atomic':
      return widthOf(node.body)
    case 'sequence':
      return node.parts.reduce<number | undefined>((sum, part) => {
        const width = widthOf(part)
        return sum === undefined || width === undefined ? undefined : sum + width
      }, 0)
    case 'choice': {
      const widths = new Set(node.parts.map(widthOf))
      return widths.size === 1 ? [...widths][0] : undefined
    }
    case 'repeat': {
      const width = widthOf(node.body)
      return width === undefined || node.least !== node.most ? undefined : width * node.least
    }
  }
}
