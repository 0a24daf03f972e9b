import type { TextMatcher } from '../../define/arg.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { compileRegex } from '../../runtime/regex.ts'
import type { Transaction } from '../../transaction/transaction.ts'
import type { Redirect } from './uac_redirect.ts'

/** Filters that a message may have beside the default one. */
const ADDED_MAX = 6

interface Added {
  /** The module's own filter does not count any more. */
  isDefaultOff: boolean
  patterns: TextMatcher[]
}

/** Accepting or denying filters: the module's, and those that the script adds for a transaction. */
export class FilterList {
  readonly #default: TextMatcher | undefined
  readonly #added = new WeakMap<Transaction, Added>()

  private constructor(pattern: TextMatcher | undefined) {
    this.#default = pattern
  }

  /** A text is the error message. */
  static of(pattern: string): FilterList | string {
    if (pattern === '') return new FilterList(undefined)
    const compiled = compileRegex(pattern)
    return typeof compiled === 'string' ? compiled : new FilterList(compiled)
  }

  /** False when there are too many. */
  add({ transaction }: RouteContext, pattern: TextMatcher, flags: string): boolean {
    if (!transaction) return false
    const added = this.#added.get(transaction) ?? { isDefaultOff: false, patterns: [] }
    if (flags === 'reset_all' || flags === 'reset_default') added.isDefaultOff = true
    if (flags === 'reset_all' || flags === 'reset_added') added.patterns = []
    this.#added.set(transaction, added)
    if (added.patterns.length >= ADDED_MAX) return false
    added.patterns.push(pattern)
    return true
  }

  matches({ transaction }: RouteContext, uri: string): boolean {
    const added = transaction ? this.#added.get(transaction) : undefined
    if (this.#default !== undefined && added?.isDefaultOff !== true && this.#default.test(uri)) return true
    return added?.patterns.some((pattern) => pattern.test(uri)) ?? false
  }
}

/** Accepting filters come first, then denying ones, then default_filter. */
export function isAccepted(state: Redirect, context: RouteContext, uri: string): boolean {
  if (state.accept.matches(context, uri)) return true
  return state.deny.matches(context, uri) ? false : state.acceptsByDefault
}

