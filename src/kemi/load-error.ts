import type { LoadError } from '../define/kemi.ts'

/** `routes.ts:3:7: unexpected token`, the line, and a caret below the place. */
export function drawLoadError({ file, line, column, reason, text }: LoadError): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file
  if (text === undefined || line === 0) return `${place}: ${reason}`
  const shown = text.replace(/\t/g, ' ')
  return `${place}: ${reason}\n  ${shown}\n  ${' '.repeat(Math.max(0, column - 1))}^`
}

/** An error at an offset of a text. */
export function loadErrorAt(file: string, source: string, offset: number, reason: string): LoadError {
  const before = source.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  const end = source.indexOf('\n', offset)
  return {
    file,
    line: before.split('\n').length,
    column: offset - start + 1,
    reason,
    text: source.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''),
  }
}
