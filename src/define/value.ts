/** What a variable holds: `$null`, a number (32-bit integer) or a byte string. */
export type PvValue = string | number | null

/** A value as a format string prints it: `$null` is `<null>`. */
export function toText(value: PvValue): string {
  return value === null ? '<null>' : typeof value === 'number' ? String(value) : value
}
