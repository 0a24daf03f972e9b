/** Values of metrics by their labels, and how Prometheus is told of them (its text format, version 0.0.4). */
import { ownText } from '../../base/own-text.ts'
import type { Definition, Kind } from './definition.ts'

/** Values of one metric: labels may hold what comes from the network. */
const VALUES_MAX = 10_000

interface Value {
  readonly labels: readonly string[]
  /** Counter, gauge, or sum of a histogram. */
  number: number
  /** How many observations, in all and up to each bucket's bound. */
  count: number
  readonly buckets: number[]
  usedAtMs: number
}

class Metric {
  readonly definition: Definition
  /** By labels, which hold no NUL. */
  readonly values = new Map<string, Value>()

  constructor(definition: Definition) {
    this.definition = definition
  }
}

export class Metrics {
  readonly #metrics: readonly Metric[]
  readonly #timeoutMs: number

  /** Values that were not changed for `timeoutMs` are forgotten; 0 keeps them. */
  constructor(definitions: readonly Definition[], timeoutMs: number) {
    this.#metrics = definitions.map((definition) => new Metric(definition))
    this.#timeoutMs = timeoutMs
  }

  get isEmpty(): boolean {
    return this.#metrics.length === 0
  }

  /** A text says why there is no such value. */
  #value(kind: Kind, name: string, labels: readonly string[], nowMs: number): { value: Value; definition: Definition } | string {
    const metric = this.#metrics.find(({ definition }) => definition.name === name)
    if (metric === undefined) return `there is no metric ${name}`
    const { definition, values } = metric
    if (definition.kind !== kind) return `${name} is a ${definition.kind}, no ${kind}`
    if (definition.labels.length !== labels.length) return `${name} has ${definition.labels.length} labels, not ${labels.length}`
    if (labels.includes('')) return `a label of ${name} is empty`
    const key = labels.join('\0')
    let value = values.get(key)
    if (value === undefined) {
      if (values.size >= VALUES_MAX) this.#forget(metric, nowMs)
      if (values.size >= VALUES_MAX) return `${name} has ${VALUES_MAX} values with different labels already`
      value = { labels: labels.map(ownText), number: 0, count: 0, buckets: definition.buckets.map(() => 0), usedAtMs: nowMs }
      values.set(ownText(key), value)
    }
    value.usedAtMs = nowMs
    return { value, definition }
  }

  add(kind: 'counter', name: string, labels: readonly string[], by: number, nowMs: number): string | undefined {
    const found = this.#value(kind, name, labels, nowMs)
    if (typeof found === 'string') return found
    found.value.number += by
    return undefined
  }

  set(kind: 'counter' | 'gauge', name: string, labels: readonly string[], to: number, nowMs: number): string | undefined {
    const found = this.#value(kind, name, labels, nowMs)
    if (typeof found === 'string') return found
    found.value.number = to
    return undefined
  }

  observe(name: string, labels: readonly string[], number: number, nowMs: number): string | undefined {
    const found = this.#value('histogram', name, labels, nowMs)
    if (typeof found === 'string') return found
    const { value, definition } = found
    value.number += number
    value.count++
    definition.buckets.forEach((bound, index) => {
      if (number <= bound) value.buckets[index] = (value.buckets[index] ?? 0) + 1
    })
    return undefined
  }

  #forget({ values }: Metric, nowMs: number): void {
    if (this.#timeoutMs === 0) return
    for (const [key, { usedAtMs }] of values) if (nowMs - usedAtMs > this.#timeoutMs) values.delete(key)
  }

  /** The lines of all values, in the order in which they came to be. */
  text(prefix: string, nowMs: number): string {
    let text = ''
    for (const metric of this.#metrics) {
      this.#forget(metric, nowMs)
      for (const value of metric.values.values()) text += linesOf(metric.definition, value, prefix, nowMs)
    }
    return text
  }
}

function linesOf({ kind, name, labels, buckets }: Definition, value: Value, prefix: string, nowMs: number): string {
  const pairs = labels.map((label, index) => `${label}="${escapeLabel(value.labels[index] ?? '')}"`)
  const line = (suffix: string, inBraces: readonly string[], number: string): string =>
    `${prefix}${name}${suffix}${inBraces.length === 0 ? '' : `{${inBraces.join(', ')}}`} ${number} ${nowMs}\n`
  if (kind === 'counter') return line('', pairs, String(value.number))
  if (kind === 'gauge') return line('', pairs, decimals(value.number))
  const bounds = buckets.map((bound, index) => line('_bucket', [...pairs, `le="${decimals(bound)}"`], String(value.buckets[index] ?? 0)))
  return bounds.join('') + line('_bucket', [...pairs, 'le="+Inf"'], String(value.count)) +
    line('_sum', pairs, decimals(value.number)) + line('_count', pairs, String(value.count))
}

function escapeLabel(text: string): string {
  return text.replace(/["\\\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}

/** As C's `%f`. */
export function decimals(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`
}
