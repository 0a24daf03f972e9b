/** Writes JSON as byte strings, spaced as Kamailio's answers are. */
import { JsonObject, type JsonValue } from './json-value.ts'

const INT_MIN = -0x8000_0000
const INT_MAX = 0x7fff_ffff

/** A number that is written with decimals even when it is whole is not told apart: 2.0 is `2`. */
export function writeJson(value: JsonValue, isPretty: boolean): string {
  const pieces: string[] = []
  write(value, 0, isPretty, pieces)
  return pieces.join('')
}

function write(value: JsonValue, depth: number, isPretty: boolean, pieces: string[]): void {
  if (typeof value === 'string') pieces.push(quote(value))
  else if (typeof value === 'number') pieces.push(numberText(value))
  else if (typeof value === 'boolean' || value === null) pieces.push(String(value))
  else if (value instanceof JsonObject) writeObject(value, depth + 1, isPretty, pieces)
  else writeArray(value, depth + 1, isPretty, pieces)
}

function writeArray(items: readonly JsonValue[], depth: number, isPretty: boolean, pieces: string[]): void {
  pieces.push('[')
  items.forEach((item, index) => {
    if (index > 0) pieces.push(isPretty ? ', ' : ',')
    write(item, depth, isPretty, pieces)
  })
  pieces.push(']')
}

function writeObject({ entries }: JsonObject, depth: number, isPretty: boolean, pieces: string[]): void {
  pieces.push(isPretty ? '{\n' : '{')
  entries.forEach(([name, value], index) => {
    pieces.push(isPretty ? '\t'.repeat(depth) : '', quote(name), isPretty ? ':\t' : ':')
    write(value, depth, isPretty, pieces)
    if (index < entries.length - 1) pieces.push(',')
    if (isPretty) pieces.push('\n')
  })
  pieces.push(isPretty ? '\t'.repeat(depth - 1) : '', '}')
}

function quote(text: string): string {
  return `"${text.replace(/["\\\x00-\x1f]/g, (char) => named[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t',
}

/** Whole numbers without a point; the others as C's `%f`, or `%e` when very small or large. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  if (Math.abs(Math.trunc(value) - value) <= Number.EPSILON && value >= INT_MIN && value <= INT_MAX) return String(Math.trunc(value))
  const size = Math.abs(value)
  if (Math.abs(Math.floor(value) - value) <= Number.EPSILON && size < 1e60) return BigInt(Math.floor(value)).toString()
  if (size >= 1e-6 && size <= 1e9) return value.toFixed(6)
  return value.toExponential(6).replace(/e([+-])(\d)$/, 'e$10$2')
}
