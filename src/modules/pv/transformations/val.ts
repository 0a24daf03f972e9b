/** `{val....}`: values where they must not be `$null`, and as parts of JSON (later than Kamailio 5.6). */
import type { PvValue, TransformationDef } from '../../../define/define.ts'

function ofAny(summary: string, read: (value: PvValue) => PvValue): TransformationDef {
  return {
    summary,
    params: [],
    takesNull: true,
    bind: (_params, _env, raw) => (raw === '' ? (value) => read(value) : 'the transformation takes no parameters'),
  }
}

const LETTERS: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' }

function escapeJson(text: string): string {
  let escaped = ''
  for (const char of text) {
    const letter = LETTERS[char]
    if (letter !== undefined) escaped += `\\${letter}`
    else escaped += char < ' ' ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char
  }
  return escaped
}

export const valTransformations: Readonly<Record<string, TransformationDef>> = {
  'val.n0': ofAny('The value; 0 for $null.', (value) => value ?? 0),
  'val.ne': ofAny('The value; an empty text for $null.', (value) => value ?? ''),
  'val.json': ofAny('Escaped for JSON; empty for $null.', (value) => (typeof value === 'string' ? escapeJson(value) : (value ?? ''))),
  'val.jsonqe': ofAny('A value of JSON: numbers as they are, texts escaped and in quotes.', (value) =>
    typeof value === 'number' ? value : `"${escapeJson(value ?? '')}"`,
  ),
}
