/**
 * Dates as Kamailio's db_sqlite keeps them: the Julian day, a number in UTC, half a second early. Others write texts into such
 * columns (`2030-05-28 21:32:15`); those are local time.
 */
const EPOCH_JULIAN_DAY = 2440587.5
const DAY_SECONDS = 86400

export function toJulianDay(seconds: number): number {
  return (seconds - 0.5) / DAY_SECONDS + EPOCH_JULIAN_DAY
}

export function fromJulianDay(day: number): number {
  // The second it stands for, whether it was written half a second early or exactly; a number of this size is good to 40 µs.
  return Math.ceil(DAY_SECONDS * (day - EPOCH_JULIAN_DAY) - 0.25)
}

/** Seconds since 1970 of `YYYY-MM-DD[ HH:MM[:SS]]`, in local time; undefined when it is no date. */
export function fromDateText(text: string): number | undefined {
  const match = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?/.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return Math.floor(new Date(year, month - 1, day, hour, minute, second).getTime() / 1000)
}

/** `YYYY-MM-DD HH:MM:SS` in local time. */
export function toDateText(seconds: number): string {
  const date = new Date(seconds * 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}
