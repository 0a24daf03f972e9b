/** A text of SQL in pieces: what stands in quotes or in a comment is one piece, and so is each `?` outside of them. */

export interface SqlSyntax {
  /** Whether a backslash in a text takes the next character with it (MySQL). */
  readonly backslashes: boolean
}

/** Where the quoted text or comment that begins at `at` ends; `at` itself when none begins there. */
export function skipQuoted(sql: string, at: number, { backslashes }: SqlSyntax): number {
  const first = sql[at]
  if (first === "'" || first === '"' || first === '`') return quotedEnd(sql, at, first, backslashes && first !== '`')
  if (first === '-' && sql[at + 1] === '-') return ending(sql.indexOf('\n', at), 1, sql)
  if (first === '/' && sql[at + 1] === '*') return ending(sql.indexOf('*/', at + 2), 2, sql)
  return at
}

const ending = (found: number, length: number, sql: string): number => (found < 0 ? sql.length : found + length)

function quotedEnd(sql: string, start: number, quote: string, backslashes: boolean): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (backslashes && sql[at] === '\\') at++
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at++
    }
  }
  return sql.length
}

/** The pieces between the placeholders: one more than there are of them. */
export function splitAtPlaceholders(sql: string, syntax: SqlSyntax): readonly string[] {
  if (!sql.includes('?')) return [sql]
  const pieces: string[] = []
  let start = 0
  for (let at = 0; at < sql.length;) {
    const end = skipQuoted(sql, at, syntax)
    if (end > at) {
      at = end
      continue
    }
    if (sql[at] === '?') {
      pieces.push(sql.slice(start, at))
      start = at + 1
    }
    at++
  }
  pieces.push(sql.slice(start))
  return pieces
}
