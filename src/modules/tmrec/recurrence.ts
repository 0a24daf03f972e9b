/** Time recurrences as Kamailio writes them: the attributes of RFC 2445 §4.3.10 by position, between separators. */
import { localSeconds, localTime, type LocalTime } from './local-time.ts'

export type Frequency = 'daily' | 'weekly' | 'monthly' | 'yearly' | 'none'

/** A member of a list: `-1MO` is the first Monday from the end, `-5` the fifth day from the end. */
export interface ListEntry {
  readonly value: number
  /** For weekdays which one of them, 0 for any; else the sign. */
  readonly nth: number
}

export type List = readonly ListEntry[] | undefined

export interface Recurrence {
  /** Undefined where none is given: that recurrence is always. */
  readonly start: LocalTime | undefined
  readonly durationSeconds: number
  readonly frequency: Frequency
  /** Seconds since 1970. */
  readonly until: number | undefined
  readonly interval: number
  readonly byDay: List
  readonly byMonthDay: List
  readonly byYearDay: List
  readonly byWeekNumber: List
  readonly byMonth: List
}

/** Where reading ended: the text up to the attribute that is wrong. */
export class RecurrenceError {
  readonly upTo: string
  constructor(upTo: string) {
    this.upTo = upTo
  }
}

const FREQUENCIES: readonly Frequency[] = ['daily', 'weekly', 'monthly', 'yearly']

/**
 * Reads a recurrence; nothing can be read without a separator. Lists that cannot be read are as absent, as in Kamailio;
 * dates and durations must be right.
 */
export function parseRecurrence(text: string, separator: string): Recurrence | RecurrenceError {
  const parts = separator === '' ? [text] : text.split(separator)
  const [start, duration, frequency, until, interval, byDay, byMonthDay, byYearDay, byWeekNumber, byMonth] = parts
  const fault = (index: number): RecurrenceError => new RecurrenceError(parts.slice(0, index + 1).join(separator))
  if (text === '' || separator === '') return fault(0)
  const startSeconds = start ? parseDateTime(start) : undefined
  if (startSeconds === 0) return fault(0)
  const durationSeconds = duration ? parseDuration(duration) : 0
  if (duration && durationSeconds === 0) return fault(1)
  const untilSeconds = until ? parseDateTime(until) : undefined
  if (untilSeconds === 0) return fault(3)
  return {
    start: startSeconds === undefined ? undefined : localTime(startSeconds),
    durationSeconds,
    frequency: FREQUENCIES.find((name) => name === frequency?.toLowerCase()) ?? 'none',
    until: untilSeconds,
    interval: parseInterval(interval ?? ''),
    byDay: parseWeekdays(byDay ?? ''),
    byMonthDay: parseNumbers(byMonthDay ?? ''),
    byYearDay: parseNumbers(byYearDay ?? ''),
    byWeekNumber: parseNumbers(byWeekNumber ?? ''),
    byMonth: parseNumbers(byMonth ?? ''),
  }
}

/** `20120131T093000` in local time, as seconds since 1970; 0 where the length is wrong. What is no digit counts all the same. */
export function parseDateTime(text: string): number {
  if (text.length !== 15) return 0
  const number = (from: number, to: number): number => {
    let value = 0
    for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - 48
    return value
  }
  return localSeconds(number(0, 4), number(4, 6) - 1, number(6, 8), number(9, 11), number(11, 13), number(13, 15))
}

const UNITS: Readonly<Record<string, { readonly seconds: number; readonly isTime: boolean }>> = {
  w: { seconds: 604_800, isTime: false },
  d: { seconds: 86_400, isTime: false },
  h: { seconds: 3600, isTime: true },
  m: { seconds: 60, isTime: true },
  s: { seconds: 1, isTime: true },
}

/** `P1W`, `P1DT2H`, `PT8H30M` in seconds (RFC 2445 §4.3.6), a sign in front ignored; 0 for none, or what is none. */
export function parseDuration(text: string): number {
  let total = 0
  let number = 0
  let isTime = false
  const start = /^[+-]?P/i.exec(text)?.[0].length ?? text.length
  for (const char of text.slice(start).toLowerCase()) {
    const unit = UNITS[char]
    if (isDigit(char)) number = number * 10 + Number(char)
    else if (char === 't' && !isTime) isTime = true
    else if (unit !== undefined && unit.isTime === isTime) {
      total += number * unit.seconds
      number = 0
    } else return 0
  }
  return total
}

function parseInterval(text: string): number {
  return Number(/^\d+/.exec(text)?.[0] ?? 0)
}

const WEEKDAYS = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa']

/** `MO,-1TU,+2we`. A number without a weekday is a Sunday, of two weekdays the last counts, as in Kamailio. */
export function parseWeekdays(text: string): List {
  return parseList(text, (part) => {
    let entry: ListEntry = { value: 0, nth: 0 }
    const rest = part.replace(/([^a-z]*)([a-z]{2})/gi, (_all, number: string, name: string) => {
      const { value, nth } = signedNumber(number) ?? { value: Number.NaN, nth: 0 }
      entry = { value: WEEKDAYS.indexOf(name.toLowerCase()), nth: value * nth }
      return Number.isNaN(value) || entry.value < 0 ? '?' : ''
    })
    return signedNumber(rest) && entry
  })
}

/** `1,-1,+15`. */
export function parseNumbers(text: string): List {
  return parseList(text, signedNumber)
}

/** Digits make the number and a minus anywhere its sign; blanks and other signs say nothing. */
function signedNumber(text: string): ListEntry | undefined {
  if (/[^\d+\- \t]/.test(text)) return undefined
  return { value: Number(text.replace(/\D/g, '')), nth: text.includes('-') ? -1 : 1 }
}

/** Undefined for an empty list, and for one with a member that cannot be read. */
function parseList(text: string, parseEntry: (part: string) => ListEntry | undefined): List {
  if (text === '') return undefined
  const entries: ListEntry[] = []
  for (const part of text.split(',')) {
    const entry = parseEntry(part)
    if (entry === undefined) return undefined
    entries.push(entry)
  }
  return entries
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}
