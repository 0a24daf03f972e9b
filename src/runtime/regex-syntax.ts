/**
 * POSIX extended regular expressions as the C library of Debian reads them (IEEE 1003.1 9.4 and GNU's `\w \W \s \S \b
 * \B \< \>`), parsed into a tree. Bytes, not letters: classes such as `[:alpha:]` are those of the C locale.
 */

/** Which bytes: 256 flags. */
export type ByteSet = readonly boolean[]

export type Assertion =
  | 'start' | 'end' | 'wordStart' | 'wordEnd' | 'boundary' | 'notBoundary' | 'textStart' | 'textEnd'
  /** Of Perl's syntax: at any line, and at the end or in front of a last line feed. */
  | 'lineStart' | 'lineEnd' | 'lastLineEnd'

export type RegexNode =
  | { readonly kind: 'set'; readonly bytes: ByteSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'group'; readonly number: number; readonly body: RegexNode }
  | { readonly kind: 'backReference'; readonly number: number; readonly ignoresCase?: boolean }
  /** `most` is Infinity when there is no end. */
  | { readonly kind: 'repeat'; readonly least: number; readonly most: number; readonly body: RegexNode; readonly isLazy?: boolean }
  /** Perl's: what stands ahead or behind, and a part that is never gone back into. */
  | { readonly kind: 'look'; readonly isAhead: boolean; readonly isNegative: boolean; readonly body: RegexNode }
  | { readonly kind: 'atomic'; readonly number: number; readonly body: RegexNode }

export interface RegexTree {
  readonly root: RegexNode
  readonly groups: number
}

export interface RegexOptions {
  readonly ignoreCase: boolean
  /** `.` and `[^...]` do not match line ends, `^` and `$` match at them. */
  readonly newline: boolean
}

/** Above this the C library refuses a repetition. */
const MOST_REPETITIONS = 32767
/** Nesting that keeps the parser's own stack small. */
const DEEPEST_NESTING = 200

