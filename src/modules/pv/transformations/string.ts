/** `{s....}`: lengths, letters, blanks, quotes, searching and replacing. Lengths and positions count bytes. */
import { textToInt } from '../../../define/coerce.ts'
import type { TransformationDef } from '../../../define/define.ts'
import { ofText, parameterMissing, withParameters } from './parameters.ts'

const BLANK = ' \t\r\n'

function trimStart(text: string): string {
  let at = 0
  while (at < text.length && BLANK.includes(text.charAt(at))) at++
  return text.slice(at)
}

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && BLANK.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

function withoutBlanks(text: string): string {
  let kept = ''
  for (const char of text) if (!BLANK.includes(char)) kept += char
  return kept
}

/** Folds (RFC 3261 §7.3.1) undone: a line end and the blanks behind it become `filling`. */
function unfold(text: string, filling: string): string {
  return text.replace(/[\r\n]+([ \t]*)/g, (_all, blanks: string) => (blanks === '' ? '' : filling))
}

function digitsOf(text: string): string {
  let digits = ''
  for (const char of text) if (char >= '0' && char <= '9') digits += char
  return digits
}

/** ASCII letters only: other bytes stay as they are. */
function toLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function toUpper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}

/** Texts that are decimal numbers: digits with a sign `+`, or `-` and digits that fit 32 bits. */
const WHOLE_NUMBER = /^(?:[+-]?[0-9]*)$/

function wholeNumber(text: string): string | null {
  return WHOLE_NUMBER.test(text) && !Number.isNaN(numberOf(text)) ? text : null
}

function numberOf(text: string): number {
  return text === '+' || text === '-' ? 0 : textToInt(text)
}

function without(text: string, pair: string): string {
  return text.length >= 2 && text.charAt(0) === pair.charAt(0) && text.endsWith(pair.charAt(1)) ? text.slice(1, -1) : text
}

function unwrap(text: string, pairs: readonly string[]): string {
  for (const pair of pairs) {
    const inside = without(text, pair)
    if (inside !== text) return inside
  }
  return text
}

function occurrences(text: string, char: string): number {
  let count = 0
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++
  return count
}

/** Replaces every occurrence; nothing is searched for when the text to search for is empty. */
function replaceAll(text: string, search: string, replacement: string): string {
  return search === '' ? text : text.split(search).join(replacement)
}

export const stringTransformations: Readonly<Record<string, TransformationDef>> = {
  's.len': ofText('Length in bytes.', (text) => text.length),
  's.int': ofText('The text as a whole number.', wholeNumber, numberOf),
  's.tolower': ofText('In lower case (ASCII letters).', toLower),
  's.toupper': ofText('In upper case (ASCII letters).', toUpper),
  's.numeric': ofText('The digits alone.', digitsOf),
  's.trim': ofText('Without blanks at both ends.', (text) => trimEnd(trimStart(text))),
  's.ltrim': ofText('Without blanks in front.', trimStart),
  's.rtrim': ofText('Without blanks at the end.', trimEnd),
  's.rmws': ofText('Without any blanks.', withoutBlanks),
  's.rmhdws': ofText('Folds as one space each (later than Kamailio 5.6).', (text) => unfold(text, ' ')),
  's.rmhlws': ofText('Without folds (later than Kamailio 5.6).', (text) => unfold(text, '')),
  's.intv': ofText('The text as a whole number (later than Kamailio 5.6).', wholeNumber, numberOf),
  's.unquote': ofText('Without the quotes around it.', (text) => unwrap(text, ['""', "''"])),
  's.unbracket': ofText('Without the brackets around it.', (text) => unwrap(text, ['()', '[]', '{}', '<>'])),
  's.rm': withParameters('Without every occurrence of a text.', ['text'], (reader) => {
    const search = reader.text()
    return (text, context) => {
      const wanted = search(context)
      return wanted === null ? parameterMissing(context) : replaceAll(text, wanted, '')
    }
  }),
  's.replace': withParameters('With every occurrence of a text replaced.', ['search', 'replacement'], (reader) => {
    const search = reader.text()
    const replacement = reader.text()
    return (text, context) => {
      const wanted = search(context)
      const instead = replacement(context)
      return wanted === null || instead === null ? parameterMissing(context) : replaceAll(text, wanted, instead)
    }
  }),
  's.count': withParameters('How often a character occurs.', ['character'], (reader) => {
    const wanted = reader.character()
    return (text, context) => {
      const char = wanted(context)
      return char === null ? parameterMissing(context) : occurrences(text, char)
    }
  }),
}
