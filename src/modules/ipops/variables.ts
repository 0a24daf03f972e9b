/** `$dns(id=>addr[0])`, `$srvquery(id=>target[0])`, `$naptrquery(id=>services[0])`, `$HN(n)`. */
import { variableFamily, type PrepareEnv, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { intOf } from '../../runtime/variable-spec.ts'
import type { Ipops } from './state.ts'

type IndexOf = (context: RouteContext) => number

interface Key {
  readonly container: (context: RouteContext) => string
  readonly name: string
  /** Absent without brackets. */
  readonly index: IndexOf | undefined
}

function parseKey(inner: string, env: PrepareEnv): Key | string {
  const parts = /^(.*?)=>([a-z0-9]+)(?:\[([^\]]*)\])?$/.exec(inner)
  if (!parts) return `${inner} is not of the form id=>key or id=>key[index]`
  const [, id = '', name = '', index] = parts
  const container = containerOf(id.trim(), env)
  if (typeof container === 'string') return container
  if (index === undefined) return { container, name, index: undefined }
  const parsed = indexOf(index, env)
  return typeof parsed === 'string' ? parsed : { container, name, index: parsed }
}

function containerOf(id: string, env: PrepareEnv): Key['container'] | string {
  if (!id.includes('$')) return () => id
  const format = env.format(id)
  return typeof format === 'string' ? format : (context) => format.evaluate(context)
}

function indexOf(text: string, env: PrepareEnv): IndexOf | string {
  if (/^-?[0-9]+$/.test(text)) {
    const number = Number(text)
    return () => number
  }
  if (!text.startsWith('$')) return `invalid index [${text}]`
  const variable = env.variable(text)
  return typeof variable === 'string' ? variable : (context) => intOf(variable, context) ?? Number.NaN
}

interface Shape<T> {
  /** Keys that need an index. */
  readonly fields: Readonly<Record<string, (record: T) => PvValue>>
  /** Keys without one. */
  readonly totals: Readonly<Record<string, (records: readonly T[]) => PvValue>>
  /** What totals are of a container that was not filled. */
  readonly absent: PvValue
  readonly isIndexNeeded: boolean
}

function resultFamily<T>(
  summary: string,
  kept: (state: Ipops) => ReadonlyMap<string, readonly T[]>,
  { fields, totals, absent, isIndexNeeded }: Shape<T>,
): VariableDef<Ipops> {
  return variableFamily<Ipops>(summary, { inner: 'required' }, (inner = '', _index, env) => {
    const key = parseKey(inner, env)
    if (typeof key === 'string') return key
    const { container, index } = key
    const total = Object.hasOwn(totals, key.name) ? totals[key.name] : undefined
    if (total && index === undefined) {
      return {
        get(context, state) {
          const records = kept(state).get(container(context))
          return records ? total(records) : absent
        },
      }
    }
    const field = Object.hasOwn(fields, key.name) ? fields[key.name] : undefined
    if (!field || (index === undefined && isIndexNeeded)) return `unknown key in ${inner}`
    return {
      get(context, state) {
        const records = kept(state).get(container(context))
        const record = records?.at(index?.(context) ?? 0)
        return record === undefined ? null : field(record)
      },
    }
  })
}

const family = (address: string): number => (address.includes(':') ? 6 : 4)
const has = (wanted: number) => (addresses: readonly string[]): number => (addresses.some((one) => family(one) === wanted) ? 1 : 0)

export const ipopsVariables: Readonly<Record<string, VariableDef<Ipops>>> = {
  dns: resultFamily<string>('Results of dns_query(): count, ipv4, ipv6, addr[n], type[n].', (state) => state.queries.addresses.kept, {
    totals: { count: (addresses) => addresses.length, ipv4: has(4), ipv6: has(6) },
    fields: { addr: (address) => address, type: family },
    absent: null,
    isIndexNeeded: false,
  }),
  srvquery: resultFamily('Results of srv_query(): count, port[n], priority[n], target[n], weight[n].', (state) => state.queries.services.kept, {
    totals: { count: (records) => records.length },
    fields: {
      port: (record) => record.port,
      priority: (record) => record.priority,
      target: (record) => record.target,
      weight: (record) => record.weight,
    },
    absent: 0,
    isIndexNeeded: true,
  }),
  naptrquery: resultFamily(
    'Results of naptr_query(): count, order[n], pref[n], flags[n], services[n], regex[n], replace[n].',
    (state) => state.queries.pointers.kept,
    {
      totals: { count: (records) => records.length },
      fields: {
        order: (record) => record.order,
        pref: (record) => record.preference,
        flags: (record) => record.flags,
        services: (record) => record.services,
        regex: (record) => record.regexp,
        replace: (record) => record.replacement,
      },
      absent: 0,
      isIndexNeeded: true,
    },
  ),
  HN: variableFamily<Ipops>("This machine's name: n name, f full name, d domain, i address.", { inner: 'required' }, (inner) => {
    if (inner === 'n') return { get: (_context, { own }) => own.name }
    if (inner === 'f') return { get: (_context, { own }) => own.fullName }
    if (inner === 'd') return { get: (_context, { own }) => own.domain }
    if (inner === 'i') return { get: (_context, { own }) => own.address }
    return `$HN is n, f, d or i, not ${inner}`
  }),
}
