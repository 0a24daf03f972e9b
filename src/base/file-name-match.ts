/** Shell patterns as fnmatch(3) takes them: `*`, `?`, `[a-z]`, `[!a-z]`, `[[:digit:]]`, and a backslash in front of a plain sign. */
export function matchesPattern(text: string, pattern: string): boolean {
  // Goes back to the last star only, so that the time is bounded by the product of both lengths.
  let at = 0
  let step = 0
  let starAt = -1
  let starStep = -1
  while (at < text.length) {
    if (pattern[step] === '*') {
      starStep = step++
      starAt = at
      continue
    }
    const width = matchOne(text.charAt(at), pattern, step)
    if (width > 0) {
      at++
      step += width
    } else if (starStep >= 0) {
      step = starStep + 1
      at = ++starAt
    } else return false
  }
  while (pattern[step] === '*') step++
  return step === pattern.length
}

/** How many characters of the pattern match this one; 0 for none. */
function matchOne(char: string, pattern: string, step: number): number {
  const own = pattern[step]
  if (own === undefined) return 0
  if (own === '?') return 1
  if (own === '\\' && step + 1 < pattern.length) return pattern[step + 1] === char ? 2 : 0
  if (own === '[') {
    const end = endOfSet(pattern, step + 1)
    if (end > 0) return isInSet(char, pattern.slice(step + 1, end)) ? end - step + 1 : 0
  }
  return own === char ? 1 : 0
}

/** Where the set's bracket closes: not at its first character, nor inside of `[:digit:]`. */
function endOfSet(pattern: string, start: number): number {
  let at = start
  if (pattern[at] === '!' || pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  for (; at < pattern.length; at++) {
    if (pattern[at] === ']') return at
    const close = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at + 2) : -1
    if (close > 0) at = close + 1
  }
  return -1
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/, digit: /[0-9]/, alnum: /[A-Za-z0-9]/, upper: /[A-Z]/, lower: /[a-z]/, xdigit: /[0-9A-Fa-f]/,
  space: /[ \t-\r]/, blank: /[ \t]/, punct: /[!-/:-@[-`{-~]/, print: /[ -~]/, graph: /[!-~]/, cntrl: /[\0-\x1f\x7f]/,
}

function isInSet(char: string, set: string): boolean {
  const isNegated = set[0] === '!' || set[0] === '^'
  let isIn = false
  for (let at = isNegated ? 1 : 0; at < set.length; at++) {
    const low = set.charAt(at)
    const [named, name = ''] = low === '[' ? /^\[:([a-z]+):\]/.exec(set.slice(at)) ?? [] : []
    if (named !== undefined) {
      if (Object.hasOwn(CLASSES, name) && CLASSES[name]?.test(char) === true) isIn = true
      at += named.length - 1
      continue
    }
    if (set[at + 1] === '-' && at + 2 < set.length) {
      if (char >= low && char <= set.charAt(at + 2)) isIn = true
      at += 2
    } else if (char === low) isIn = true
  }
  return isIn !== isNegated
}
