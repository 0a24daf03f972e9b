/** `{s....}` that give a part of the text. */
import type { TransformationDef } from '../../../define/define.ts'
import { parameterMissing, withParameters } from './parameters.ts'

const INT_MAX = 0x7fff_ffff

/** `offset` counts from the end when negative; a length of 0 is the rest. Null when the offset lies outside. */
function substring(text: string, offset: number, length: number): string | null {
  const start = offset < 0 ? text.length + offset : offset
  if (start < 0 || start >= text.length || length < 0 || start + length > INT_MAX) return null
  return length === 0 ? text.slice(start) : text.slice(start, start + length)
}

/** The field with that index, counted from the end when negative; empty when there is none. */
function field(text: string, index: number, separator: string): string {
  const fields = text.split(separator)
  return fields[index < 0 ? fields.length + index : index] ?? ''
}

type Cut = (text: string, char: string) => string

function byCharacter(summary: string, cut: Cut): TransformationDef {
  return withParameters(summary, ['character'], (reader) => {
    const wanted = reader.character()
    return (text, context) => {
      const char = wanted(context)
      return char === null ? parameterMissing(context) : cut(text, char)
    }
  })
}

function byCount(summary: string, cut: (text: string, count: number) => string): TransformationDef {
  return withParameters(summary, ['count'], (reader) => {
    const count = reader.int()
    return (text, context) => {
      const number = count(context)
      return number === number ? cut(text, number) : parameterMissing(context)
    }
  })
}

const before =
  (find: (text: string, char: string) => number): Cut =>
  (text, char) => {
    const at = find(text, char)
    return at < 0 ? text : text.slice(0, at)
  }
const after =
  (find: (text: string, char: string) => number): Cut =>
  (text, char) => {
    const at = find(text, char)
    return at < 0 ? '' : text.slice(at + 1)
  }
const first = (text: string, char: string): number => text.indexOf(char)
const last = (text: string, char: string): number => text.lastIndexOf(char)

export const cutTransformations: Readonly<Record<string, TransformationDef>> = {
  's.substr': withParameters('The part from an offset on, of a length (0 for the rest).', ['offset', 'length'], (reader) => {
    const offset = reader.int()
    const length = reader.count()
    return (text, context) => {
      const from = offset(context)
      const count = length(context)
      return from === from && count === count ? substring(text, from, count) : parameterMissing(context)
    }
  }),
  's.select': withParameters('The field with an index between separators.', ['index', 'separator'], (reader) => {
    const index = reader.int()
    const separator = reader.separator()
    return (text, context) => {
      const number = index(context)
      return number === number ? field(text, number, separator) : parameterMissing(context)
    }
  }),
  's.strip': byCount('Without so many bytes in front.', (text, count) => (count <= 0 ? text : text.slice(count))),
  's.striptail': byCount('Without so many bytes at the end.', (text, count) =>
    count <= 0 ? text : text.slice(0, Math.max(0, text.length - count)),
  ),
  's.stripto': withParameters('From a character on.', ['character'], (reader) => {
    const wanted = reader.text()
    return (text, context) => {
      const char = wanted(context)
      if (char === null) return parameterMissing(context)
      const at = text.indexOf(char === '' ? '}' : char.charAt(0))
      return at < 0 ? '' : text.slice(at)
    }
  }),
  's.charat': withParameters('The character at an index (later than Kamailio 5.6).', ['index'], (reader) => {
    const index = reader.int()
    return (text, context) => {
      const at = index(context)
      return at === at ? text.charAt(at) : parameterMissing(context)
    }
  }),
  's.byteat': withParameters('The byte at an index as a number, -1 where there is none (later than Kamailio 5.6).', ['index'], (reader) => {
    const index = reader.int()
    return (text, context) => {
      const at = index(context)
      if (at !== at) return parameterMissing(context)
      return at < 0 || at >= text.length ? -1 : text.charCodeAt(at)
    }
  }),
  's.before': byCharacter('What stands before the first such character; all when there is none.', before(first)),
  's.after': byCharacter('What stands behind the first such character.', after(first)),
  's.rbefore': byCharacter('What stands before the last such character; all when there is none.', before(last)),
  's.rafter': byCharacter('What stands behind the last such character.', after(last)),
}
