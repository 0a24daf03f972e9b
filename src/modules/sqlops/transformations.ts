import type { PvValue, TransformationDef } from '../../define/define.ts'

const escape = (text: string): string => text.replace(/['"\\\0]/g, (character) => (character === '\0' ? '\\0' : `\\${character}`))

/** A literal of SQL as MySQL writes it; what `$null` becomes is what they differ in. */
function literal(summary: string, forNull: string): TransformationDef {
  return {
    summary,
    params: [],
    takesNull: true,
    bind: () => (value: PvValue) => {
      if (value === null) return forNull
      return typeof value === 'number' ? String(value) : `'${escape(value)}'`
    },
  }
}

export const sqlopsTransformations: Readonly<Record<string, TransformationDef>> = {
  'sql.val': literal('As SQL has it: a number, a text in quotes, or NULL.', 'NULL'),
  'sql.val.int': literal('As sql.val, with 0 for $null.', '0'),
  'sql.val.str': literal("As sql.val, with '' for $null.", "''"),
}
