/** `{nameaddr....}`: `"Name" <uri>;...`, taken apart at the angle brackets without looking closer. */
import type { TransformationDef } from '../../../define/define.ts'
import { ofFilledText } from './parameters.ts'

interface Place {
  /** Of `<`; -1 when the whole text is the URI. */
  readonly open: number
  /** Of `>`. */
  readonly close: number
}

/** Null when the bracket is not closed. */
function locate(text: string): Place | null {
  const open = bracketOutsideQuotes(text)
  if (open < 0) return { open, close: -1 }
  const close = text.indexOf('>', open)
  return close < 0 ? null : { open, close }
}

function bracketOutsideQuotes(text: string): number {
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '"') isQuoted = !isQuoted
    else if (char === '\\' && isQuoted) at++
    else if (char === '<' && !isQuoted) return at
  }
  return -1
}

function nameAddr<T extends string | number>(summary: string, read: (text: string, place: Place) => T): TransformationDef {
  return ofFilledText(summary, (text) => {
    const place = locate(text)
    return place && read(text, place)
  })
}

export const nameAddrTransformations: Readonly<Record<string, TransformationDef>> = {
  'nameaddr.name': nameAddr('What stands before the URI, blanks and quotes included.', (text, { open }) =>
    open < 0 ? '' : text.slice(0, open),
  ),
  'nameaddr.uri': nameAddr('The URI.', (text, { open, close }) => (open < 0 ? text : text.slice(open + 1, close))),
  'nameaddr.len': nameAddr('Length of name and URI, brackets included.', (text, { open, close }) =>
    open < 0 ? text.length : close + 1,
  ),
}
