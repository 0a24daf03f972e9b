import type { PrepareEnv, PvValue, TransformationDef, VariableHandle } from '../../define/define.ts'
import { valueToText } from '../../define/coerce.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { findReplacements, parseSubstExpression, type SubstExpression } from '../../runtime/subst-expression.ts'

/** The value with its replacements, itself when nothing matches; null when a match is empty, as in Kamailio. */
function substituted(context: RouteContext, expression: SubstExpression, value: string | number): PvValue {
  const text = String(value)
  if (text === '') return null
  const found = findReplacements(context, expression, text)
  if (found.length === 0) return value
  let result = ''
  let at = 0
  for (const { start, end, text: replacement } of found) {
    if (end === start) {
      context.host.log.error('textops', 'the pattern of {re.subst} matches nothing at all\n')
      return null
    }
    result += text.slice(at, start) + replacement
    at = end
  }
  return result + text.slice(at)
}

type ExpressionOf = (context: RouteContext) => SubstExpression | null

/** The expression may stand in a variable: then it is read for each message. */
function expressionOf(raw: string, env: PrepareEnv): ExpressionOf | string {
  const text = raw.slice(1)
  const variable = text.startsWith('$') ? env.variable(text.trimEnd()) : undefined
  if (typeof variable === 'string') return variable
  if (variable) return (context) => readFrom(variable, context, env)
  const expression = parseSubstExpression(text, env)
  return typeof expression === 'string' ? expression : () => expression
}

function readFrom(variable: VariableHandle, context: RouteContext, env: PrepareEnv): SubstExpression | null {
  const expression = parseSubstExpression(valueToText(variable.get(context)), env)
  if (typeof expression !== 'string') return expression
  context.host.log.error('textops', `${variable.text} holds no substitution: ${expression}\n`)
  return null
}

export const textopsTransformations: Readonly<Record<string, TransformationDef>> = {
  're.subst': {
    summary: 'Substitutes in the value: /pattern/replacement/flags.',
    params: ['expression'],
    bind(_params, env, raw) {
      const expressionFor = expressionOf(raw, env)
      if (typeof expressionFor === 'string') return expressionFor
      return (value, context) => {
        if (value === null) return null
        const expression = expressionFor(context)
        return expression && substituted(context, expression, value)
      }
    },
  },
}
