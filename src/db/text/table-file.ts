/** A table of Kamailio's db_text: a line that names the columns, and a line for each row. */
import type { DbType, DbValue } from '../database.ts'

export interface TextColumn {
  readonly name: string
  readonly type: DbType
  readonly mayBeNull: boolean
  /** Gets the largest value plus one where a row has none. */
  readonly isAuto: boolean
}

export interface TextTable {
  /** The first line as it is. */
  readonly header: string
  readonly columns: readonly TextColumn[]
  readonly rows: readonly (readonly DbValue[])[]
}

export interface TextFormat {
  readonly delimiter: string
  /** Whether an empty text is a text, not null. */
  readonly emptyTexts: boolean
  readonly rowsMax: number
}

const types: Readonly<Record<string, DbType>> = { s: 'string', i: 'int', d: 'double', b: 'blob', t: 'datetime' }
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '0': '\0' }

/** A text says what is wrong, and where. */
export function readTable(text: string, format: TextFormat): TextTable | string {
  const [header = '', ...lines] = text.split('\n')
  const columns = readHeader(header)
  if (typeof columns === 'string') return columns
  const rows: (readonly DbValue[])[] = []
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    if (rows.length >= format.rowsMax) return `there are more than ${format.rowsMax} rows (max_result_rows)`
    const row = readRow(line, columns, format)
    if (typeof row === 'string') return `line ${index + 2}: ${row}`
    rows.push(row)
  }
  return { header, columns, rows }
}

function readHeader(line: string): readonly TextColumn[] | string {
  const columns: TextColumn[] = []
  for (const [text, name = '', type = '', attribute = ''] of line.matchAll(/(\S+?)\s*\(\s*(\w+)\s*(?:,\s*(\w+)\s*)?\)\s*|\S+/g)) {
    const known = types[type.charAt(0).toLowerCase()]
    const mark = attribute.charAt(0).toLowerCase()
    if (name === '' || known === undefined || !['', 'n', 'a'].includes(mark)) {
      return `the first line has "${text.trim()}", which is no name(type,attribute)`
    }
    columns.push({ name, type: known, mayBeNull: mark === 'n', isAuto: mark === 'a' })
  }
  return columns.length === 0 ? 'the first line names no columns' : columns
}

function readRow(line: string, columns: readonly TextColumn[], format: TextFormat): readonly DbValue[] | string {
  const fields = splitFields(line, format.delimiter)
  if (fields.length > columns.length) return `${fields.length} fields for ${columns.length} columns`
  const row: DbValue[] = []
  for (const [index, column] of columns.entries()) {
    const value = readField(fields[index] ?? '', column, format)
    if (value === undefined) return `"${fields[index] ?? ''}" in ${column.name} is no ${column.type}`
    if (value === null && !column.mayBeNull && !column.isAuto) return `${column.name} is empty, which its column does not allow`
    row.push(value)
  }
  return row
}

/** Fields with their escapes; one empty field behind the last delimiter is none. */
function splitFields(line: string, delimiter: string): readonly string[] {
  const fields: string[] = []
  let field = ''
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === '\\') field += character + line.charAt(++at)
    else if (character === delimiter) {
      fields.push(field)
      field = ''
    } else field += character
  }
  if (field !== '' || !line.endsWith(delimiter)) fields.push(field)
  return fields
}

/** Undefined when it is none of its type. */
function readField(field: string, { type, mayBeNull }: TextColumn, { emptyTexts }: TextFormat): DbValue | undefined {
  const isText = type === 'string' || type === 'blob'
  // Kamailio refuses the whole file where a text may not be null, and writes such files itself.
  if (field === '') return isText && (emptyTexts || !mayBeNull) ? '' : null
  if (isText) return field.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character)
  const shape = type === 'double' ? /^-?\d+(?:\.\d*)?$/ : /^-?\d+$/
  return shape.test(field) ? Number(field) : undefined
}

export function writeRow(row: readonly DbValue[], columns: readonly TextColumn[], { delimiter }: TextFormat): string {
  return `${columns.map(({ type }, index) => writeField(row[index] ?? null, type, delimiter)).join(delimiter)}\n`
}

function writeField(value: DbValue, type: DbType, delimiter: string): string {
  if (value === null) return ''
  if (type === 'double') return Number.isInteger(Math.round(Number(value) * 1e6) / 1e4) ? Number(value).toFixed(2) : String(value)
  if (typeof value === 'number') return String(value)
  let text = ''
  for (const character of value) {
    if (character === '\n') text += '\\n'
    else if (character === '\r') text += '\\r'
    else if (character === '\t') text += '\\t'
    else if (character === '\0') text += '\\0'
    else text += character === '\\' || character === delimiter ? `\\${character}` : character
  }
  return text
}
