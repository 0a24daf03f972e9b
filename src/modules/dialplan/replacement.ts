/** The replacement of a rule: `\1` are groups of what matched, and variables are replaced. */
import type { PrepareEnv, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { locateVariable } from '../../runtime/variable-spec.ts'

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly number: number }
  | { readonly kind: 'variable'; readonly handle: VariableHandle }

export type Replacement = readonly Piece[]

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** A text answer is the error message. */
export function parseReplacement(text: string, env: PrepareEnv): Replacement | string {
  const pieces: Piece[] = []
  let plain = ''
  const add = (piece: Piece): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain })
    plain = ''
    pieces.push(piece)
  }
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    if (char === '\\' && next !== '') {
      at++
      if (/[0-9]/.test(next)) add({ kind: 'group', number: Number(next) })
      else plain += ESCAPES[next] ?? next
    } else if (char !== '$') plain += char
    else if (next === '$') {
      plain += '$'
      at++
    } else {
      const end = locateVariable(text, at)
      const handle = end < 0 ? 'a dollar sign that starts no variable' : env.variable(text.slice(at, end))
      if (typeof handle === 'string') return `bad specifier in replace part ${text}: ${handle}`
      add({ kind: 'variable', handle })
      at = end - 1
    }
  }
  return plain === '' ? pieces : [...pieces, { kind: 'text', text: plain }]
}

/** The largest group that a replacement names. */
export function largestGroup(replacement: Replacement): number {
  return Math.max(0, ...replacement.map((piece) => (piece.kind === 'group' ? piece.number : 0)))
}

/** Without a message (RPC) variables stand as they are written. */
export function replace(
  replacement: Replacement, text: string, match: readonly number[], context: RouteContext | undefined,
): string {
  let result = ''
  for (const piece of replacement) {
    if (piece.kind === 'text') result += piece.text
    else if (piece.kind === 'group') {
      const start = match[2 * piece.number] ?? -1
      if (start >= 0) result += text.slice(start, match[2 * piece.number + 1])
    } else result += context === undefined ? piece.handle.text : piece.handle.get(context) ?? ''
  }
  return result
}
