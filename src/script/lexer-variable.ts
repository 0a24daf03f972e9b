/** What `#!KAMAILIO`, `#!SER` and `#!MAXCOMPAT` choose: how `$name` is read. `max` is the default. */
export type Compatibility = 'kamailio' | 'max' | 'ser'

export interface ReadVariable {
  readonly kind: 'variable' | 'avp'
  readonly text: string
  readonly end: number
  readonly mayBeAvp: boolean
  readonly problem?: string
  readonly hint?: string
}

const attributePattern = /[%$](?:(?:[ft][rud]?|g)\.)?[A-Za-z_][A-Za-z0-9_]*(?:[ \t]*\[[ \t]*-?[0-9]*[ \t]*\])?/y
const classAttributePattern = /\$(?:[ft][rud]?|g)\.[A-Za-z_]/y
const selectIndex = String.raw`(?:\[[ \t]*(?:-?[0-9A-Za-z]+|"[^"\n]*"|'[^'\n]*')[ \t]*\])?`
const selectPattern = new RegExp(String.raw`@[A-Za-z_]\w*${selectIndex}(?:\.[A-Za-z_]\w*${selectIndex})*`, 'y')
const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

/** `%name`, `%f.name`, `%name[2]`, `%name[]`: an attribute as SER had it; empty when there is none. */
export function readAttribute(text: string, at: number): string {
  return match(attributePattern, text, at)
}

/** `@via[1].host`: empty when no name follows. */
export function readSelect(text: string, at: number): string {
  return match(selectPattern, text, at)
}

/** The offset behind the parenthesis that closes the one at `open`, on the same line; -1 when there is none. */
function closingParenthesis(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    const char = text[at]
    if (char === '(') depth++
    else if (char === ')') {
      if (--depth === 0) return at + 1
    } else if (char === '\n') return -1
  }
  return -1
}

/** Reads the variable whose `$` stands at `start`. What is inside parentheses is looked at later. */
export function readVariable(text: string, start: number, compatibility: Compatibility): ReadVariable {
  const next = text[start + 1]
  const plain = (kind: 'variable' | 'avp', end: number, mayBeAvp = false): ReadVariable => ({
    kind, text: text.slice(start, end), end, mayBeAvp,
  })
  if (compatibility === 'ser') {
    const attribute = readAttribute(text, start)
    if (attribute !== '') return plain('avp', start + attribute.length)
  }
  if (next === '(') return parenthesised(text, start, start + 1)
  if (next === '?') return plain('variable', start + 2)
  const name = match(namePattern, text, start + 1)
  const end = start + 1 + name.length
  if (name === '') {
    return { ...plain('variable', start + 1), problem: "a name must follow '$'", hint: "in a string a '$' may stand alone" }
  }
  // $rc and $retcode are words of their own in Kamailio's scanner, whatever letters follow.
  const code = name.startsWith('retcode') ? 'retcode' : name.startsWith('rc') ? 'rc' : undefined
  if (code !== undefined) {
    const read = plain('variable', start + 1 + code.length)
    if (code === name) return read
    const close = text[end] === '(' ? closingParenthesis(text, end) : -1
    const whole = plain('variable', close === -1 ? end : close)
    return {
      ...whole,
      problem: `Kamailio reads $${code} here and then '${name.slice(code.length)}'`,
      hint: `write $(${whole.text.slice(1)})`,
    }
  }
  if (compatibility === 'max') {
    const isAttribute = text[end] === '[' || match(classAttributePattern, text, start) !== ''
    const attribute = isAttribute ? readAttribute(text, start) : ''
    if (attribute !== '') return plain('avp', start + attribute.length)
  }
  if (text[end] === '(') return parenthesised(text, start, end)
  return plain('variable', end, compatibility === 'max')
}

function parenthesised(text: string, start: number, open: number): ReadVariable {
  const end = closingParenthesis(text, open)
  if (end !== -1) return { kind: 'variable', text: text.slice(start, end), end, mayBeAvp: false }
  const lineEnd = text.indexOf('\n', open)
  const stop = lineEnd === -1 ? text.length : lineEnd
  return {
    kind: 'variable', text: text.slice(start, stop), end: stop, mayBeAvp: false,
    problem: "the variable's parenthesis is not closed on this line", hint: "close it with ')'",
  }
}
