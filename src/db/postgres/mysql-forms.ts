/** Forms of MySQL that scripts use with PostgreSQL, which has them in other words. Texts in quotes stay as they are. */
import { skipQuoted } from '../sql/scan-sql.ts'

const ANY = /\b(?:inet_aton|inet_ntoa|unix_timestamp|from_unixtime)\s*\(/i
const SYNTAX = { backslashes: false }

const functions: Readonly<Record<string, (argument: string) => string>> = {
  inet_aton: (address) => `(CAST(${address} AS inet) - inet '0.0.0.0')`,
  inet_ntoa: (number) => `host(inet '0.0.0.0' + CAST(${number} AS bigint))`,
  unix_timestamp: (date) => `CAST(extract(epoch FROM ${date.trim() === '' ? 'now()' : date}) AS bigint)`,
  from_unixtime: (seconds) => `to_timestamp(CAST(${seconds} AS double precision))`,
}

export function fromMysqlForms(sql: string): string {
  if (!ANY.test(sql)) return sql
  let result = ''
  for (let at = 0; at < sql.length;) {
    const quoted = skipQuoted(sql, at, SYNTAX)
    const call = /^(inet_aton|inet_ntoa|unix_timestamp|from_unixtime)\s*\(/i.exec(sql.slice(at))
    if (quoted > at || call === null || /\w/.test(sql.charAt(at - 1))) {
      const end = Math.max(quoted, at + 1)
      result += sql.slice(at, end)
      at = end
      continue
    }
    const open = at + call[0].length
    const close = closingAt(sql, open)
    const words = functions[(call[1] ?? '').toLowerCase()]
    result += words?.(fromMysqlForms(sql.slice(open, close))) ?? sql.slice(at, close + 1)
    at = close + 1
  }
  return result
}

/** Where the parenthesis closes that was opened before `at`. */
function closingAt(sql: string, start: number): number {
  let depth = 1
  for (let at = start; at < sql.length; at++) {
    const quoted = skipQuoted(sql, at, SYNTAX)
    if (quoted > at) at = quoted - 1
    else if (sql[at] === '(') depth++
    else if (sql[at] === ')' && --depth === 0) return at
  }
  return sql.length
}
