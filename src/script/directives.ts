import type { Span } from './ast.ts'
import { extendFrame, spanIn, type Frame } from './lexer-input.ts'
import { readString } from './lexer-string.ts'
import type { Compatibility } from './lexer-variable.ts'
import { nearest } from './nearest.ts'
import type { DefineMode, Preprocessor } from './preprocess.ts'

/** What directives need of the lexer that reads them. */
export interface DirectiveHost {
  readonly preprocessor: Preprocessor
  compatibility: Compatibility
  error(code: string, message: string, span: Span, hint?: string): void
  warn(code: string, message: string, span: Span, hint?: string): void
  include(name: string, isOptional: boolean, span: Span): void
  pushSubst(name: string, span: Span): void
}

const defineModes: ReadonlyMap<string, DefineMode> = new Map([
  ['define', 'define'], ['def', 'define'], ['trydefine', 'try'], ['trydef', 'try'],
  ['redefine', 'redefine'], ['redef', 'redefine'],
])
const environmentForms: ReadonlyMap<string, { isQuoted: boolean; isOptional: boolean }> = new Map([
  ['defenv', { isQuoted: false, isOptional: false }], ['defenvs', { isQuoted: true, isOptional: false }],
  ['trydefenv', { isQuoted: false, isOptional: true }], ['trydefenvs', { isQuoted: true, isOptional: true }],
])
const compatibilities: ReadonlyMap<string, Compatibility> = new Map([
  ['KAMAILIO', 'kamailio'], ['OPENSER', 'kamailio'], ['SER', 'ser'], ['MAXCOMPAT', 'max'], ['ALL', 'max'],
])
const laterDirectives = new Set(['ifexp', 'defexp', 'defexps', 'undef', 'undefine', 'tryundef', 'tryundefine'])
const known = [
  ...defineModes.keys(), ...environmentForms.keys(), ...compatibilities.keys(), 'subst', 'substdef', 'substdefs',
  'ifdef', 'ifndef', 'else', 'endif', 'include_file', 'import_file',
]

const directivePattern = /(?:#!|!!)?([A-Za-z_0-9]+)([ \t\b\r]*)/y
const conditionalPattern = /(?:#!|!!)(?:(?:ifdef|ifndef)[ \t\b\r]|(?:else|endif)\b)/g
const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y
const spaces = ' \t\b\r'

/** The offset of the line's end from `at` on: of its newline, or of the end of the text. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/**
 * Reads the directive at the frame's place: `#!name`, `!!name`, or the bare `include_file` and `import_file`. False when
 * it is none; then `#!...` is a comment.
 */
export function readDirective(host: DirectiveHost, frame: Frame): boolean {
  const { text, at } = frame
  directivePattern.lastIndex = at
  const found = directivePattern.exec(text)
  if (found === null) return false
  const name = found[1] ?? ''
  const gap = found[2] ?? ''
  const after = at + found[0].length
  const span = spanIn(frame, at, after - gap.length)
  const isMarked = text[at] === '#' || text[at] === '!'

  if (name === 'ifdef' || name === 'ifndef' || name === 'else' || name === 'endif') {
    return readConditional(host, frame, name, after, gap, span)
  }
  const mode = defineModes.get(name)
  if (mode !== undefined && gap !== '') {
    readDefine(host, frame, mode, name, after, span)
    return true
  }
  if (mode !== undefined && text[at] === '#') {
    host.warn('KAH0113', `#!${name} needs a name: this line is a comment`, span)
    return false
  }
  const form = environmentForms.get(name)
  if (form !== undefined) {
    const end = wordEnd(text, after)
    frame.at = end
    if (end === after) host.error('KAH0113', `#!${name} needs a name`, span, `write #!${name} NAME=VARIABLE`)
    else host.preprocessor.defineFromEnvironment(text.slice(after, end), form.isQuoted, form.isOptional, spanIn(frame, after, end))
    return true
  }
  if (name === 'include_file' || name === 'import_file') {
    readInclude(host, frame, name === 'import_file', after)
    return true
  }
  if (name === 'subst' || name === 'substdef' || name === 'substdefs') {
    readSubst(host, frame, name, after, span)
    return true
  }
  if (!isMarked || text[at] !== '#') return false
  const compatibility = compatibilities.get(name)
  if (compatibility !== undefined) {
    // Kamailio looks for the line end right behind the word; anything else makes the line a comment.
    if (gap === '' && after >= lineEnd(text, after)) host.compatibility = compatibility
    frame.at = lineEnd(text, after)
    return true
  }
  if (laterDirectives.has(name)) {
    host.warn('KAH0123', `#!${name} came after Kamailio 5.6: here it is a comment`, span)
    return false
  }
  const meant = nearest(name, known)
  const isFirstLine = span.line === 1
  if (!isFirstLine) {
    const hint = meant === undefined ? undefined : `did you mean #!${meant}?`
    if (hint !== undefined) host.warn('KAH0122', `#!${name} is no directive: this line is a comment`, span, hint)
  }
  return false
}

function wordEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && !' \t\r\n'.includes(text[end] ?? '')) end++
  return end
}

