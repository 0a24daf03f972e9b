import { arg, type Arg } from '../define/define.ts'
import { parseInteger } from './prepare.ts'
import { intOf } from './variable-spec.ts'

/** The status of a reply as an argument: undefined where a variable holds no number, which makes it the module's default_code. */
export function replyCode(isPossible: (code: number) => boolean = () => true): Arg<number | undefined> {
  return arg.custom<number | undefined>('code', 'Status; default_code in place of a variable without a number.', (text, env) => {
    const fixed = parseInteger(text)
    if (fixed !== undefined) return isPossible(fixed) ? { fixed } : `there is no status ${fixed}`
    const variable = text.startsWith('$') ? env.variable(text) : 'neither a number nor a variable'
    if (typeof variable === 'string') return `code must be a whole number or a variable, not ${text}: ${variable}`
    return { evaluate: (context) => intOf(variable, context) ?? undefined }
  })
}
