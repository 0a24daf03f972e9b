import type { Span } from './ast.ts'
import type { SourceFile } from './source.ts'

/**
 * What the lexer reads from: a file, or the value of a define that stands in for a name. The value is read together
 * with the rest of the line behind the name, so that a token may begin in the value and end behind it.
 */
export interface Frame {
  text: string
  at: number
  /** The file; `undefined` for the value of a define. */
  readonly source: SourceFile | undefined
  /** Lines of the file passed so far. */
  line: number
  readonly parent: Frame | undefined
  /** Of a define: its name, where its value ends in `text`, where to go on in the parent, and the place of the name. */
  readonly name: string
  readonly valueEnd: number
  readonly parentAt: number
  readonly nameSpan: Span | undefined
  isExtended: boolean
}

export function fileFrame(source: SourceFile, parent: Frame | undefined): Frame {
  return {
    text: source.text, at: 0, source, line: 0, parent,
    name: '', valueEnd: 0, parentAt: 0, nameSpan: undefined, isExtended: true,
  }
}

/** A frame that reads `value` in place of the name that ends where `parent` stands. */
export function defineFrame(parent: Frame, name: string, value: string, nameSpan: Span): Frame {
  const lineEnd = parent.text.indexOf('\n', parent.at)
  const rest = parent.text.slice(parent.at, lineEnd === -1 ? parent.text.length : lineEnd)
  return {
    text: value + rest, at: 0, source: undefined, line: 0, parent,
    name, valueEnd: value.length, parentAt: parent.at, nameSpan, isExtended: false,
  }
}

/** Lets a token that begins in a define's value run on over the end of the line. False when there is no more. */
export function extendFrame(frame: Frame): boolean {
  if (frame.isExtended || frame.parent === undefined) return false
  frame.isExtended = true
  extendFrame(frame.parent)
  frame.text = frame.text.slice(0, frame.valueEnd) + frame.parent.text.slice(frame.parentAt)
  return true
}

/** The frame to go on in: the parent, moved along, once a define's value is used up. */
export function leaveDefines(frame: Frame): Frame {
  let current = frame
  while (current.nameSpan !== undefined && current.at >= current.valueEnd && current.parent !== undefined) {
    current.parent.at = current.parentAt + (current.at - current.valueEnd)
    current = current.parent
  }
  return current
}

/** True when the name is being replaced right here: its own value, or one that it leads to. */
export function isBeingReplaced(frame: Frame, name: string): boolean {
  for (let at: Frame | undefined = frame; at !== undefined && at.nameSpan !== undefined; at = at.parent) {
    if (at.name === name && at.at <= at.valueEnd) return true
  }
  return false
}

/** The place of a stretch of the frame's text; inside a define's value it is the place of the name. */
export function spanIn(frame: Frame, start: number, end: number): Span {
  if (frame.nameSpan !== undefined || frame.source === undefined) return frame.nameSpan ?? nowhere
  const { lineStarts, path } = frame.source
  // Tokens come in order, so the line is found by walking on from the last one.
  while ((lineStarts[frame.line] ?? 0) > start && frame.line > 0) frame.line--
  while ((lineStarts[frame.line + 1] ?? Infinity) <= start) frame.line++
  const line = frame.line
  let endLine = line
  while ((lineStarts[endLine + 1] ?? Infinity) < end) endLine++
  return {
    file: path,
    line: line + 1,
    column: start - (lineStarts[line] ?? 0) + 1,
    endLine: endLine + 1,
    endColumn: end - (lineStarts[endLine] ?? 0) + 1,
  }
}

const nowhere: Span = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 }
