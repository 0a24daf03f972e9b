/** failover_reply_codes: replies beside 503 for which the next address of a name is tried. */

/** True for a status that counts. */
export type IsFailover = (status: number) => boolean

/** `code=403;code=488;class=5`; undefined for an empty text, and a text of its own says what is wrong. */
export function parseFailoverCodes(text: string): IsFailover | string | undefined {
  if (text.trim() === '') return undefined
  const codes = new Set<number>()
  const classes = new Set<number>()
  for (const part of text.split(';')) {
    const [, code, digit] = /^\s*(?:code=([3-6]\d\d)|class=([3-6]))\s*$/.exec(part) ?? []
    if (code !== undefined) codes.add(Number(code))
    else if (digit !== undefined) classes.add(Number(digit))
    else return `failover_reply_codes: '${part}' is neither code=NNN nor class=N`
  }
  return (status) => codes.has(status) || classes.has(Math.floor(status / 100))
}
