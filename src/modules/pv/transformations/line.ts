/** `{line....}`: texts of several lines. A line ends at a line feed; a carriage return before it is left out. */
import type { TransformationDef } from '../../../define/define.ts'
import { ofFilledText, parameterMissing, withParameters } from './parameters.ts'

const LF = '\n'

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function countLines(text: string): number {
  let count = text.endsWith(LF) ? 0 : 1
  for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1)) count++
  return count
}

function lineFromStart(text: string, index: number): string {
  let start = 0
  for (let line = 0; line < index; line++) {
    const feed = text.indexOf(LF, start)
    if (feed < 0) return ''
    start = feed + 1
  }
  const end = text.indexOf(LF, start)
  return withoutReturn(text.slice(start, end < 0 ? undefined : end))
}

/** Counted from the end, 1 is the last. As in Kamailio, an empty line there belongs to the one before it. */
function lineFromEnd(text: string, number: number): string {
  let end = text.endsWith(LF) ? text.length - 1 : text.length
  for (let line = 1; ; line++) {
    const start = end < 2 ? 0 : text.lastIndexOf(LF, end - 2) + 1
    if (line === number) return withoutReturn(text.slice(start, end))
    if (start === 0) return ''
    end = start - 1
  }
}

function startingWith(text: string, prefix: string): string {
  for (let start = 0; start <= text.length; ) {
    const feed = text.indexOf(LF, start)
    if (text.startsWith(prefix, start)) return withoutReturn(text.slice(start, feed < 0 ? undefined : feed))
    if (feed < 0) return ''
    start = feed + 1
  }
  return ''
}

export const lineTransformations: Readonly<Record<string, TransformationDef>> = {
  'line.count': ofFilledText('Number of lines.', (text) => String(countLines(text))),
  'line.at': withParameters('The line at an index, counted from the end when negative.', ['index'], (reader) => {
    const index = reader.int()
    return (text, context) => {
      const wanted = index(context)
      if (text === '') return null
      if (wanted !== wanted) return parameterMissing(context)
      return wanted < 0 ? lineFromEnd(text, -wanted) : lineFromStart(text, wanted)
    }
  }),
  'line.sw': withParameters('The first line that starts with a text.', ['prefix'], (reader) => {
    const prefix = reader.text()
    return (text, context) => {
      const wanted = prefix(context)
      if (text === '') return null
      return wanted === null ? parameterMissing(context) : startingWith(text, wanted)
    }
  }),
}
