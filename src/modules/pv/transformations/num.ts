/** `{num....}`: digits of whole numbers (later than Kamailio 5.6); other values count as 0. */
import type { PvValue, TransformationDef } from '../../../define/define.ts'

function digit(summary: string, read: (value: number) => number): TransformationDef {
  return {
    summary,
    params: [],
    takesNull: true,
    bind: (_params, _env, raw) =>
      raw === '' ? (value): PvValue => (typeof value === 'number' ? read(Math.abs(value)) : 0) : 'the transformation takes no parameters',
  }
}

export const numTransformations: Readonly<Record<string, TransformationDef>> = {
  'num.fdigit': digit('The first digit.', (value) => Number(String(value).charAt(0))),
  'num.ldigit': digit('The last digit.', (value) => value % 10),
}
