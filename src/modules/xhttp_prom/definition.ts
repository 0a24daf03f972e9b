/** Metrics as module parameters declare them: `name=x; label=a:b; buckets=1:2.5`. */
export type Kind = 'counter' | 'gauge' | 'histogram'

export interface Definition {
  readonly kind: Kind
  readonly name: string
  readonly labels: readonly string[]
  /** Upper bounds of a histogram, without that of infinity; empty for the others. */
  readonly buckets: readonly number[]
}

const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const FIELD = /^([^\s=;]+)\s*=\s*([^\s;]*)$/

/** A text says what is wrong. */
export function parseDefinition(kind: Kind, text: string): Definition | string {
  let name = ''
  let labels: readonly string[] | undefined
  let buckets: readonly number[] | undefined
  const parts = text.split(';').map((each) => each.trim())
  // One semicolon may end it.
  if (parts.at(-1) === '') parts.pop()
  for (const part of parts) {
    const [, field = '', value = ''] = FIELD.exec(part) ?? []
    if (field === 'name' && name === '') name = value
    else if (field === 'label') {
      if (labels !== undefined) return `${kind} "${text}" has more than one label field`
      if (value === '') return `${kind} "${text}" has no labels behind label=`
      labels = value.split(':').filter((label) => label !== '')
    } else if (field === 'buckets' && kind === 'histogram') {
      const parsed = parseBuckets(value)
      if (parsed === undefined) return `${kind} "${text}": buckets are numbers, each larger than the one before`
      buckets = parsed
    } else return `${kind} "${text}": cannot read "${part}"`
  }
  if (name === '') return `${kind} "${text}" has no name`
  return { kind, name, labels: labels ?? [], buckets: kind === 'histogram' ? buckets ?? DEFAULT_BUCKETS : [] }
}

/** As in Kamailio a text that is no number is 0, and equal ones pass. */
function parseBuckets(text: string): readonly number[] | undefined {
  if (text === '') return undefined
  const bounds = text.split(':').map((bound) => Number.parseFloat(bound) || 0)
  return bounds.every((bound, index) => index === 0 || bound >= (bounds[index - 1] ?? bound)) ? bounds : undefined
}
