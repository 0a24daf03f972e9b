import type { Span } from './ast.ts'

/** One file of the configuration as it was read, and the offsets at which its lines start. */
export interface SourceFile {
  readonly path: string
  /** latin1: one char per byte. */
  readonly text: string
  readonly lineStarts: readonly number[]
}

/** Every file that was read, by the path it was opened with, so that errors can show the line they speak of. */
export type Sources = ReadonlyMap<string, SourceFile>

export function createSource(path: string, text: string): SourceFile {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return { path, text, lineStarts }
}

/** The line (from 1) without its line end; empty beyond the end of the file. */
export function lineOf(source: SourceFile, line: number): string {
  const start = source.lineStarts[line - 1]
  if (start === undefined) return ''
  const next = source.lineStarts[line]
  const text = source.text.slice(start, next === undefined ? source.text.length : next - 1)
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

/** From the start of one span to the end of another; the first alone when they lie in different files. */
export function joinSpans(first: Span, last: Span): Span {
  if (first === last || first.file !== last.file) return first
  if (last.endLine < first.line || (last.endLine === first.line && last.endColumn < first.endColumn)) return first
  return {
    file: first.file,
    line: first.line,
    column: first.column,
    endLine: last.endLine,
    endColumn: last.endColumn,
  }
}

/** The empty place right after a span, where something is missing. */
export function spanAfter(span: Span): Span {
  return {
    file: span.file,
    line: span.endLine,
    column: span.endColumn,
    endLine: span.endLine,
    endColumn: span.endColumn,
  }
}
