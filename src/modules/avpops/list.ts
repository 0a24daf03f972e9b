/** avp_delete(), is_avp_set(), avp_print(). */
import { arg, type Arg } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { readFlaggedAvp, type FlaggedAvp } from './avp-name.ts'
import { matching, type Deletion } from './match.ts'
import type { Avpops } from './state.ts'

/** A kind of AVPs goes as a whole; of a named one the newest value, or with flag g all. */
export function deleteAvps(context: RouteContext, _state: Avpops, deletion: Deletion): number {
  const found = matching(context, deletion)
  const isAll = deletion.isAll || deletion.naming === undefined
  for (const avp of isAll ? found : found.slice(0, 1)) context.avps.remove(avp)
  return found.length > 0 ? 1 : -1
}

export const setnessArg: Arg<FlaggedAvp> = arg.custom('name', 'The AVP; flags e, s, n behind a slash.', (text, env) => {
  const read = readFlaggedAvp(text, 'esn', env)
  return typeof read === 'string' ? read : { fixed: read }
})

export function isAvpSet(context: RouteContext, _state: Avpops, { naming, flags }: FlaggedAvp): number {
  const name = naming(context)
  const value = name && context.avps.first(name)?.value
  if (value === undefined) return -1
  if (flags.includes('e')) return value === '' ? 1 : -1
  if (flags.includes('s') && typeof value !== 'string') return -1
  return flags.includes('n') && typeof value !== 'number' ? -1 : 1
}

export function printAvps(context: RouteContext, { host }: Avpops): number {
  host.log.info('avpops', '----------- All AVPs in the list:')
  for (const { name, value, flags } of context.avps.all()) {
    const shownName = typeof name === 'number' ? `i:${name}` : name
    host.log.info('avpops', `$avp(${shownName}) = ${typeof value === 'number' ? value : `"${value}"`}, flags ${flags}`)
  }
  return 1
}
