/** A readable difference of two transcripts. */

const lcsTable = (left: string[], right: string[]): Uint32Array[] => {
  const table = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1))
  for (let i = left.length - 1; i >= 0; i--) {
    const row = table[i]
    const below = table[i + 1]
    if (row === undefined || below === undefined) continue
    for (let j = right.length - 1; j >= 0; j--) {
      row[j] = left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return table
}

interface Row { mark: ' ' | '-' | '+', text: string }

const rows = (left: string[], right: string[]): Row[] => {
  const table = lcsTable(left, right)
  const result: Row[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    const one = left[i]
    const two = right[j]
    if (one !== undefined && two !== undefined && one === two) {
      result.push({ mark: ' ', text: one })
      i++
      j++
    } else if (two === undefined || (one !== undefined && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) {
      result.push({ mark: '-', text: one ?? '' })
      i++
    } else {
      result.push({ mark: '+', text: two })
      j++
    }
  }
  return result
}

const CONTEXT = 3

/**
 * Null when equal. Otherwise the differing lines with three lines around each and the step they belong to:
 * `-` what Kamailio did, `+` what the other did.
 */
export const difference = (left: string[], right: string[], names: [string, string]): string | null => {
  const all = rows(left, right)
  if (all.every((row) => row.mark === ' ')) return null
  const shown = new Set<number>()
  for (const [index, row] of all.entries()) {
    if (row.mark === ' ') continue
    for (let near = index - CONTEXT; near <= index + CONTEXT; near++) shown.add(near)
    for (let step = index; step >= 0; step--) {
      if (all[step]?.text.startsWith('== ') === true) {
        shown.add(step)
        break
      }
    }
  }
  const out = [`- ${names[0]}`, `+ ${names[1]}`]
  let last = -1
  for (const [index, row] of all.entries()) {
    if (!shown.has(index)) continue
    if (index !== last + 1) out.push('  ...')
    out.push(`${row.mark} ${row.text}`)
    last = index
  }
  return out.join('\n')
}
