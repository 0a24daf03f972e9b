/**
 * The file of groups: a line that begins with `[` starts the next group, whatever follows; other lines are a regular expression each.
 * Lines that begin with a blank or `#` do not count.
 */
import { compilePcre, type PcreOptions } from '../../runtime/regex.ts'
import type { TextMatcher } from '../../define/define.ts'

/** Undefined for a group without expressions: nothing matches it. */
export type Groups = readonly (TextMatcher | undefined)[]

/** A text answer is the error message. */
export function parseGroups(
  text: string, limits: { readonly max_groups: number; readonly group_max_size: number }, options: PcreOptions,
): Groups | string {
  const sources: string[][] = []
  for (const line of text.split('\n')) {
    if (line === '' || ' \t\r#'.includes(line.charAt(0))) continue
    if (line.startsWith('[')) {
      if (sources.length >= limits.max_groups) return 'max patterns exceeded'
      sources.push([])
      continue
    }
    const group = sources.at(-1)
    if (group === undefined) return 'first group must be initialized with [0] before any regular expression'
    group.push(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (sizeOf(group) > limits.group_max_size) return 'pattern max file exceeded'
  }
  if (sources.length === 0) return 'no expressions in the file'
  const groups: (TextMatcher | undefined)[] = []
  for (const source of sources) {
    const group = source.length === 0 ? undefined : compilePcre(joined(source), options)
    if (typeof group === 'string') return group
    groups.push(group)
  }
  return groups
}

/** As one expression, so that flags set inside of one hold there alone. */
const joined = (source: readonly string[]): string => `(${source.map((each) => `(${each})`).join('|')})`

const sizeOf = (source: readonly string[]): number => joined(source).length
