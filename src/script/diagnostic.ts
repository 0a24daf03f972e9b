import type { Span } from './ast.ts'
import { lineOf, type Sources } from './source.ts'

/** A complaint about the configuration. The parser's codes stand in `diagnostic-codes.ts`. */
export interface Diagnostic {
  /** `KAH0104`: KAH and four digits, the same for ever. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** What to write instead. */
  readonly hint?: string | undefined
  readonly span: Span
}

export interface DrawOptions {
  /** Colours for a terminal. */
  readonly color?: boolean
}

const TAB_WIDTH = 4
const LINE_WIDTH_MAX = 160

/** Tabs become spaces up to the next stop, so that the caret stands below what it means. */
function expandTabs(text: string): string {
  if (!text.includes('\t')) return text
  let out = ''
  for (const char of text) out += char === '\t' ? ' '.repeat(TAB_WIDTH - (out.length % TAB_WIDTH)) : char
  return out
}

/** The width on the screen of latin1 text that holds UTF-8: continuation bytes take no column. */
function screenWidth(text: string): number {
  let width = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80 || code > 0xbf) width++
  }
  return width
}

/**
 * Draws a diagnostic: `file:line:column: error KAH0202: message`, the source line, a caret line and the hint.
 * The result is latin1 text like the sources: write it with that encoding, so that UTF-8 in a file shows as itself.
 */
export function drawDiagnostic(diagnostic: Diagnostic, sources: Sources, options: DrawOptions = {}): string {
  const { span } = diagnostic
  const paint = (style: string, text: string) => (options.color ? `\x1b[${style}m${text}\x1b[0m` : text)
  const style = diagnostic.severity === 'error' ? '1;31' : '1;33'
  const place = span.line > 0 ? `${span.file}:${span.line}:${span.column}` : span.file
  const lines = [`${paint('1', `${place}:`)} ${paint(style, `${diagnostic.severity} ${diagnostic.code}:`)} ${diagnostic.message}`]

  const source = sources.get(span.file)
  const text = source === undefined || span.line === 0 ? '' : lineOf(source, span.line)
  if (text.trim() !== '' || (source !== undefined && span.line > 0)) {
    const before = expandTabs(text.slice(0, span.column - 1))
    const upTo = span.endLine > span.line ? text.trimEnd().length : span.endColumn - 1
    const marked = expandTabs(text.slice(0, upTo)).slice(before.length)
    const shown = expandTabs(text)
    // A very long line is shown from a little before the place.
    const cut = before.length > LINE_WIDTH_MAX / 2 && shown.length > LINE_WIDTH_MAX ? before.length - LINE_WIDTH_MAX / 2 : 0
    const indent = ' '.repeat(screenWidth(before.slice(cut)))
    const width = Math.max(1, Math.min(screenWidth(marked), LINE_WIDTH_MAX))
    lines.push(`  ${shown.slice(cut, cut + LINE_WIDTH_MAX)}`)
    lines.push(`  ${indent}${paint(style, '^' + '~'.repeat(width - 1))}`)
  }
  if (diagnostic.hint !== undefined) lines.push(`  ${paint('36', 'help:')} ${diagnostic.hint}`)
  return lines.join('\n')
}
