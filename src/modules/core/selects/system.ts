/** The process, the time, added branches and global parameters: `@sys.now`, `@branch.uri[0]`, `@cfg_get.core.debug`. */
import { localTime, strftime, universalTime, type BrokenTime } from '../../../base/strftime.ts'
import type { PvValue } from '../../../define/define.ts'
import type { Branch } from '../../../runtime/branches.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import { looseAddress, looseAddressSelect, textParam } from './message.ts'
import { branches, leaf, unknownSelect, type Element, type Resolver } from './path.ts'
import { uriSelect } from './uri.ts'

/** A time, in a format of strftime or as C's ctime writes it. */
function timeSelect(take: (ms: number) => BrokenTime): Resolver {
  return (rest) => {
    const [format = '%c'] = rest
    if (rest.length > 1 || typeof format !== 'string') return unknownSelect(rest)
    return ({ host }) => strftime(format, take(host.clock.now()))
  }
}

const universal = timeSelect(universalTime)
const seconds = (context: RouteContext): number => Math.floor(context.host.clock.now() / 1000)

export const systemSelect: Resolver = branches({
  pid: leaf(({ host }) => String(host.identity.pid)),
  unique: leaf((context) => {
    const { host } = context
    return `${host.identity.pid.toString(16)}-${seconds(context).toString(16)}-${host.random.hex(4)}`
  }),
  now: branches({ local: timeSelect(localTime), gmt: universal, utc: universal }, (context) => String(seconds(context))),
  server_id: leaf(({ host }) => String(host.settings.server_id)),
})

/** q as written in headers: 0 to 1 with up to three digits; empty when unset. */
function qText(branch: Branch): string {
  return branch.q < 0 ? '' : String(branch.q / 1000)
}

/** All added branches joined by commas, or the one of an index. */
function branchPart(part: (branch: Branch) => string) {
  return (index: Element | undefined) =>
    ({ branches: { list } }: RouteContext): PvValue => {
      if (index === undefined) return list.length === 0 ? null : list.map(part).join(',')
      const branch = typeof index === 'number' ? list[index] : undefined
      return (branch && part(branch)) || null
    }
}

function indexed(part: (branch: Branch) => string, isUri: boolean): Resolver {
  const read = branchPart(part)
  return (rest) => {
    const [index] = rest
    if (typeof index === 'string' && rest.length === 1 && !isUri) return unknownSelect(rest)
    const hasIndex = typeof index === 'number'
    const behind = hasIndex ? rest.slice(1) : rest
    const reader = read(hasIndex ? index : undefined)
    if (behind.length === 0) return reader
    return isUri ? uriSelect(reader)(behind) : unknownSelect(rest)
  }
}

export const branchSelect: Resolver = branches({
  count: leaf((context) => String(context.branches.list.length)),
  uri: indexed((branch) => branch.uri, true),
  dst_uri: indexed((branch) => branch.dstUri, true),
  uriq: indexed((branch) => (branch.q < 0 ? branch.uri : `<${branch.uri}>;q=${qText(branch)}`), false),
  q: indexed(qText, false),
})

function settingValue(context: RouteContext, group: string, name: string): unknown {
  const id = context.cfgInstances?.get(group)
  if (id !== undefined) return context.host.parameters.read({ group, id, name })
  const custom = context.host.customParameters.get(`${group}.${name}`)
  if (custom !== undefined) return custom
  const full = group === 'core' ? name : `${group}_${name}`
  const settings: Readonly<Record<string, unknown>> = context.host.settings
  return Object.hasOwn(settings, full) ? settings[full] : undefined
}

/** The instance of a group that cfg_select() chose; empty for none. */
export const selectedSelect: Resolver = (rest) => {
  const [group] = rest
  if (typeof group !== 'string' || rest.length !== 1) return 'one parameter is expected: the name of a group'
  return ({ cfgInstances }) => {
    const id = cfgInstances?.get(group)
    return id === undefined ? '' : String(id)
  }
}

/** A global parameter as text, and what is in it when it is an address. */
export const configSelect: Resolver = (rest) => {
  const [group, name] = rest
  if (typeof group !== 'string' || typeof name !== 'string') return unknownSelect(rest)
  const read = (context: RouteContext): string | null => {
    const value = settingValue(context, group, name)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }
  const uri = uriSelect(read)
  return branches(
    {
      nameaddr: looseAddressSelect((context) => looseAddress(read(context))),
      uri: (behind) => (behind.length === 0 ? unknownSelect(behind) : uri(behind)),
      params: textParam(read),
    },
    read,
  )(rest.slice(2))
}
