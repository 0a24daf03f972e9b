import type { Span } from './ast.ts'
import type { Diagnostic } from './diagnostic.ts'
import { lineEnd, readDirective, skipUntaken, type DirectiveHost } from './directives.ts'
import { keywords } from './keywords.ts'
import {
  defineFrame, extendFrame, fileFrame, isBeingReplaced, leaveDefines, spanIn, type Frame,
} from './lexer-input.ts'
import { ipv6Length, parseInteger } from './lexer-number.ts'
import { readAttribute, readSelect, readVariable, type Compatibility } from './lexer-variable.ts'
import { readString } from './lexer-string.ts'
import type { Preprocessor } from './preprocess.ts'
import { createSource, type SourceFile } from './source.ts'
import type { Token, TokenKind } from './token.ts'

const MAX_INCLUDE_DEPTH = 10
/** Bounds what files that include each other several times make of few lines. */
const MAX_INCLUDED_FILES = 1000
/** Bounds what defines that multiply each other can make of a small file. */
const MAX_REPLACEMENTS = 200_000
const MAX_SKIPPED_REPORTS = 20

export interface LexerOptions {
  readonly readFile: (path: string) => string | undefined
  readonly preprocessor: Preprocessor
  readonly report: (diagnostic: Diagnostic) => void
  /** Hears of each comment, marks and all, of text that is taken. */
  readonly comment?: ((text: string, span: Span) => void) | undefined
}

export interface LexedConfig {
  readonly tokens: readonly Token[]
  readonly sources: Map<string, SourceFile>
  readonly compatibility: Compatibility
  /** The text ended inside a string or a comment: what the grammar misses at the end is owed to that. */
  readonly isCut: boolean
}

const wordPattern = /[A-Za-z0-9_]+/y
const eventNamePattern = /[a-zA-Z][0-9a-zA-Z-]*(?::[a-zA-Z][0-9a-zA-Z_-]*)+/y
const operators3 = new Set(['(int)', '(str)'])
const operators2 = new Set(['==', '!=', '=~', '<=', '>=', '<<', '>>', '&&', '||', '+='])
const operators1 = new Set([...'=<>!&|^~+-*/.,;:(){}[]'])

/** Turns a configuration file and all that it includes into tokens; what is wrong is reported, never thrown. */
export function lex(path: string, text: string, options: LexerOptions): LexedConfig {
  const lexer = new Lexer(options)
  return lexer.run(path, text)
}

class Lexer implements DirectiveHost {
  readonly preprocessor: Preprocessor
  readonly report: (diagnostic: Diagnostic) => void
  readonly #readFile: (path: string) => string | undefined
  readonly #comment: LexerOptions['comment']
  readonly #sources = new Map<string, SourceFile>()
  readonly #tokens: Token[] = []
  frame: Frame = fileFrame(createSource('', ''), undefined)
  compatibility: Compatibility = 'max'
  #depth = 0
  #included = 0
  #replacements = 0
  #skipped = 0
  #eventName = false
  #isCut = false

  constructor(options: LexerOptions) {
    this.preprocessor = options.preprocessor
    this.report = options.report
    this.#readFile = options.readFile
    this.#comment = options.comment
  }

  run(path: string, text: string): LexedConfig {
    const source = createSource(path, text)
    this.#sources.set(path, source)
    this.frame = fileFrame(source, undefined)
    for (;;) {
      this.frame = leaveDefines(this.frame)
      if (this.frame.at < this.frame.text.length) {
        if (this.preprocessor.isTaken) this.#read(this.frame)
        else skipUntaken(this, this.frame)
        continue
      }
      if (this.frame.parent === undefined) break
      this.frame = this.frame.parent
      this.#depth--
    }
    const end = this.frame.text.length
    this.#push('end', '', '', 0, spanIn(this.frame, end, end))
    return { tokens: this.#tokens, sources: this.#sources, compatibility: this.compatibility, isCut: this.#isCut }
  }

  error(code: string, message: string, span: Span, hint?: string): void {
    this.report({ code, severity: 'error', message, hint, span })
  }

  warn(code: string, message: string, span: Span, hint?: string): void {
    this.report({ code, severity: 'warning', message, hint, span })
  }

  /** Goes on in another file; false when it cannot. Its path is tried as it is, then beside the including file. */
  include(name: string, isOptional: boolean, span: Span): void {
    if (this.#depth >= MAX_INCLUDE_DEPTH) {
      this.error('KAH0118', `files include each other more than ${MAX_INCLUDE_DEPTH} deep`, span)
      return
    }
    if (this.#included >= MAX_INCLUDED_FILES) {
      this.error('KAH0118', `more than ${MAX_INCLUDED_FILES} files are included`, span, 'does a file include itself?')
      return
    }
    this.#included++
    let path = name
    let text = this.#readFile(path)
    const slash = span.file.lastIndexOf('/')
    if (text === undefined && !name.startsWith('/') && slash !== -1) {
      path = `${span.file.slice(0, slash)}/${name}`
      text = this.#readFile(path)
    }
    if (text === undefined) {
      if (isOptional) return
      const tried = path === name ? name : `${name} (nor ${path})`
      this.error(
        'KAH0117', `cannot read the included file ${tried}`, span, 'import_file goes on when a file is missing',
      )
      return
    }
    const source = this.#sources.get(path) ?? createSource(path, text)
    this.#sources.set(path, source)
    this.frame = fileFrame(source, this.frame)
    this.#depth++
  }

  pushSubst(name: string, span: Span): void {
    this.#push('subst', name, name, 0, span)
  }

  #push(kind: TokenKind, text: string, written: string, value: number, span: Span, mayBeAvp = false): void {
    this.#tokens.push({ kind, text, written, value, mayBeAvp, span })
  }

