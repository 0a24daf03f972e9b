/** Everything that compiled routes call, in one object: the compiler gets it as a value and writes calls to it. */
import * as expression from './expression.ts'
import * as operand from './expression-operand.ts'
import * as flow from './flow.ts'
import { prepareArg } from './prepare.ts'
import { RegexCache } from './regex.ts'
import { valueToText } from '../define/coerce.ts'

export const scriptSupport = { ...expression, ...operand, ...flow, valueToText, prepareArg, RegexCache }
export type ScriptSupport = typeof scriptSupport
