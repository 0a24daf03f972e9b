/**
 * POSIX basic regular expressions, written as the extended ones that `compileRegex` reads: what is special without a
 * backslash there is special with one here, and the other way round. GNU's `\+ \? \|` count.
 */
export function extendedFromBasic(pattern: string): string {
  let result = ''
  /** Whether `*` and `^` would stand at the start of an expression. */
  let isStart = true
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (char === '[') {
      const end = bracketEnd(pattern, at)
      result += pattern.slice(at, end)
      at = end - 1
      isStart = false
      continue
    }
    if (char === '\\') {
      const next = pattern.charAt(++at)
      result += '(){}+?|'.includes(next) && next !== '' ? next : `\\${next}`
      isStart = next === '(' || next === '|'
      continue
    }
    if ('(){}+?|'.includes(char) || (char === '*' && isStart)) result += `\\${char}`
    else if (char === '^') result += isStart ? '^' : '\\^'
    else if (char === '$') result += isEnd(pattern, at + 1) ? '$' : '\\$'
    else result += char
    isStart = isStart && char === '^'
  }
  return result
}

/** Behind the bracket expression: a `]` right behind its start stands for itself, classes have brackets of their own. */
function bracketEnd(pattern: string, open: number): number {
  let at = open + 1
  if (pattern.charAt(at) === '^') at++
  if (pattern.charAt(at) === ']') at++
  for (; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (char === ']') return at + 1
    const kind = pattern.charAt(at + 1)
    if (char === '[' && (kind === ':' || kind === '.' || kind === '=')) {
      const close = pattern.indexOf(`${kind}]`, at + 2)
      if (close >= 0) at = close + 1
    }
  }
  return pattern.length
}

function isEnd(pattern: string, at: number): boolean {
  return at === pattern.length || pattern.startsWith('\\)', at) || pattern.startsWith('\\|', at)
}
