/** avp_copy(). */
import { arg, type Arg } from '../../define/define.ts'
import { textToInt } from '../../define/coerce.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { readFlaggedAvp, type FlaggedAvp } from './avp-name.ts'
import type { Avpops } from './state.ts'

export const copyTargetArg: Arg<FlaggedAvp> = arg.custom('target', 'The new name; flags g, d, n, s behind a slash.', (text, env) => {
  const read = readFlaggedAvp(text, 'gdns', env)
  return typeof read === 'string' ? read : { fixed: read }
})

export function copyAvps(context: RouteContext, _state: Avpops, from: FlaggedAvp, target: FlaggedAvp): number {
  const { avps } = context
  const source = from.naming(context)
  const destination = target.naming(context)
  if (source === undefined || destination === undefined) return -1
  const { flags } = target
  let count = 0
  for (let avp = avps.first(source); avp !== undefined;) {
    const below = avps.next(avp, source)
    const value = converted(avp.value, flags)
    if (value === undefined) return -1
    avps.add(destination, value)
    count++
    if (flags.includes('d')) avps.remove(avp)
    if (!flags.includes('g')) break
    avp = below
  }
  return count > 0 ? 1 : -1
}

function converted(value: string | number, flags: string): string | number | undefined {
  if (flags.includes('s')) return String(value)
  if (!flags.includes('n') || typeof value === 'number') return value
  const number = textToInt(value)
  return Number.isNaN(number) ? undefined : number
}
