/** Source maps, version 3: from lines of generated code back to lines of the configuration file. */

/** A line of generated code and the place it was made from; lines count from 1, columns too. */
export interface Mapping {
  readonly generatedLine: number
  readonly file: string
  readonly line: number
  readonly column: number
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base 64 VLQ: five bits a digit, the sign in the lowest bit, the sixth bit says that more follow. */
function vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1
  let out = ''
  do {
    const digit = rest & 31
    rest >>>= 5
    out += digits.charAt(rest > 0 ? digit | 32 : digit)
  } while (rest > 0)
  return out
}

/** Builds the map as JSON. `mappings` are in the order of generated lines, at most one a line. */
export function sourceMap(name: string, mappings: readonly Mapping[]): string {
  const sources: string[] = []
  let encoded = ''
  let generatedLine = 1
  let source = 0
  let line = 0
  let column = 0
  for (const mapping of mappings) {
    encoded += ';'.repeat(mapping.generatedLine - generatedLine)
    generatedLine = mapping.generatedLine
    let index = sources.indexOf(mapping.file)
    if (index < 0) index = sources.push(mapping.file) - 1
    // Each field but the generated column is relative to the one before.
    encoded += vlq(0) + vlq(index - source) + vlq(mapping.line - 1 - line) + vlq(mapping.column - 1 - column)
    source = index
    line = mapping.line - 1
    column = mapping.column - 1
  }
  return JSON.stringify({ version: 3, file: name, sources, names: [], mappings: encoded })
}
