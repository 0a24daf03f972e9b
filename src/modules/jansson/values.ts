/** JSON values as variables have them, and texts as JSON values. */
import type { PvValue } from '../../define/define.ts'
import { formatG, isUtf8, parseDocument, writeDocument, type Json } from './document.ts'

const INT_MAX = 0x7fff_ffffn

/** Numbers beyond 32 bits and those with decimals are texts. */
export function pvOf(value: Json): PvValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return value > INT_MAX || value < -INT_MAX - 1n ? String(value) : Number(value)
  if (typeof value === 'number') return formatG(value, 15)
  return value === null || typeof value === 'string' ? value : writeDocument(value, true)
}

const readers: Readonly<Record<string, (text: string) => Json | undefined>> = {
  string: (text) => (isUtf8(text) ? text : undefined),
  integer(text) {
    if (!/^\s*(?:[-+]?\d+)?$/.test(text)) return undefined
    const number = BigInt(text.trim().replace('+', '') || 0)
    const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n]
    return number < least ? least : number > most ? most : number
  },
  real(text) {
    if (!/^\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)?$/.test(text)) return undefined
    const number = Number(text.trim() || 0)
    return Number.isFinite(number) ? number : undefined
  },
  true: () => true,
  false: () => false,
  null: () => null,
  object(text) {
    const document = parseDocument(text)
    return document instanceof Map ? document : undefined
  },
  array(text) {
    const document = parseDocument(text)
    return Array.isArray(document) ? document : undefined
  },
}

const shortNames: Readonly<Record<string, string>> = { str: 'string', int: 'integer', obj: 'object' }

/** The JSON value of a type that a text stands for; undefined for an unknown type, or a text that is none of it. */
export function valueOf(type: string, text: string): Json | undefined {
  const name = shortNames[type] ?? type
  return Object.hasOwn(readers, name) ? readers[name]?.(text) : undefined
}
