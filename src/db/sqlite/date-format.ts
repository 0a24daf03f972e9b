/** DATE_FORMAT's marks (MySQL), in local time and English. */
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
]

const two = (value: number): string => String(value).padStart(2, '0')
const hour12 = (date: Date): number => date.getHours() % 12 || 12
const amPm = (date: Date): string => (date.getHours() < 12 ? 'AM' : 'PM')
const time24 = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
const time12 = (date: Date): string => `${two(hour12(date))}:${two(date.getMinutes())}:${two(date.getSeconds())} ${amPm(date)}`
const dayOfYear = (date: Date): number =>
  Math.round((Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 0)) / 86_400_000)

const marks: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getFullYear()).padStart(4, '0'),
  y: (date) => two(date.getFullYear() % 100),
  m: (date) => two(date.getMonth() + 1),
  c: (date) => String(date.getMonth() + 1),
  M: (date) => MONTHS[date.getMonth()] ?? '',
  b: (date) => (MONTHS[date.getMonth()] ?? '').slice(0, 3),
  d: (date) => two(date.getDate()),
  e: (date) => String(date.getDate()),
  H: (date) => two(date.getHours()),
  k: (date) => String(date.getHours()),
  h: (date) => two(hour12(date)),
  I: (date) => two(hour12(date)),
  l: (date) => String(hour12(date)),
  i: (date) => two(date.getMinutes()),
  s: (date) => two(date.getSeconds()),
  S: (date) => two(date.getSeconds()),
  f: () => '000000',
  p: amPm,
  r: time12,
  T: time24,
  W: (date) => DAYS[date.getDay()] ?? '',
  a: (date) => (DAYS[date.getDay()] ?? '').slice(0, 3),
  w: (date) => String(date.getDay()),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
}

export function formatDate(seconds: number, format: string): string {
  const date = new Date(seconds * 1000)
  return format.replace(/%(.)/gs, (_, mark: string) => marks[mark]?.(date) ?? mark)
}
