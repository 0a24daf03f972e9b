/** Patterns of file names (POSIX fnmatch without flags): `*`, `?`, `[a-z]`, `[!a]`, and a backslash before what stands for itself. */

export function globMatches(pattern: string, text: string): boolean {
  let at = 0
  let from = 0
  // Where to go on after the last star, and how much of the text it takes.
  let star = -1
  let taken = 0
  while (at < text.length) {
    const next = matchOne(pattern, from, text.charAt(at))
    if (pattern.charAt(from) === '*') {
      star = ++from
      taken = at
    } else if (next > 0) {
      from = next
      at++
    } else if (star >= 0) {
      from = star
      at = ++taken
    } else return false
  }
  while (pattern.charAt(from) === '*') from++
  return from >= pattern.length
}

/** Where the pattern goes on behind the piece that takes the character; 0 when it does not. */
function matchOne(pattern: string, from: number, char: string): number {
  const sign = pattern.charAt(from)
  if (sign === '?') return from + 1
  if (sign === '[') {
    const set = readSet(pattern, from)
    if (set !== undefined) return set.has(char) ? set.end : 0
  }
  const isEscaped = sign === '\\' && from + 1 < pattern.length
  const wanted = isEscaped ? pattern.charAt(from + 1) : sign
  return wanted === char && from < pattern.length ? from + (isEscaped ? 2 : 1) : 0
}

/** A set in brackets; undefined when it is not closed, and the bracket stands for itself. */
function readSet(pattern: string, from: number): { has(char: string): boolean; readonly end: number } | undefined {
  const isNegated = pattern.charAt(from + 1) === '!' || pattern.charAt(from + 1) === '^'
  const start = from + (isNegated ? 2 : 1)
  // A closing bracket that stands first is one of the set.
  const end = pattern.indexOf(']', start + 1)
  if (end < 0) return undefined
  return {
    end: end + 1,
    has(char) {
      for (let at = start; at < end; at++) {
        const low = pattern.charAt(at)
        const isRange = pattern.charAt(at + 1) === '-' && at + 2 < end
        if (char >= low && char <= (isRange ? pattern.charAt(at + 2) : low)) return !isNegated
        if (isRange) at += 2
      }
      return isNegated
    },
  }
}
