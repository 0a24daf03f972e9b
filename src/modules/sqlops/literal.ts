/** What a database would read where a script writes a variable: the content of a text in quotes, or one literal. */

/** How a kind of database writes its texts. */
export interface SqlTexts {
  /** A backslash in a text takes the next character with it (MySQL). */
  readonly backslashes: boolean
  /** Double quotes hold a text, not a name. */
  readonly doubleQuotedTexts: boolean
  /** A bare number is bound as a number; otherwise as a text, whose type the database finds. */
  readonly boundNumbers: boolean
}

const textsByScheme: Readonly<Record<string, SqlTexts>> = {
  mysql: { backslashes: true, doubleQuotedTexts: true, boundNumbers: false },
  sqlite: { backslashes: false, doubleQuotedTexts: true, boundNumbers: true },
}
const STANDARD: SqlTexts = { backslashes: false, doubleQuotedTexts: false, boundNumbers: false }

export const sqlTexts = (scheme: string): SqlTexts => textsByScheme[scheme] ?? STANDARD

/** Characters that MySQL reads behind a backslash as something else than themselves. */
const escapes: Readonly<Record<string, string>> = { '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' }

const unescape = (text: string): string =>
  // `\%` and `\_` keep their backslash: LIKE takes it.
  text.replace(/\\([\s\S])/g, (whole, character: string) =>
    (character === '%' || character === '_' ? whole : escapes[character] ?? character))

/**
 * What the database reads between the quotes when the script puts `text` there. A quote in it stands for itself: it cannot end the text.
 * A backslash before a quote says that the script has escaped the text in MySQL's way, whatever the database.
 */
export function contentOf(text: string, quote: string, { backslashes }: SqlTexts): string {
  if (!text.includes('\\') && !text.includes(quote)) return text
  const plain = backslashes || text.includes(`\\${quote}`) ? unescape(text) : text
  return plain.replaceAll(quote + quote, quote)
}

/** A literal: something to bind, or a word that is harmless as it stands. */
export type Literal = { readonly value: string | number | null } | { readonly word: string }

const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/
const WORD = /^(?:null|true|false|default|now\(\)|current_timestamp(?:\(\))?)$/i
const ITEM = /^\s*(?:'(?:[^'\\]|''|\\[\s\S])*'|[^\s',][^',]*?)\s*(?:,|$)/

/** The literals a text consists of: one, or several with commas between where a list may stand. Undefined when it is something else. */
export function literalsOf(text: string, texts: SqlTexts, mayBeList: boolean): readonly Literal[] | undefined {
  if (!mayBeList || !text.includes(',')) {
    const literal = literalOf(text.trim(), texts)
    return literal === undefined ? undefined : [literal]
  }
  const literals: Literal[] = []
  let rest = text
  while (rest !== '') {
    const item = ITEM.exec(rest)?.[0]
    const literal = item === undefined ? undefined : literalOf(item.replace(/,$/, '').trim(), texts)
    if (item === undefined || literal === undefined || (item.endsWith(',') && item.length === rest.length)) return undefined
    literals.push(literal)
    rest = rest.slice(item.length)
  }
  return literals
}

function literalOf(text: string, texts: SqlTexts): Literal | undefined {
  if (NUMBER.test(text)) return { value: texts.boundNumbers ? Number(text) : text }
  if (WORD.test(text)) return { word: text }
  if (!/^'(?:[^'\\]|''|\\[\s\S])*'$/.test(text)) return undefined
  return { value: contentOf(text.slice(1, -1), "'", texts) }
}
