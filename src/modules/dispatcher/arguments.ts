/** Arguments that are whole numbers: Kamailio says at run time what is wrong with them, each function in its own words. */
import { arg, type Arg } from '../../define/define.ts'
import { parseInteger } from '../../runtime/prepare.ts'

/** A number; else what stands in its place, null for nothing. */
export interface GivenNumber {
  readonly number: number | undefined
  readonly text: string | null
}

function numberIn(value: string | number | null): GivenNumber {
  if (typeof value === 'number') return { number: value, text: null }
  if (value === null) return { number: undefined, text: null }
  const number = value === '' ? 0 : parseInteger(value)
  return { number, text: value }
}

/** A number, or a variable that holds one. */
export function givenNumber(name: string, summary: string): Arg<GivenNumber> {
  return arg.custom<GivenNumber>(name, summary, (text, env) => {
    const fixed = text === '' ? 0 : parseInteger(text)
    if (fixed !== undefined) return { fixed: { number: fixed, text: null } }
    const variable = text.startsWith('$') ? env.variable(text) : 'neither a number nor a variable'
    if (typeof variable === 'string') return `${name} must be a whole number or a variable, not ${text}: ${variable}`
    return { evaluate: (context) => numberIn(variable.get(context)) }
  })
}
