/** pv_evalx: evaluates a text with variables, then the result as such a text again. */
import { ownText } from '../../base/own-text.ts'
import { arg, type FormatText, type PrepareEnv } from '../../define/define.ts'

/** Texts made while the script runs are parsed once, as long as they are among the latest. */
const MOST_KEPT = 100

/** The argument of pv_evalx: the text after both evaluations, undefined when the first one gives no valid text. */
export const evaluatedTwice = arg.custom<string | undefined>('format', 'Text with variables, evaluated twice.', (text, env) => {
  const outer = env.format(text)
  if (typeof outer === 'string') return outer
  const inner = formatCache(env)
  return {
    evaluate(context) {
      const format = inner(outer.evaluate(context))
      if (format) return format.evaluate(context)
      context.host.log.error('pv', `pv_evalx: ${outer.source} makes no text with variables`)
      return undefined
    },
  }
})

function formatCache(env: PrepareEnv): (text: string) => FormatText | undefined {
  const kept = new Map<string, FormatText | undefined>()
  return (text) => {
    if (kept.has(text)) return kept.get(text)
    const parsed = env.format(text)
    const format = typeof parsed === 'string' ? undefined : parsed
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(ownText(text), format)
    return format
  }
}
