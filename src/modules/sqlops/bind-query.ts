/** A query for one message: SQL with placeholders, and the values for them. */
import type { DbValue } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { contentOf, literalsOf, type SqlTexts } from './literal.ts'
import type { Part, Piece, Template } from './query-template.ts'
import type { QueryVariable } from './query-variable.ts'

export interface BoundQuery {
  readonly sql: string
  readonly values: readonly DbValue[]
}

/** Why a query cannot be sent. */
export class QueryRefusal {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

export function bindQuery(template: Template, texts: SqlTexts, context: RouteContext): BoundQuery | QueryRefusal {
  if ('whole' in template) return { sql: printed(template.whole, context), values: [] }
  const sql: string[] = []
  const values: DbValue[] = []
  for (const piece of template.pieces) {
    const text = bindPiece(piece, texts, context, values)
    if (typeof text !== 'string') return text
    sql.push(text)
  }
  return { sql: sql.join(''), values }
}

const printed = (parts: readonly Part[], context: RouteContext): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.print(context))).join('')

function bindPiece(piece: Piece, texts: SqlTexts, context: RouteContext, values: DbValue[]): string | QueryRefusal {
  switch (piece.kind) {
    case 'sql':
      return piece.text
    case 'text':
      values.push(piece.parts.map((part) => (typeof part === 'string' ? part : content(part, piece.quote, texts, context))).join(''))
      return '?'
    case 'value':
      return bindValue(piece.variable, piece.isList, texts, context, values)
    case 'name':
      return nameText(piece, context)
  }
}

function content(variable: QueryVariable, quote: string, texts: SqlTexts, context: RouteContext): string {
  const text = variable.print(context)
  return variable.writing === 'plain' ? contentOf(text, quote, texts) : text
}

function bindValue(
  variable: QueryVariable, isList: boolean, texts: SqlTexts, context: RouteContext, values: DbValue[],
): string | QueryRefusal {
  const value = variable.value(context)
  if (value === null) {
    if (variable.writing === 'sql') return 'NULL'
    if (variable.writing === 'sqlInt') return '0'
    if (variable.writing === 'sqlStr') return "''"
    return new QueryRefusal(`${variable.text} is $null; write $(${variable.text.replace(/^\$\(?|\)$/g, '')}{sql.val}) for an SQL NULL`)
  }
  if (typeof value === 'string' && variable.writing !== 'plain') {
    values.push(value)
    return '?'
  }
  const literals = literalsOf(String(value), texts, isList) ?? [{ value: String(value) }]
  return literals.map((literal) => {
    if ('word' in literal) return literal.word
    values.push(literal.value)
    return '?'
  }).join(', ')
}

const NAME = /^(?:\*|\d+(?:\.\d+)?|-\d+(?:\.\d+)?|[\w$]+(?:\.[\w$]+)*(?:\.\*)?)$/
const ORDER = /^\s*[\w$]+(?:\.[\w$]+)*(?:\s+(?:asc|desc))?(?:\s*,\s*[\w$]+(?:\.[\w$]+)*(?:\s+(?:asc|desc))?)*\s*$/i
const LIMIT = /^\s*\d{1,15}(?:\s*,\s*\d{1,15}|\s+offset\s+\d{1,15})?\s*$/i
const shapes = { name: NAME, order: ORDER, limit: LIMIT }
const shapeWords = { name: 'a name or a number', order: 'columns, each with ASC or DESC behind it', limit: 'a number of rows' }

/** What cannot be bound goes into the SQL as it is, when it is nothing but what may stand there. */
function nameText(piece: Extract<Piece, { kind: 'name' }>, context: RouteContext): string | QueryRefusal {
  const { parts, quote, position } = piece
  const text = printed(parts, context)
  if (quote !== '') {
    const isName = text !== '' && !text.includes('\0')
    return isName ? `${quote}${text.replaceAll(quote, quote + quote)}${quote}` : refusal(parts, 'name')
  }
  return shapes[position].test(text) ? text : refusal(parts, position)
}

function refusal(parts: readonly Part[], position: keyof typeof shapes): QueryRefusal {
  const names = parts.filter((part) => typeof part !== 'string').map(({ text }) => text).join(', ')
  return new QueryRefusal(`${names} must hold ${shapeWords[position]} where it stands, for it cannot be bound there`)
}
