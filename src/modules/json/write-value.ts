/** JSON as json-c writes it: blanks between members, slashes escaped. */
import { JsonNumber, type Json } from './read-document.ts'

export function writeValue(value: Json): string {
  if (typeof value === 'string') return quote(value)
  if (value instanceof JsonNumber) return value.text
  if (value instanceof Map) {
    return value.size === 0 ? '{ }' : `{ ${[...value].map(([name, member]) => `${quote(name)}: ${writeValue(member)}`).join(', ')} }`
  }
  if (Array.isArray(value)) return value.length === 0 ? '[ ]' : `[ ${value.map(writeValue).join(', ')} ]`
  return String(value)
}

function quote(text: string): string {
  return `"${text.replace(/["\\/\x00-\x1f]/g, (char) => named[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '/': '\\/', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t',
}
