/** Dates as SQL writes them, in local time as Kamailio does. */

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
