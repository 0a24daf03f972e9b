/** `[group.]name` with a description behind: how module counters names the script's counters. */
import type { Prepared } from '../../define/define.ts'

export interface CounterName {
  /** Undefined for the module's own group. */
  readonly group: string | undefined
  readonly name: string
}

/** A declaration; undefined when there is no name in it. */
export function parseDeclaration(text: string): (CounterName & { readonly summary: string }) | undefined {
  const match = /^\s*(?:([^\s.:]+)\.)?([^\s.:]+)(?:[\s:]+(.*))?$/s.exec(text)
  if (match === null) return undefined
  return { group: match[1], name: match[2] ?? '', summary: (match[3] ?? '').trim() || 'custom script counter.' }
}

export function prepareCounter(text: string): Prepared<CounterName> | string {
  const dot = text.indexOf('.')
  const name = dot < 0 ? text : text.slice(dot + 1)
  if (name === '') return 'a counter has a name'
  return { fixed: { group: dot < 0 ? undefined : text.slice(0, dot), name } }
}
