/** Periods in the notation of Perl's Time::Period: `wd {mon-fri} hr {8-16}, wd {sat} hr {9 11-13}`. */
import type { LocalTime } from './local-time.ts'

interface Scale {
  readonly min: number
  readonly max: number
  readonly of: (at: LocalTime) => number
  /** Names of values, by their first letters, as many as these have. */
  readonly names?: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa']

const year: Scale = { min: 1970, max: 0x7fff_ffff, of: (at) => at.year }
const month: Scale = { min: 1, max: 12, of: (at) => at.month + 1, names: MONTHS }
const week: Scale = { min: 1, max: 6, of: (at) => Math.trunc((at.day - 1 - at.weekday) / 7) + 1 }
const yday: Scale = { min: 1, max: 366, of: (at) => at.yearDay + 1 }
const mday: Scale = { min: 1, max: 31, of: (at) => at.day }
const wday: Scale = { min: 1, max: 7, of: (at) => at.weekday + 1, names: WEEKDAYS }
const hour: Scale = { min: 0, max: 23, of: (at) => at.hour }
const minute: Scale = { min: 0, max: 59, of: (at) => at.minute }
const second: Scale = { min: 0, max: 60, of: (at) => at.second }

const SCALES: ReadonlyMap<string, Scale> = new Map([
  ['year', year], ['yr', year], ['month', month], ['mo', month], ['week', week], ['wk', week],
  ['yday', yday], ['yd', yday], ['mday', mday], ['md', mday], ['wday', wday], ['wd', wday],
  ['hour', hour], ['hr', hour], ['minute', minute], ['min', minute], ['second', second], ['sec', second],
])

/**
 * Whether a moment lies in a period. An empty text is always; `none` and `never` are never; undefined says that the text
 * cannot be read.
 */
export function matchesPeriod(text: string, at: LocalTime): boolean | undefined {
  if (text === '') return true
  if (/^(?:none|never)$/i.test(text)) return false
  let found = false
  for (const part of subPeriods(text)) {
    const matched = matchesSubPeriod(part, at)
    if (matched === undefined) return undefined
    found ||= matched
  }
  return found
}

/** Commas within braces do not separate. */
function subPeriods(text: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0, inBraces = false; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '{') inBraces = true
    else if (char === '}') inBraces = false
    else if (char === ',' && !inBraces) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

/** True when each scale that is named has the moment; of a scale named again, values are only looked at where none fitted yet. */
function matchesSubPeriod(text: string, at: LocalTime): boolean | undefined {
  const results = new Map<Scale, boolean>()
  const scales = text.split('}')
  if (withoutBlanks(scales.pop() ?? '') !== '' || scales.length === 0) return undefined
  for (const written of scales) {
    const brace = written.indexOf('{')
    const scale = brace < 0 ? undefined : SCALES.get(withoutBlanks(written.slice(0, brace)).toLowerCase())
    const matched = scale && (results.get(scale) || matchesScale(scale, written.slice(brace + 1), scale.of(at)))
    if (scale === undefined || matched === undefined) return undefined
    results.set(scale, matched)
  }
  return [...results.values()].every((matched) => matched)
}

/** Blanks only: tabs count as letters. */
function withoutBlanks(text: string): string {
  return text.replace(/^ +/, '').replace(/ +$/, '')
}

/** Undefined when a value is out of range or unknown. */
function matchesScale(scale: Scale, text: string, now: number): boolean | undefined {
  let found = false
  for (const part of rangesIn(text)) {
    const range = readRange(scale, part)
    if (range === undefined) return undefined
    found ||= isWithin(scale, range, now)
  }
  return found
}

/** Values and ranges, blanks around their hyphens taken out. */
function rangesIn(text: string): readonly string[] {
  return text.replace(/ *-[ -]*/g, '-').split(' ').filter((part) => part !== '')
}

type Range = readonly [from: number, to: number]

/** `5`, `5-7`, or `5-`, which is 5 alone. */
function readRange(scale: Scale, text: string): Range | undefined {
  const [first = '', second, third] = text.split('-')
  if (first === '' || third !== undefined) return undefined
  const from = readValue(scale, first)
  const to = second === undefined || second === '' ? from : readValue(scale, second)
  return from === undefined || to === undefined ? undefined : [from, to]
}

/** Ranges go round at the end of their scale; years have no end. */
function isWithin(scale: Scale, [from, to]: Range, now: number): boolean {
  if (from <= to) return now >= from && now <= to
  return scale !== year && (now >= from || now <= to)
}

/** A number, whatever stands behind it, or a name; 0 for a text on a scale without names, as in Kamailio. */
function readValue(scale: Scale, text: string): number | undefined {
  const digits = /^\+?(\d+)/.exec(text)?.[1]
  if (digits === undefined && scale.names) return nameValue(scale.names, text.toLowerCase())
  const value = Number(digits ?? 0)
  // Years of two digits are taken and match nothing, in Kamailio either: it counts the century from 1900.
  if (scale === year && value < 100) return value
  return value >= scale.min && value <= scale.max ? value : undefined
}

function nameValue(names: readonly string[], text: string): number | undefined {
  const index = names.findIndex((name) => text.startsWith(name))
  return index < 0 ? undefined : index + 1
}
