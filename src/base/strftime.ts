/** Times as texts, in the C library's formats (C locale). */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
]

/** A moment taken apart, as C's `struct tm` but with full year and months from 1. */
export interface BrokenTime {
  readonly second: number
  readonly minute: number
  readonly hour: number
  /** 1 to 31. */
  readonly monthDay: number
  /** 1 to 12. */
  readonly month: number
  readonly year: number
  /** 0 is Sunday. */
  readonly weekDay: number
  /** 0 is January 1st. */
  readonly yearDay: number
  readonly isSummerTime: boolean
  /** Minutes east of Greenwich. */
  readonly offsetMinutes: number
  /** Seconds since 1970. */
  readonly epochSeconds: number
  readonly zone: string
}

/** Takes a moment apart, in the machine's time zone. */
export function localTime(ms: number): BrokenTime {
  const date = new Date(ms)
  const year = date.getFullYear()
  const winter = Math.max(new Date(year, 0, 1).getTimezoneOffset(), new Date(year, 6, 1).getTimezoneOffset())
  const midnight = Date.UTC(year, date.getMonth(), date.getDate())
  const offset = date.getTimezoneOffset()
  const zone = offset === 0 ? 'UTC' : (/\(([^)]*)\)/.exec(date.toString())?.[1] ?? '')
  return {
    second: date.getSeconds(),
    minute: date.getMinutes(),
    hour: date.getHours(),
    monthDay: date.getDate(),
    month: date.getMonth() + 1,
    year,
    weekDay: date.getDay(),
    yearDay: Math.round((midnight - Date.UTC(year, 0, 1)) / 86_400_000),
    isSummerTime: offset < winter,
    offsetMinutes: offset === 0 ? 0 : -offset,
    epochSeconds: Math.floor(ms / 1000),
    zone,
  }
}

/** Takes a moment apart, in universal time. */
export function universalTime(ms: number): BrokenTime {
  const date = new Date(ms)
  const year = date.getUTCFullYear()
  const midnight = Date.UTC(year, date.getUTCMonth(), date.getUTCDate())
  return {
    second: date.getUTCSeconds(),
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    monthDay: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    year,
    weekDay: date.getUTCDay(),
    yearDay: Math.round((midnight - Date.UTC(year, 0, 1)) / 86_400_000),
    isSummerTime: false,
    offsetMinutes: 0,
    epochSeconds: Math.floor(ms / 1000),
    zone: 'GMT',
  }
}

function pad(value: number, width: number, fill = '0'): string {
  return String(value).padStart(width, fill)
}

/** ISO 8601 week: its year and number. */
function isoWeek(time: BrokenTime): { readonly year: number; readonly week: number } {
  const thursday = Date.UTC(time.year, time.month - 1, time.monthDay + 4 - (time.weekDay || 7))
  const year = new Date(thursday).getUTCFullYear()
  return { year, week: Math.floor((thursday - Date.UTC(year, 0, 1)) / 604_800_000) + 1 }
}

type Directive = (time: BrokenTime) => string

const hour12 = (time: BrokenTime): number => time.hour % 12 || 12
const half = (time: BrokenTime): string => (time.hour < 12 ? 'AM' : 'PM')
const expand =
  (format: string): Directive =>
  (time) =>
    strftime(format, time)

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  a: (t) => (DAYS[t.weekDay] ?? '?').slice(0, 3),
  A: (t) => DAYS[t.weekDay] ?? '?',
  b: (t) => (MONTHS[t.month - 1] ?? '?').slice(0, 3),
  B: (t) => MONTHS[t.month - 1] ?? '?',
  c: expand('%a %b %e %H:%M:%S %Y'),
  C: (t) => pad(Math.floor(t.year / 100), 2),
  d: (t) => pad(t.monthDay, 2),
  D: expand('%m/%d/%y'),
  e: (t) => pad(t.monthDay, 2, ' '),
  F: expand('%Y-%m-%d'),
  g: (t) => pad(isoWeek(t).year % 100, 2),
  G: (t) => String(isoWeek(t).year),
  h: expand('%b'),
  H: (t) => pad(t.hour, 2),
  I: (t) => pad(hour12(t), 2),
  j: (t) => pad(t.yearDay + 1, 3),
  k: (t) => pad(t.hour, 2, ' '),
  l: (t) => pad(hour12(t), 2, ' '),
  m: (t) => pad(t.month, 2),
  M: (t) => pad(t.minute, 2),
  n: () => '\n',
  p: half,
  P: (t) => half(t).toLowerCase(),
  r: expand('%I:%M:%S %p'),
  R: expand('%H:%M'),
  s: (t) => String(t.epochSeconds),
  S: (t) => pad(t.second, 2),
  t: () => '\t',
  T: expand('%H:%M:%S'),
  u: (t) => String(t.weekDay || 7),
  U: (t) => pad(Math.floor((t.yearDay + 7 - t.weekDay) / 7), 2),
  V: (t) => pad(isoWeek(t).week, 2),
  w: (t) => String(t.weekDay),
  W: (t) => pad(Math.floor((t.yearDay + 7 - ((t.weekDay + 6) % 7)) / 7), 2),
  x: expand('%m/%d/%y'),
  X: expand('%H:%M:%S'),
  y: (t) => pad(t.year % 100, 2),
  Y: (t) => String(t.year),
  z(t) {
    const minutes = Math.abs(t.offsetMinutes)
    return (t.offsetMinutes < 0 ? '-' : '+') + pad(Math.floor(minutes / 60), 2) + pad(minutes % 60, 2)
  },
  Z: (t) => t.zone,
  '%': () => '%',
}

/** Formats a time as C's strftime does; directives it does not know stay as they are. */
export function strftime(format: string, time: BrokenTime): string {
  let text = ''
  let at = 0
  while (at < format.length) {
    const sign = format.indexOf('%', at)
    if (sign < 0) break
    text += format.slice(at, sign)
    let letter = sign + 1
    if (format.charAt(letter) === 'E' || format.charAt(letter) === 'O') letter++
    const directive = DIRECTIVES[format.charAt(letter)]
    text += directive ? directive(time) : format.slice(sign, letter + 1)
    at = letter + 1
  }
  return text + format.slice(at)
}