  /** Reads one token, comment, directive or stretch of white space. */
  #read(frame: Frame): void {
    const { text, at } = frame
    const code = text.charCodeAt(at)
    if (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d || code === 0x08) {
      frame.at++
      return
    }
    if (this.#eventName && this.#readEventName(frame)) return
    const isWordChar = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
      || (code >= 0x30 && code <= 0x39) || code === 0x5f
    if (isWordChar) return this.#readWord(frame)
    switch (text[at]) {
      case '#':
        if (text[at + 1] !== '!' || !readDirective(this, frame)) this.#skipLine(frame)
        return
      case '!':
        if (text[at + 1] === '!' && readDirective(this, frame)) return
        break
      case '/':
        if (text[at + 1] === '/') return this.#skipLine(frame)
        if (text[at + 1] === '*') return this.#skipComment(frame)
        break
      case '"':
      case "'":
        return this.#readString(frame)
      case '$':
        return this.#readVariable(frame)
      case '@':
        return this.#readSelect(frame)
      case '%':
        return this.#readAttribute(frame)
      case '\\':
        // An escaped line end is white space.
        if (text[at + 1] === '\n' || text.startsWith('\r\n', at + 1)) {
          frame.at += text[at + 1] === '\n' ? 2 : 3
          return
        }
        break
      case ':':
        if (text[at + 1] === ':' && this.#readIpv6(frame)) return
    }
    this.#readOperator(frame)
  }

  #readOperator(frame: Frame): void {
    const { text, at } = frame
    let operator: string | undefined
    if (text[at] === '(' && operators3.has(text.slice(at, at + 5))) operator = text.slice(at, at + 5)
    else if (operators2.has(text.slice(at, at + 2))) operator = text.slice(at, at + 2)
    else if (operators1.has(text[at] ?? '')) operator = text[at]
    if (operator !== undefined) {
      frame.at += operator.length
      this.#push('operator', operator, operator, 0, spanIn(frame, at, frame.at))
      return
    }
    // Kamailio's scanner drops what it does not know without a word.
    let end = at + 1
    while (end < text.length && text.charCodeAt(end) >= 0x80) end++
    frame.at = end
    if (at === 0 && text.startsWith('\xef\xbb\xbf')) {
      frame.at = 3
      return
    }
    if (++this.#skipped > MAX_SKIPPED_REPORTS) return
    const hint = text[at] === '?' ? 'there is no ?: operator; selval(condition, one, other) chooses' : undefined
    this.warn('KAH0104', 'this character means nothing here and is skipped', spanIn(frame, at, end), hint)
  }

  #readWord(frame: Frame): void {
    const { text, at } = frame
    wordPattern.lastIndex = at
    const word = wordPattern.exec(text)?.[0] ?? ''
    const after = text[at + word.length]
    if (after === ':') {
      if (word.length <= 4 && this.#readIpv6(frame)) return
      const joined = ['uri:host', 'uri:port', 'msg:len'].find((name) => text.startsWith(name, at) && name.startsWith(`${word}:`))
      if (joined !== undefined) {
        frame.at += joined.length
        this.#push('keyword', joined, joined, 0, spanIn(frame, at, frame.at))
        return
      }
    }
    frame.at += word.length
    const first = word.charCodeAt(0)
    if (first <= 0x39) {
      const value = parseInteger(word)
      this.#push(value === undefined ? 'numword' : 'number', word, word, value ?? 0, spanIn(frame, at, frame.at))
      return
    }
    const span = spanIn(frame, at, frame.at)
    const keyword = keywords.get(word)
    if (keyword === undefined) {
      this.#readName(frame, word, span)
      return
    }
    if (keyword.text === 'include_file' || keyword.text === 'import_file') {
      frame.at = at
      readDirective(this, frame)
      return
    }
    if (keyword.text === 'event_route') this.#eventName = true
    this.#push(keyword.kind, keyword.text, word, keyword.value, span)
  }

  /** A name that is no reserved word: its value when it is defined, the name itself otherwise. */
  #readName(frame: Frame, word: string, span: Span): void {
    const { defines } = this.preprocessor
    if (!defines.has(word)) {
      this.#push('word', word, word, 0, span)
      return
    }
    if (isBeingReplaced(frame, word) || ++this.#replacements > MAX_REPLACEMENTS) {
      this.error('KAH0116', `the value of ${word} leads back to ${word}`, span)
      defines.delete(word)
      this.#push('word', word, word, 0, span)
      return
    }
    const value = defines.get(word) ?? ''
    if (value !== '') this.frame = defineFrame(frame, word, value, span)
  }

