/** What MySQL's users write and SQLite says otherwise, put into SQLite's words. Texts in quotes stay as they are. */
import { skipQuoted } from '../sql/scan-sql.ts'

const SYNTAX = { backslashes: false }
/** Most statements have none of these. */
const ANY = /\b(?:duplicate\s+key|ignore|interval|left|right|if)\b/i
const UNIT_SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }

const forms: readonly (readonly [form: RegExp, words: (...groups: string[]) => string])[] = [
  [/\bon\s+duplicate\s+key\s+update\b/gi, () => 'ON CONFLICT DO UPDATE SET'],
  [/\binsert\s+ignore\b/gi, () => 'INSERT OR IGNORE'],
  // Dates are numbers of days.
  [/\binterval\s+(\d+(?:\.\d+)?|\?)\s+(second|minute|hour|day|week)\b/gi, (_, count = '', unit = '') =>
    `(${count} * ${UNIT_SECONDS[unit.toLowerCase()] ?? 0} / 86400.0)`],
  // Older releases take these words for a join's.
  [/\b(left|right|if)(\s*\()/gi, (_, name = '', open = '') => `"${name}"${open}`],
]
const newValues = /\bvalues\s*\(\s*([\w`]+)\s*\)/gi

export function fromMysqlForms(sql: string): string {
  if (!ANY.test(sql)) return sql
  const pieces: string[] = []
  let start = 0
  let isUpdate = false
  const take = (end: number): void => {
    const plain = forms.reduce((text, [form, words]) => text.replace(form, words), sql.slice(start, end))
    const [head = plain, tail] = isUpdate ? ['', plain] : plain.split('ON CONFLICT DO UPDATE SET', 2)
    isUpdate ||= tail !== undefined
    const joint = head === '' ? '' : 'ON CONFLICT DO UPDATE SET'
    pieces.push(head, tail === undefined ? '' : `${joint}${tail.replace(newValues, (_, name: string) => `excluded.${name}`)}`)
  }
  for (let at = 0; at < sql.length;) {
    // A name in backticks may be part of a form.
    const end = sql[at] === '`' ? at : skipQuoted(sql, at, SYNTAX)
    if (end > at) {
      take(at)
      pieces.push(sql.slice(at, end))
      start = end
    }
    at = Math.max(end, at + 1)
  }
  take(sql.length)
  return pieces.join('')
}
