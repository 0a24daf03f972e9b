/** A query as the script writes it, taken apart: SQL, and what its variables stand for there. */
import type { PrepareEnv } from '../../define/define.ts'
import { skipQuoted } from '../../db/sql/scan-sql.ts'
import { locateVariable } from '../../runtime/variable-spec.ts'
import { Grammar } from './grammar.ts'
import { contentOf, type SqlTexts } from './literal.ts'
import { queryVariable, type QueryVariable } from './query-variable.ts'

export type Part = string | QueryVariable

export type Piece =
  | { readonly kind: 'sql'; readonly text: string }
  /** A text in quotes with variables in it: bound as one value. */
  | { readonly kind: 'text'; readonly parts: readonly Part[]; readonly quote: string }
  /** A variable by itself where a value may stand. */
  | { readonly kind: 'value'; readonly variable: QueryVariable; readonly isList: boolean }
  /** A name, or part of one, outside of quotes (`quote` is empty) or within those of names. */
  | { readonly kind: 'name'; readonly parts: readonly Part[]; readonly quote: string; readonly position: 'name' | 'order' | 'limit' }

/** `whole`: nothing but variables, so that they hold the SQL itself. */
export type Template = { readonly whole: readonly Part[] } | { readonly pieces: readonly Piece[] }

/** Parts of the source: texts, `$$` among them, and variables. A text answer is the error message. */
export function partsOf(source: string, env: PrepareEnv): readonly Part[] | string {
  const parts: Part[] = []
  let text = ''
  for (let at = 0; at < source.length;) {
    const sign = source.indexOf('$', at)
    if (sign < 0) {
      text += source.slice(at)
      break
    }
    text += source.slice(at, sign)
    const end = locateVariable(source, sign)
    if (end < 0) return `at ${sign + 1}: a dollar sign that starts no variable; write $$ for the sign itself`
    if (source.charAt(sign + 1) === '$') text += '$'
    else {
      const variable = queryVariable(source.slice(sign, end), env)
      if (typeof variable === 'string') return variable
      if (text !== '') parts.push(text)
      parts.push(variable)
      text = ''
    }
    at = end
  }
  if (text !== '') parts.push(text)
  return parts
}

export function templateOf(parts: readonly Part[], texts: SqlTexts): Template {
  const hasVariables = parts.some((part) => typeof part !== 'string')
  if (hasVariables && parts.every((part) => typeof part !== 'string' || /^[\s;]*$/.test(part))) return { whole: parts }
  return { pieces: new Reader(texts).read(parts) }
}

/** One character for each variable, beyond those that a byte string has. */
const MARK_BASE = 0x100
const MARK = /[\u0100-\uffff]/
const WORD = /[\w$.\u0100-\uffff]+/y

class Reader {
  readonly #texts: SqlTexts
  readonly #grammar = new Grammar()
  readonly #pieces: Piece[] = []
  readonly #variables: QueryVariable[] = []

  constructor(texts: SqlTexts) {
    this.#texts = texts
  }

  read(parts: readonly Part[]): readonly Piece[] {
    const sql = parts.map((part) => (typeof part === 'string' ? part : this.#mark(part))).join('')
    for (let at = 0; at < sql.length;) at = this.#next(sql, at)
    return this.#pieces
  }

  #mark(variable: QueryVariable): string {
    return String.fromCharCode(MARK_BASE + this.#variables.push(variable) - 1)
  }

  /** Reads one quoted text, comment, word or sign; gives where the next one begins. */
  #next(sql: string, at: number): number {
    const quotedEnd = skipQuoted(sql, at, this.#texts)
    if (quotedEnd > at) {
      this.#quoted(sql.slice(at, quotedEnd))
      return quotedEnd
    }
    WORD.lastIndex = at
    const [word = sql.charAt(at)] = WORD.exec(sql) ?? []
    if (MARK.test(word)) this.#word(word)
    else {
      this.#grammar.take(word)
      this.#sql(word)
    }
    return at + word.length
  }

  #quoted(text: string): void {
    const quote = text.charAt(0)
    if (quote === '-' || quote === '/') {
      // Nobody reads a comment, and a variable in it might end it.
      this.#sql(text.replaceAll(new RegExp(MARK, 'g'), ''))
      return
    }
    if (!MARK.test(text)) this.#sql(text)
    else {
      const isClosed = text.length > 1 && text.endsWith(quote)
      const parts = this.#parts(text.slice(1, isClosed ? -1 : undefined))
      this.#pieces.push(quote === '`' || (quote === '"' && !this.#texts.doubleQuotedTexts)
        ? { kind: 'name', parts, quote, position: 'name' }
        : { kind: 'text', parts: parts.map((part) => (typeof part === 'string' ? contentOf(part, quote, this.#texts) : part)), quote })
    }
    this.#grammar.takeOperand()
  }

  #word(word: string): void {
    const position = this.#grammar.position()
    const isValue = position === 'value' || position === 'list'
    const parts = this.#parts(word)
    const [only] = parts
    if (parts.length === 1 && only !== undefined && typeof only !== 'string' && isValue) {
      this.#pieces.push({ kind: 'value', variable: only, isList: position === 'list' })
    } else {
      this.#pieces.push({ kind: 'name', parts, quote: '', position: isValue ? 'name' : position })
    }
    this.#grammar.takeOperand()
  }

  #parts(text: string): readonly Part[] {
    const parts = text.split(/([\u0100-\uffff])/).filter((part) => part !== '')
    return parts.map((part) => this.#variables[part.charCodeAt(0) - MARK_BASE] ?? part)
  }

  #sql(text: string): void {
    const last = this.#pieces.at(-1)
    if (last?.kind === 'sql') this.#pieces[this.#pieces.length - 1] = { kind: 'sql', text: last.text + text }
    else this.#pieces.push({ kind: 'sql', text })
  }
}
