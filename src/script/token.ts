import type { Span } from './ast.ts'

/**
 * `word`: an identifier; `numword`: letters and digits that begin with a digit; `operator`: punctuation and operator
 * words; `variable`: `$...`; `avp`: `%...` or `$f.name`; `event-name`: the name in `event_route[...]`;
 * `subst`: a subst directive, already applied, which the grammar allows at the top only.
 */
export type TokenKind =
  | 'word' | 'keyword' | 'numword' | 'number' | 'string' | 'variable' | 'select' | 'avp' | 'ipv6' | 'operator'
  | 'event-name' | 'subst' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** Strings without quotes and escapes; keywords and operators under their first spelling; others as written. */
  readonly text: string
  /** As it stands in the file, for numbers, words and keywords. */
  readonly written: string
  /** The value of a number. */
  readonly value: number
  /** A `$name` that is an old attribute when no variable has that name (`#!KAMAILIO` turns this off). */
  readonly mayBeAvp: boolean
  readonly span: Span
}
