/** A moment as calendar and clock show it in this machine's time zone. */
export interface LocalTime {
  /** Seconds since 1970. */
  readonly time: number
  readonly year: number
  /** From 0. */
  readonly month: number
  /** From 1. */
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** From 0. */
  readonly yearDay: number
}

const DAY_MS = 86_400_000

export function localTime(time: number): LocalTime {
  const date = new Date(time * 1000)
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()]
  return {
    time,
    year,
    month,
    day,
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    weekday: date.getDay(),
    yearDay: dayNumber(year, month, day) - dayNumber(year, 0, 1),
  }
}

/** Seconds since 1970 at a place in the local calendar; parts beyond their range run over into the next larger one. */
export function localSeconds(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const date = new Date(2000, 0, 1)
  date.setFullYear(year, month, day)
  date.setHours(hour, minute, second, 0)
  return Math.floor(date.getTime() / 1000)
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

export function daysInMonth(year: number, month: number): number {
  return month === 1 ? (isLeapYear(year) ? 29 : 28) : [3, 5, 8, 10].includes(month) ? 30 : 31
}

/** Counts the days of the calendar, whatever their length. */
export function dayNumber(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day) / DAY_MS
}
