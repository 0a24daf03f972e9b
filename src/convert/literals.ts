/** Texts, numbers, names and regular expressions as TypeScript. Texts of the cfg are bytes: UTF-8 becomes what it stands for. */
import { fromBytes } from '../kemi/text.ts'

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(text: string, quote: string): string {
  let out = ''
  for (const char of fromBytes(text)) {
    const code = char.charCodeAt(0)
    if (char === quote) out += `\\${char}`
    else if (escapes[char] !== undefined) out += escapes[char]
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`
    else if (code >= 0xd800 && code <= 0xdfff && char.length === 1) out += `\\u${code.toString(16)}`
    else out += char
  }
  return out
}

export function textLiteral(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${quote}${escaped(text, quote)}${quote}`
}

/** A piece of a text between backticks. */
export function templatePiece(text: string): string {
  return escaped(text, '`').replaceAll('${', '\\${')
}

const reserved = new Set([
  'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'export', 'extends',
  'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'let', 'new', 'null', 'return', 'static', 'super', 'switch',
  'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield', 'await', 'KSR',
])

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name)
}

/** A name out of any text. */
export function identifier(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]+/g, '_')
  return /^[0-9]/.test(name) || name === '' ? `_${name}` : name
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: '\\s', blank: ' \\t', xdigit: '0-9A-Fa-f',
}

/**
 * A POSIX extended expression as one of JavaScript that matches the same texts, without its slashes; undefined where there is no
 * simple one.
 */
export function regexLiteral(pattern: string): string | undefined {
  let out = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (char === '\\') {
      const next = pattern.charAt(++at)
      if (next === '' || /[<>`']/.test(next)) return undefined
      if (/[wWsS]/.test(next)) out += `\\${next}`
      else if (/[A-Za-z0-9]/.test(next)) return undefined
      else out += quoted(next)
    } else if (char === '[') {
      const set = readSet(pattern, at)
      if (set === undefined) return undefined
      out += set.text
      at = set.end
    } else if (char === '{') {
      const bounds = /^\{[0-9]+(?:,[0-9]*)?\}/.exec(pattern.slice(at))
      if (bounds === null || at === 0) return undefined
      out += bounds[0]
      at += bounds[0].length - 1
    } else if (char === '*' || char === '+' || char === '?') {
      // Of several behind each other the second means something else in JavaScript; in front it is a character in POSIX.
      const before = pattern.charAt(at - 1)
      if (at === 0 || ((before === '(' || before === '|' || before === '^' || before === '*' || before === '+' || before === '?' ||
        before === '}') && pattern.charAt(at - 2) !== '\\')) return undefined
      out += char
    } else if (char === '}' || char === ']') out += `\\${char}`
    else if (char === '/') out += '\\/'
    else if (char.charCodeAt(0) < 0x20 || char.charCodeAt(0) > 0x7e) return undefined
    else out += char
  }
  if (/\(\)|\(\||\|\)|\|\||^\||\|$/.test(out)) return undefined
  try {
    void new RegExp(out, 'is')
  } catch {
    return undefined
  }
  return out === '' ? undefined : out
}

const quoted = (char: string): string => (/[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char)

function readSet(pattern: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let at = start + 1
  let out = '['
  if (pattern.charAt(at) === '^') {
    out += '^'
    at++
  }
  const first = at
  for (; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (char === ']' && at > first) return { text: `${out}]`, end: at }
    if (char === '[' && /[.=]/.test(pattern.charAt(at + 1))) return undefined
    if (char === '[' && pattern.charAt(at + 1) === ':') {
      const close = pattern.indexOf(':]', at)
      const inner = classes[pattern.slice(at + 2, close)]
      if (close < 0 || inner === undefined) return undefined
      out += inner
      at = close + 1
    } else if (char.charCodeAt(0) > 0x7e) return undefined
    else out += char === '\\' || char === ']' || char === '[' ? `\\${char}` : char
  }
  return undefined
}
