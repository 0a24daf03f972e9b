/** Texts compared and looked for: results as functions give them. */
import type { RouteContext } from '../../runtime/context.ts'

/** The place of a text in another, counted from 1; -1 when it is not there. */
export function findText(text: string, wanted: string, ignoresCase: boolean): number {
  if (wanted === '' || text === '') return -1
  const at = ignoresCase ? text.toLowerCase().indexOf(wanted.toLowerCase()) : text.indexOf(wanted)
  return at < 0 ? -1 : at + 1
}

/** 1 when the subject is an item of the list, or with `isPrefix` starts with one. Spaces around items do not count. */
export function inList(context: RouteContext, subject: string, list: string, separator: string, isPrefix: boolean): number {
  if (subject === '') return refuse(context, 'in_list_f(): subject cannot be empty string')
  if (separator.length !== 1) return refuse(context, 'in_list_f(): the separator is one character')
  for (const item of list.split(separator)) {
    const trimmed = item.trim()
    if (trimmed === '') continue
    if (isPrefix ? subject.startsWith(trimmed) : subject === trimmed) return 1
  }
  return -1
}

/** 1 when any (or with `isAll` each) character of the text is in the set. */
export function charactersIn(text: string, set: string, isAll: boolean): number {
  if (text === '' || set === '') return -1
  for (const char of text) {
    const isIn = set.includes(char)
    if (isIn && !isAll) return 1
    if (!isIn && isAll) return -1
  }
  return isAll ? 1 : -1
}

function refuse(context: RouteContext, reason: string): number {
  context.host.log.error('textops', reason)
  return -1
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A Date header (RFC 3261 §20.17) with its line end. */
export function dateHeader(nowMs: number): string {
  const now = new Date(nowMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`
  return `Date: ${DAYS[now.getUTCDay()]}, ${two(now.getUTCDate())} ${MONTHS[now.getUTCMonth()]} ${now.getUTCFullYear()} ${time} GMT\r\n`
}
