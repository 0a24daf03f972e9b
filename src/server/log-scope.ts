import type { FormatText } from '../define/arg.ts'
import type { RouteContext } from '../runtime/context.ts'

/**
 * Which message is being worked on, so that lines logged meanwhile get its log_prefix. After a wait, a route enters
 * again with the context it belongs to.
 */
export class LogScope {
  #context: RouteContext | undefined = undefined
  #prefixText: string | undefined = undefined
  #format: FormatText | undefined = undefined
  #isPerLine = false

  usePrefix(format: FormatText | undefined, isPerLine: boolean): void {
    this.#format = format
    this.#isPerLine = isPerLine
  }

  get isInMessage(): boolean {
    return this.#context !== undefined
  }

  enter(context: RouteContext): void {
    this.#context = context
    this.#prefixText = undefined
  }

  leave(): void {
    this.#context = undefined
    this.#prefixText = undefined
  }

  /** The prefix for a line logged now; evaluated once a message unless log_prefix_mode says for each line. */
  prefix(): string {
    const context = this.#context
    if (context === undefined || this.#format === undefined) return ''
    if (this.#isPerLine) return this.#format.evaluate(context)
    return (this.#prefixText ??= this.#format.evaluate(context))
  }
}
