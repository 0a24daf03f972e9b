/** A variable in a query, and what its last transformation makes of it there. */
import type { FormatText, PrepareEnv, PvValue, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'

/**
 * `sql`, `sqlInt`, `sqlStr`: {sql.val} and its kin, which write a literal; `escaped`: {s.escape.common}. What they are for is binding's
 * business, so the value is taken as it was before.
 */
export type Writing = 'plain' | 'escaped' | 'sql' | 'sqlInt' | 'sqlStr'

export interface QueryVariable {
  /** As the script has it. */
  readonly text: string
  readonly writing: Writing
  value(context: RouteContext): PvValue
  /** As formats print it: `$null` is `<null>`. */
  print(context: RouteContext): string
}

const writings: readonly (readonly [suffix: RegExp, writing: Writing])[] = [
  [/\{\s*s\.escape\.common\s*\}\s*\)$/, 'escaped'],
  [/\{\s*sql\.val\s*\}\s*\)$/, 'sql'],
  [/\{\s*sql\.val\.int\s*\}\s*\)$/, 'sqlInt'],
  [/\{\s*sql\.val\.str\s*\}\s*\)$/, 'sqlStr'],
]

/** A text answer is the error message. */
export function queryVariable(text: string, env: PrepareEnv): QueryVariable | string {
  const asWritten = env.variable(text)
  if (typeof asWritten === 'string') return asWritten
  const [suffix, writing] = writings.find(([known]) => known.test(text)) ?? [undefined, 'plain' as const]
  const source = suffix === undefined ? text : text.replace(suffix, ')')
  const handle: VariableHandle | string = env.variable(source)
  const format: FormatText | string = env.format(source)
  if (typeof handle === 'string') return handle
  if (typeof format === 'string') return format
  return { text, writing, value: (context) => handle.get(context), print: (context) => format.evaluate(context) }
}