  #readIpv6(frame: Frame): boolean {
    const longest = ipv6Length(frame.text, frame.at)
    if (longest === 0) return false
    const address = frame.text.slice(frame.at, frame.at + longest)
    frame.at += longest
    this.#push('ipv6', address, address, 0, spanIn(frame, frame.at - longest, frame.at))
    return true
  }

  /** Between `event_route` and `]` names are read with their colons. True when something was read. */
  #readEventName(frame: Frame): boolean {
    const char = frame.text[frame.at] ?? ''
    const start = frame.at
    if (char === '[' || char === ']') {
      frame.at++
      this.#push('operator', char, char, 0, spanIn(frame, start, frame.at))
      if (char === ']') this.#eventName = false
      return true
    }
    if (char === '"' || char === "'" || char === '$') {
      frame.at++
      this.warn(
        'KAH0104', 'this character means nothing here and is skipped', spanIn(frame, start, frame.at),
        'the name stands without quotes',
      )
      return true
    }
    eventNamePattern.lastIndex = start
    const name = eventNamePattern.exec(frame.text)?.[0]
    if (name === undefined) {
      this.#eventName = false
      return false
    }
    frame.at += name.length
    this.#push('event-name', name, name, 0, spanIn(frame, start, frame.at))
    return true
  }

  #skipLine(frame: Frame): void {
    const end = lineEnd(frame.text, frame.at)
    this.#comment?.(frame.text.slice(frame.at, end).trimEnd(), spanIn(frame, frame.at, end))
    frame.at = Math.min(end + 1, frame.text.length)
  }

  /** Block comments nest. */
  #skipComment(frame: Frame): void {
    const start = frame.at
    let depth = 0
    let at = start
    for (;;) {
      const close = frame.text.indexOf('*/', at)
      const open = frame.text.indexOf('/*', at)
      if (open !== -1 && (close === -1 || open < close)) {
        depth++
        at = open + 2
      } else if (close !== -1) {
        depth--
        at = close + 2
        if (depth === 0) break
      } else if (!extendFrame(frame)) {
        const nested = depth > 1 ? `: ${depth} are open, since comments nest` : ''
        this.error(
          'KAH0102', `this comment is not closed${nested}`, spanIn(frame, start, start + 2), "close it with '*/'",
        )
        at = frame.text.length
        this.#isCut = true
        break
      }
    }
    this.#comment?.(frame.text.slice(start, at), spanIn(frame, start, at))
    frame.at = at
  }

  #readString(frame: Frame): void {
    const start = frame.at
    let read = readString(frame.text, start)
    if (read.reachesEnd && extendFrame(frame)) read = readString(frame.text, start)
    frame.at = read.end
    if (!read.isClosed) {
      const quote = frame.text[start] ?? '"'
      this.error('KAH0101', 'this string is not closed', spanIn(frame, start, start + 1), `close it with ${quote}`)
      frame.at = frame.text.length
      this.#isCut = true
    }
    const span = spanIn(frame, start, read.end)
    this.#push('string', this.preprocessor.substitute(read.value, span), '', 0, span)
    if (this.#tokens.at(-2)?.text.startsWith('loadmodule') && this.#tokens.at(-2)?.kind === 'keyword') {
      const module = read.value.slice(read.value.lastIndexOf('/') + 1).replace(/\.so$/, '')
      this.preprocessor.define(`MOD_${module}`, undefined, 'try', span)
    }
  }

  #readVariable(frame: Frame): void {
    const start = frame.at
    let read = readVariable(frame.text, start, this.compatibility)
    if (read.problem !== undefined && extendFrame(frame)) read = readVariable(frame.text, start, this.compatibility)
    frame.at = read.end
    const span = spanIn(frame, start, read.end)
    if (read.problem !== undefined) this.error('KAH0103', read.problem, span, read.hint)
    const text = read.mayBeAvp || read.kind === 'avp' ? read.text : this.preprocessor.substitute(read.text, span)
    this.#push(read.kind, text, text, 0, span, read.mayBeAvp)
  }

  #readSelect(frame: Frame): void {
    const start = frame.at
    const text = readSelect(frame.text, start)
    frame.at += Math.max(1, text.length)
    const span = spanIn(frame, start, frame.at)
    if (text === '') this.error(
      'KAH0105', "'@' begins a select, and a name must follow", span, 'for example @ruri.user',
    )
    this.#push('select', text, text, 0, span)
  }

  #readAttribute(frame: Frame): void {
    const start = frame.at
    const text = readAttribute(frame.text, start)
    frame.at += Math.max(1, text.length)
    const span = spanIn(frame, start, frame.at)
    // A lone '%' is kept for the grammar, which knows whether a remainder was meant.
    if (text === '') this.#push('operator', '%', '%', 0, span)
    else this.#push('avp', text, text, 0, span)
  }
}
