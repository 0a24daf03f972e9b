/** Looking for items by their keys or values: removing, counting, finding. */
import type { HashTable, Item } from './hash-table.ts'
import type { Htable } from './state.ts'

export type Part = 'key' | 'value'
type Test = (text: string) => boolean

const PATTERN = { ignoreCase: true, newline: true } as const

function partOf(item: Item, part: Part): string | number {
  return part === 'key' ? item.key : item.value
}

function regexTest({ patterns, host }: Htable, pattern: string): Test | undefined {
  const regex = patterns.get(pattern, PATTERN)
  if (typeof regex !== 'string') return (text) => regex.test(text)
  host.log.error('htable', `bad re ${pattern}`)
  return undefined
}

/** Removes items whose key or text value matches; undefined for a pattern that cannot be read. */
export function removeMatching(state: Htable, table: HashTable, part: Part, operator: 're' | 'sw', operand: string): boolean {
  const test = operator === 'sw' ? (text: string) => text.startsWith(operand) : regexTest(state, operand)
  if (test === undefined) return false
  for (const item of table.items()) {
    const text = partOf(item, part)
    if (typeof text === 'string' && test(text)) table.remove(item)
  }
  table.follower?.removeMatching(part, operator, operand)
  return true
}

const matchers: Readonly<Record<string, (state: Htable, operand: string) => Test | undefined>> = {
  eq: (_state, operand) => (text) => text === operand,
  ne: (_state, operand) => (text) => text !== operand,
  sw: (_state, operand) => (text) => text.startsWith(operand),
  re: regexTest,
}

/** Whether any item's key or text value matches; undefined for an operator that there is not. */
export function hasMatching(state: Htable, table: HashTable, part: Part, operator: string, operand: string): boolean | undefined {
  const matcher = Object.hasOwn(matchers, operator) ? matchers[operator] : undefined
  if (matcher === undefined) return undefined
  const test = matcher(state, operand)
  if (test === undefined) return false
  for (const item of table.items()) {
    const text = partOf(item, part)
    if (typeof text === 'string' && test(text)) return true
  }
  return false
}

/**
 * $shtcn and $shtcv: `~~pattern` or a pattern alone, `~%text` for what ends so, `==text`, `eqN` for numbers, `**` for all.
 */
export function countMatching(state: Htable, table: HashTable, part: Part, expression: string): number {
  const operator = expression.slice(0, 2)
  const operand = expression.slice(2)
  if (operator === '**') return table.count
  if (operand !== '') {
    if (operator === '~%') return count(table, part, (text) => typeof text === 'string' && text.endsWith(operand))
    if (operator === '==') return count(table, part, (text) => text === operand)
    if (operator === 'eq') {
      const wanted = wholeOrNothing(operand)
      return count(table, part, (value) => value === wanted)
    }
  }
  const test = regexTest(state, operator === '~~' && operand !== '' ? operand : expression)
  return test === undefined ? 0 : count(table, part, (text) => typeof text === 'string' && test(text))
}

function wholeOrNothing(text: string): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) | 0 : 0
}

function count(table: HashTable, part: Part, test: (value: string | number) => boolean): number {
  let found = 0
  for (const item of table.items()) if (test(partOf(item, part))) found++
  return found
}
