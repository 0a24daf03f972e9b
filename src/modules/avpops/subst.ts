/** avp_subst(), avp_subst_pv(). */
import type { PrepareEnv, Prepared } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { parseSubstExpression, substitute, type SubstExpression } from '../../runtime/subst-expression.ts'
import type { AvpPair } from './avp-name.ts'
import type { Avpops } from './state.ts'

/** Variables of the text are replaced, and the expression read, for each call; the last one is kept. */
export function prepareSubstPv(text: string, env: PrepareEnv): Prepared<SubstExpression | undefined> | string {
  if (!text.includes('$')) {
    const fixed = parseSubstExpression(text, env)
    return typeof fixed === 'string' ? fixed : { fixed }
  }
  const format = env.format(text)
  if (typeof format === 'string') return format
  let source = ''
  let last: SubstExpression | undefined
  return {
    evaluate(context) {
      const written = format.evaluate(context)
      if (written === source) return last
      source = written
      const parsed = parseSubstExpression(written, env)
      if (typeof parsed === 'string') context.host.log.error('avpops', `substitution ${written}: ${parsed}`)
      last = typeof parsed === 'string' ? undefined : parsed
      return last
    },
  }
}

/** Only texts are looked at. With one name for both the result stands in place of what it came from. */
export function substituteAvps(context: RouteContext, _state: Avpops, pair: AvpPair, subst: SubstExpression | undefined): number {
  const { avps } = context
  const source = pair.source(context)
  const destination = pair.destination(context)
  if (source === undefined || destination === undefined || subst === undefined) return -1
  const isAll = pair.flags.includes('g')
  let count = 0
  for (let avp = avps.first(source); avp !== undefined;) {
    const below = avps.next(avp, source)
    const result = typeof avp.value === 'string' ? substitute(context, subst, avp.value) : undefined
    if (result !== undefined) {
      avps.add(destination, result)
      count++
      if (pair.isSame || pair.flags.includes('d')) avps.remove(avp)
    }
    if (!isAll && count > 0) break
    avp = below
  }
  return count > 0 ? 1 : -1
}