function readConditional(
  host: DirectiveHost, frame: Frame, name: 'ifdef' | 'ifndef' | 'else' | 'endif', after: number, gap: string, span: Span,
): boolean {
  const { text } = frame
  const end = lineEnd(text, after)
  if (name === 'ifdef' || name === 'ifndef') {
    if (gap === '') {
      host.error('KAH0113', `#!${name} needs a name`, span)
      return false
    }
    namePattern.lastIndex = after
    const id = namePattern.exec(text)?.[0]
    if (id === undefined) host.error('KAH0113', `#!${name} needs a name`, span)
    else if (text[after + id.length] === '-') {
      host.error('KAH0113', "a '-' is not allowed in a defined name", spanIn(frame, after, after + id.length + 1))
    }
    host.preprocessor.openConditional(name, id, span)
    frame.at = end
    return true
  }
  if (after !== end) {
    const span = spanIn(frame, after, end)
    host.warn('KAH0112', `nothing may follow #!${name} on its line: Kamailio takes the whole line for a comment`, span)
    frame.at = end
    return true
  }
  if (name === 'else') host.preprocessor.elseConditional(span)
  else host.preprocessor.closeConditional(span)
  frame.at = end
  return true
}

/** `NAME value up to the end of the line`; a backslash before the line end goes on in the next line. */
function readDefine(
  host: DirectiveHost, frame: Frame, mode: DefineMode, directive: string, after: number, span: Span,
): void {
  const { text } = frame
  namePattern.lastIndex = after
  const name = namePattern.exec(text)?.[0]
  if (name === undefined) {
    host.error('KAH0113', `#!${directive} needs a name`, span, 'names begin with a letter or underscore')
    frame.at = lineEnd(text, after)
    return
  }
  const nameSpan = spanIn(frame, after, after + name.length)
  let at = after + name.length
  if (text[at] === '-') {
    host.error('KAH0113', "a '-' is not allowed in a defined name", spanIn(frame, after, at + 1))
    frame.at = lineEnd(text, at)
    return
  }
  while (at < text.length && spaces.includes(text[at] ?? '')) at++
  let value = ''
  // The first character of the value is taken as it is, even a backslash at the end of the line.
  if (at < text.length && text[at] !== '\n') value += text[at++]
  for (;;) {
    const end = lineEnd(text, at)
    const isContinued = end < text.length && text[end - 1] === '\\' && end - 1 >= at
    value += text.slice(at, isContinued ? end - 1 : end)
    at = end
    if (!isContinued) break
    at++
  }
  frame.at = at
  host.preprocessor.define(name, value === '' ? undefined : value, mode, nameSpan)
}

function readInclude(host: DirectiveHost, frame: Frame, isOptional: boolean, after: number): void {
  const { text } = frame
  let start = after
  while (start < text.length && ' \t\r\n'.includes(text[start] ?? '')) start++
  const end = wordEnd(text, start)
  frame.at = end
  const span = spanIn(frame, start, end)
  const written = host.preprocessor.substitute(text.slice(start, end), span)
  if (written.length < 3 || !written.startsWith('"') || !written.endsWith('"')) {
    host.error(
      'KAH0119', 'the name of the included file must stand in quotes, without spaces', span,
      'write include_file "file.cfg"',
    )
    return
  }
  const controls: Record<string, string> = { t: '\t', n: '\n', r: '\r' }
  const name = written.slice(1, -1).replace(/\\(.)/g, (_, char: string) => controls[char] ?? char)
  host.include(name, isOptional, span)
}

function readSubst(
  host: DirectiveHost, frame: Frame, directive: 'subst' | 'substdef' | 'substdefs', after: number, span: Span,
): void {
  let start = after
  while (start < frame.text.length && ' \t\b\r\n'.includes(frame.text[start] ?? '')) start++
  const quote = frame.text[start]
  host.pushSubst(directive, span)
  frame.at = start
  if (quote !== '"' && quote !== "'") {
    host.error('KAH0120', `a string must follow #!${directive}`, span, `write #!${directive} "/old/new/g"`)
    return
  }
  let read = readString(frame.text, start)
  if (read.reachesEnd && extendFrame(frame)) read = readString(frame.text, start)
  frame.at = read.isClosed ? read.end : frame.text.length
  const rule = spanIn(frame, start, read.end)
  if (!read.isClosed) host.error('KAH0101', 'this string is not closed', spanIn(frame, start, start + 1))
  else host.preprocessor.addSubst(directive, host.preprocessor.substitute(read.value, rule), rule)
}

/** Throws text away up to the next conditional directive that may end or nest the one that does not hold. */
export function skipUntaken(host: DirectiveHost, frame: Frame): void {
  conditionalPattern.lastIndex = frame.at
  const found = conditionalPattern.exec(frame.text)
  if (found === null) {
    frame.at = frame.text.length
    return
  }
  frame.at = found.index
  if (!readDirective(host, frame)) frame.at += 2
}