export const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  alpha: (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122),
  digit: (c) => c >= 48 && c <= 57,
  alnum: (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || (c >= 48 && c <= 57),
  upper: (c) => c >= 65 && c <= 90,
  lower: (c) => c >= 97 && c <= 122,
  space: (c) => c === 32 || (c >= 9 && c <= 13),
  blank: (c) => c === 32 || c === 9,
  punct: (c) => (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126),
  print: (c) => c >= 32 && c <= 126,
  graph: (c) => c >= 33 && c <= 126,
  cntrl: (c) => c < 32 || c === 127,
  xdigit: (c) => (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
}

function setOf(test: (code: number) => boolean): boolean[] {
  return Array.from({ length: 256 }, (_, code) => test(code))
}

const isWord = (code: number): boolean => code === 95 || CLASSES['alnum']!(code)

class RegexError {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** Parses a pattern; a text answer is the error message. */
export function parseRegex(pattern: string, options: RegexOptions): RegexTree | string {
  const parser = new Parser(pattern, options)
  const root = parser.choice(0)
  if (root instanceof RegexError) return root.reason
  return { root, groups: parser.groups }
}

class Parser {
  readonly #text: string
  readonly #options: RegexOptions
  #at = 0
  groups = 0

  constructor(text: string, options: RegexOptions) {
    this.#text = text
    this.#options = options
  }

  choice(depth: number): RegexNode | RegexError {
    if (depth > DEEPEST_NESTING) return new RegexError('too many nested groups')
    const parts: RegexNode[] = []
    for (;;) {
      const part = this.#sequence(depth)
      if (part instanceof RegexError) return part
      parts.push(part)
      if (this.#text.charAt(this.#at) !== '|') break
      this.#at++
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts }
  }

  #sequence(depth: number): RegexNode | RegexError {
    const parts: RegexNode[] = []
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at)
      if (char === '|' || (char === ')' && depth > 0)) break
      const atom = this.#atom(depth)
      if (atom instanceof RegexError) return atom
      const repeated = this.#repetitions(atom)
      if (repeated instanceof RegexError) return repeated
      parts.push(repeated)
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sequence', parts }
  }

  #atom(depth: number): RegexNode | RegexError {
    const char = this.#text.charAt(this.#at++)
    switch (char) {
      case '(': {
        const number = ++this.groups
        const body = this.choice(depth + 1)
        if (body instanceof RegexError) return body
        if (this.#text.charAt(this.#at++) !== ')') return new RegexError('a parenthesis is not closed')
        return { kind: 'group', number, body }
      }
      case '.':
        return { kind: 'set', bytes: setOf((code) => !(this.#options.newline && code === 10)) }
      case '^':
      case '$':
        return { kind: 'assert', what: char === '^' ? 'start' : 'end' }
      case '*':
      case '+':
      case '?':
      case '{':
        return new RegexError('nothing stands before a repetition')
      case '[':
        return this.#bracket()
      case '\\':
        return this.#escape()
      default:
        return this.#literal(char.charCodeAt(0))
    }
  }

  #literal(code: number): RegexNode {
    return { kind: 'set', bytes: this.#withCase(setOf((other) => other === code)) }
  }

  #withCase(bytes: boolean[]): boolean[] {
    if (!this.#options.ignoreCase) return bytes
    for (let upper = 65; upper <= 90; upper++) {
      const either = bytes[upper] || bytes[upper + 32] || false
      bytes[upper] = either
      bytes[upper + 32] = either
    }
    return bytes
  }

  #escape(): RegexNode | RegexError {
    const char = this.#text.charAt(this.#at++)
    switch (char) {
      case '':
        return new RegexError('a backslash at the end')
      case 'w':
        return { kind: 'set', bytes: setOf(isWord) }
      case 'W':
        return { kind: 'set', bytes: setOf((code) => !isWord(code)) }
      case 's':
        return { kind: 'set', bytes: setOf(CLASSES['space']!) }
      case 'S':
        return { kind: 'set', bytes: setOf((code) => !CLASSES['space']!(code)) }
      case 'b':
        return { kind: 'assert', what: 'boundary' }
      case 'B':
        return { kind: 'assert', what: 'notBoundary' }
      case '<':
        return { kind: 'assert', what: 'wordStart' }
      case '>':
        return { kind: 'assert', what: 'wordEnd' }
      case '`':
        return { kind: 'assert', what: 'textStart' }
      case "'":
        return { kind: 'assert', what: 'textEnd' }
    }
    const code = char.charCodeAt(0)
    if (code >= 49 && code <= 57) {
      const number = code - 48
      return number <= this.groups
        ? { kind: 'backReference', number, ignoresCase: this.#options.ignoreCase }
        : new RegexError(`there is no group ${number}`)
    }
    // When case is ignored the C library compares with the upper-case text, and takes an escaped letter as it stands:
    // `\d` can match nothing then.
    if (this.#options.ignoreCase && code >= 97 && code <= 122) return { kind: 'set', bytes: setOf(() => false) }
    return this.#literal(code)
  }

  #repetitions(atom: RegexNode): RegexNode | RegexError {
    let node = atom
    for (;;) {
      const char = this.#text.charAt(this.#at)
      if (atom.kind === 'assert' && char !== '' && '*+?{'.includes(char)) {
        return new RegexError('an anchor cannot be repeated')
      }
      let least = 0
      let most = Number.POSITIVE_INFINITY
      if (char === '{') {
        const end = this.#text.indexOf('}', this.#at)
        const body = /^([0-9]*)(,?)([0-9]*)$/.exec(this.#text.slice(this.#at + 1, end < 0 ? undefined : end))
        if (end < 0 || !body || (body[1] === '' && body[3] === '')) return new RegexError('a repetition in braces is wrong')
        least = Number(body[1] || 0)
        most = body[2] === '' ? least : body[3] === '' ? Number.POSITIVE_INFINITY : Number(body[3])
        if (least > most) return new RegexError('a repetition in braces is wrong')
        if (least > MOST_REPETITIONS || (most !== Number.POSITIVE_INFINITY && most > MOST_REPETITIONS)) {
          return new RegexError('a repetition is too large')
        }
        this.#at = end + 1
      } else if (char === '*' || char === '+' || char === '?') {
        least = char === '+' ? 1 : 0
        most = char === '?' ? 1 : most
        this.#at++
      } else return node
      node = repeat(node, least, most)
    }
  }

  #bracket(): RegexNode | RegexError {
    const bytes = setOf(() => false)
    const negated = this.#text.charAt(this.#at) === '^'
    if (negated) this.#at++
    const start = this.#at
    for (;;) {
      if (this.#at >= this.#text.length) return new RegexError('a bracket is not closed')
      if (this.#text.charAt(this.#at) === ']' && this.#at > start) break
      if (this.#text.startsWith('[:', this.#at)) {
        const end = this.#text.indexOf(':]', this.#at)
        const name = this.#text.slice(this.#at + 2, end < 0 ? undefined : end)
        // Ignoring case, [:upper:] and [:lower:] are all letters.
        const test = this.#options.ignoreCase && /^(upper|lower)$/.test(name) ? CLASSES['alpha'] : CLASSES[name]
        if (end < 0 || !test) return new RegexError(`there is no class [:${name}:]`)
        for (let code = 0; code < 256; code++) if (test(code)) bytes[code] = true
        this.#at = end + 2
        continue
      }
      const from = this.#bracketByte()
      if (from instanceof RegexError) return from
      let to = from
      if (this.#text.charAt(this.#at) === '-' && !['', ']'].includes(this.#text.charAt(this.#at + 1))) {
        this.#at++
        const end = this.#bracketByte()
        if (end instanceof RegexError) return end
        to = end
      }
      if (to < from) return new RegexError('a range in brackets runs backwards')
      for (let code = from; code <= to; code++) bytes[code] = true
    }
    this.#at++
    this.#withCase(bytes)
    if (!negated) return { kind: 'set', bytes }
    const newline = this.#options.newline
    return { kind: 'set', bytes: bytes.map((has, code) => !has && !(newline && code === 10)) }
  }

  /** One byte inside brackets: `a`, `[.a.]`, `[=a=]`. */
  #bracketByte(): number | RegexError {
    for (const sign of ['.', '=']) {
      if (!this.#text.startsWith(`[${sign}`, this.#at)) continue
      const end = this.#text.indexOf(`${sign}]`, this.#at + 3)
      if (end !== this.#at + 3) return new RegexError('a collating element is wrong')
      const code = this.#text.charCodeAt(this.#at + 2)
      this.#at = end + 2
      return code
    }
    return this.#text.charCodeAt(this.#at++) & 0xff
  }
}

/** Repetitions of repetitions are joined where that is the same: `a**` is `a*`. */
function repeat(body: RegexNode, least: number, most: number): RegexNode {
  const joins = (from: number, to: number): boolean => from <= 1 && (to === 1 || to === Number.POSITIVE_INFINITY)
  if (body.kind === 'repeat' && joins(body.least, body.most) && joins(least, most)) {
    return { kind: 'repeat', least: Math.min(body.least, least), most: Math.max(body.most, most), body: body.body }
  }
  return { kind: 'repeat', least, most, body }
}
