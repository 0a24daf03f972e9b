/** Answers of RPC commands for people: tables for rows that are alike, indented lines for the rest. */
import { RpcDouble, RpcNamedList, RpcStruct, type RpcValue } from '../define/define.ts'

/** Rows wider than this are shown as blocks of lines. */
const COLUMNS_MAX = 160

export function shownForPeople(values: readonly RpcValue[]): string {
  const rows = rowsOf(values)
  const table = rows === undefined ? undefined : drawTable(rows)
  return (table ?? values.flatMap((value, index) => block(value, index, values.length))).map((line) => `${line}\n`).join('')
}

/** Two or more structures with the same names and plain values. */
function rowsOf(values: readonly RpcValue[]): readonly RpcStruct[] | undefined {
  const rows = values.filter((value) => value instanceof RpcStruct)
  const [first] = rows
  if (first === undefined || rows.length !== values.length || rows.length < 2) return undefined
  const names = namesOf(first)
  const areAlike = rows.every((row) => namesOf(row) === names && row.entries.every(([, value]) => isPlain(value)))
  return areAlike ? rows : undefined
}

const namesOf = (row: RpcStruct): string => row.entries.map(([name]) => name).join('\0')

function isPlain(value: RpcValue): value is string | number | null | RpcDouble {
  return value === null || typeof value !== 'object' || value instanceof RpcDouble
}

function plain(value: string | number | null | RpcDouble): string {
  return value instanceof RpcDouble ? String(value.value) : String(value ?? '-')
}

function drawTable(rows: readonly RpcStruct[]): readonly string[] | undefined {
  const head = rows[0]?.entries.map(([name]) => name) ?? []
  const cells = rows.map((row) => row.entries.map(([, value]) => (isPlain(value) ? plain(value) : '')))
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)))
  if (widths.reduce((sum, width) => sum + width + 2, 0) > COLUMNS_MAX) return undefined
  const isNumber = head.map((_name, column) => rows.every((row) => typeof row.entries[column]?.[1] === 'number'))
  const line = (texts: readonly string[]): string =>
    texts.map((text, column) => (isNumber[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)))
      .join('  ').trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)]
}

/** A value by itself, with a blank line between structures. */
function block(value: RpcValue, index: number, count: number): readonly string[] {
  const lines = linesOf(value, '')
  return index < count - 1 && !isPlain(value) ? [...lines, ''] : lines
}

function linesOf(value: RpcValue, indent: string): readonly string[] {
  if (isPlain(value)) return [`${indent}${plain(value)}`]
  if (!(value instanceof RpcStruct || value instanceof RpcNamedList)) return value.flatMap((each) => linesOf(each, `${indent}- `))
  const width = Math.max(0, ...value.entries.filter(([, each]) => isPlain(each)).map(([name]) => name.length))
  return value.entries.flatMap(([name, each]) =>
    isPlain(each) ? [`${indent}${`${name}:`.padEnd(width + 2)}${plain(each)}`] : [`${indent}${name}:`, ...linesOf(each, `${indent}  `)])
}
