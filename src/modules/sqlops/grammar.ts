/** Follows a statement's words as far as needed to tell what may stand at a place: a value, a name, or neither. */

/** `list`: several values with commas between may stand here. */
export type Position = 'value' | 'list' | 'name' | 'order' | 'limit'

interface Frame {
  clause: 'start' | 'select' | 'table' | 'columns' | 'condition' | 'set' | 'order' | 'limit' | 'values'
  /** `open` behind BETWEEN, `and` behind its AND. */
  between: 'none' | 'open' | 'and'
}

const clauses: Readonly<Record<string, Frame['clause']>> = {
  SELECT: 'select', DISTINCT: 'select', RETURNING: 'select',
  FROM: 'table', JOIN: 'table', INTO: 'table', UPDATE: 'table', TABLE: 'table', DELETE: 'table',
  WHERE: 'condition', HAVING: 'condition', ON: 'condition', WHEN: 'condition', CASE: 'condition', SET: 'set', BY: 'order', LIMIT: 'limit',
  OFFSET: 'limit', VALUES: 'values', VALUE: 'values',
}
const VALUE_WORDS = new Set(['LIKE', 'ILIKE', 'REGEXP', 'RLIKE', 'GLOB', 'MATCH', 'BETWEEN', 'THEN', 'ELSE', 'ESCAPE', 'INTERVAL', 'IS'])
/** Functions of whole columns: what stands between their parentheses is a name. */
const AGGREGATES = new Set(['COUNT', 'MAX', 'MIN', 'SUM', 'AVG', 'GROUP_CONCAT', 'STRING_AGG'])
const KEYWORDS = new Set([
  ...Object.keys(clauses), ...VALUE_WORDS,
  'AND', 'OR', 'NOT', 'ALL', 'ANY', 'EXISTS', 'UNION', 'EXCEPT', 'INTERSECT', 'AS', 'IN', 'USING', 'ORDER', 'GROUP',
])

export class Grammar {
  readonly #frames: Frame[] = []
  #frame: Frame = { clause: 'start', between: 'none' }
  #previous = ''

  /** A word, or a sign, outside of quotes. */
  take(token: string): void {
    if (token.trim() !== '') this.#token(token)
  }

  /** Something in quotes, or a variable. */
  takeOperand(): void {
    this.#previous = '?'
  }

  position(): Position {
    const { clause, between } = this.#frame
    const previous = this.#previous
    if (clause === 'limit') return 'limit'
    if (/^[<>=!|+/%&^~-]+$/.test(previous) || VALUE_WORDS.has(previous) || (previous === 'AND' && between === 'and')) return 'value'
    if (previous === '*' && clause !== 'select') return 'value'
    if (clause === 'values') return previous === '(' || previous === ',' ? 'list' : 'name'
    return clause === 'order' ? 'order' : 'name'
  }

  #token(token: string): void {
    const word = token.toUpperCase()
    if (word === '(') this.#open()
    else if (word === ')') this.#close()
    else if (word === ';') this.#frame = { clause: 'start', between: 'none' }
    else this.#word(word)
    this.#previous = word === ')' ? '?' : word
  }

  #open(): void {
    this.#frames.push(this.#frame)
    this.#frame = { clause: this.#clauseInside(), between: 'none' }
  }

  #clauseInside(): Frame['clause'] {
    const previous = this.#previous
    if (previous === 'IN' || this.#frame.clause === 'values') return 'values'
    if (!/^[A-Z_?]/.test(previous) || KEYWORDS.has(previous)) return this.#frame.clause === 'set' ? 'condition' : this.#frame.clause
    if (this.#frame.clause === 'table') return 'columns'
    return AGGREGATES.has(previous) ? 'columns' : 'values'
  }

  #close(): void {
    this.#frame = this.#frames.pop() ?? { clause: 'start', between: 'none' }
  }

  #word(word: string): void {
    // `ON DUPLICATE KEY UPDATE` and `DO UPDATE` go on with assignments.
    const isAssigning = word === 'UPDATE' && (this.#previous === 'KEY' || this.#previous === 'DO')
    const clause = isAssigning ? 'set' : clauses[word]
    if (clause !== undefined && !(word === 'DELETE' && this.#frame.clause !== 'start')) this.#frame.clause = clause
    if (word === 'BETWEEN') this.#frame.between = 'open'
    else if (word === 'AND') this.#frame.between = this.#frame.between === 'open' ? 'and' : 'none'
  }
}
