/** The address file: a record a line, `group address [mask [port [tag]]]`, `#` starts a comment. */
import type { AddressRow } from './address-tables.ts'

const LINE_BYTES_MAX = 1023

/** The rows; a text says which line cannot be read. */
export function parseAddressFile(text: string): readonly AddressRow[] | string {
  const rows: AddressRow[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const row = parseLine(line.slice(0, LINE_BYTES_MAX))
    if (row === 'none') continue
    if (row === 'faulty') return `line ${index + 1} has no address`
    rows.push(row)
  }
  return rows
}

/** Numbers end at the first character that is no digit, and what follows is the next field. */
function parseLine(line: string): AddressRow | 'none' | 'faulty' {
  const field = /[ \t\r\n]*([0-9]*)[ \t\r\n]*/y
  const word = /[^ \t\r\n#]*/y
  let at = 0
  const isOver = (): boolean => at >= line.length || line.charAt(at) === '#'
  const number = (): number => {
    field.lastIndex = at
    const digits = field.exec(line)?.[1] ?? ''
    at = field.lastIndex
    return Number(digits) >>> 0
  }
  const text = (): string => {
    word.lastIndex = at
    const found = word.exec(line)?.[0] ?? ''
    at = word.lastIndex
    while (/[ \t\r\n]/.test(line.charAt(at))) at++
    return found
  }
  while (/[ \t\r\n]/.test(line.charAt(at))) at++
  if (isOver()) return 'none'
  const group = number()
  if (isOver()) return 'faulty'
  const address = text()
  const mask = isOver() ? 0 : number()
  const port = isOver() ? 0 : number()
  const tag = isOver() ? undefined : text()
  return { group, address, mask, port, tag }
}
