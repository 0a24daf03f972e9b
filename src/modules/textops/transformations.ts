import type { TransformationDef } from '../../define/define.ts'
import { toText } from '../../define/define.ts'
import { parseSubstExpression, substitute } from '../../runtime/subst-expression.ts'

export const textopsTransformations: Readonly<Record<string, TransformationDef>> = {
  're.subst': {
    summary: 'Substitutes in the value: /pattern/replacement/flags.',
    params: ['expression'],
    bind(_params, env, raw) {
      const expression = parseSubstExpression(raw.startsWith(',') ? raw.slice(1) : raw, env)
      if (typeof expression === 'string') return expression
      return (value, context) => {
        if (value === null) return null
        const text = toText(value)
        return substitute(context, expression, text) ?? text
      }
    },
  },
}
