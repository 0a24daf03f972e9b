/** dbg_pv_dump(): what the script's variables hold, as JSON in the log. */
import type { LogLevel } from '../../base/log.ts'
import { coreHash } from '../../base/core-hash.ts'
import type { PvValue, VariableHandle } from '../../define/define.ts'
import { parseAvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { XavpTree } from '../../runtime/xavp.ts'
import type { Debugger } from './state.ts'

/** Bits of the mask. */
const Dump = { empty: 1, avps: 2, scriptVariables: 4, xavps: 8, others: 16 } as const
export const DUMP_ALL = 31

const SCRIPT_VARIABLES: ReadonlySet<string> = new Set(['var', 'vz', 'vn'])
/** Kamailio shows no variables of certain kinds. */
const NEVER_SHOWN: ReadonlySet<string> = new Set([
  'branch', 'sbranch', 'bf', 'bF', 'Bf', 'bR', 'ds', 'Tf', 'Ts', 'time', 'timef', 'utime', 'utimef', 'xavu', 'xavi', 'avp', 'hdr', 'hfl',
  'hdrc', 'hflc', 'br', 'du', 'duri', 'fu', 'from', 'ou', 'ouri', 'rb', 'rd', 'ruri.domain', 'ru', 'ruri', 'rU', 'ruri.user', 'rUl', 'tu',
  'to', 'null',
])
const BUCKETS = 512
const PLAIN_AVP = /^\$\(?avp\(([^)]*)\)\)?$/
const XAVP = /^\$\(?xavp\(([^)[=]*)/

export function dumpVariables(state: Debugger, context: RouteContext, mask: number, level: LogLevel): void {
  const members = new Map<string, string>()
  for (const handle of inKamailiosOrder([...state.variables.values()])) {
    const { text } = handle
    const [avp, xavp] = [PLAIN_AVP.exec(text), XAVP.exec(text)]
    if (avp !== null) addAvp(members, context, avp[1] ?? '', mask)
    else if (xavp !== null) addXavp(members, context, xavp[1] ?? '', mask)
    else addPlain(members, handle, context, mask)
  }
  const json = [...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')
  state.host.log.write({ level, origin: 'debugger: ', text: `{${json}}` })
}

/** Kamailio's table of them: by a hash of the text, those found last first. */
function inKamailiosOrder(handles: readonly VariableHandle[]): readonly VariableHandle[] {
  const bucketOf = new Map(handles.map((handle) => [handle, coreHash(handle.text, '', 0) % BUCKETS]))
  return [...handles].reverse().sort((one, two) => (bucketOf.get(one) ?? 0) - (bucketOf.get(two) ?? 0))
}

const jsonOf = (value: PvValue | bigint): string => (typeof value === 'bigint' ? String(value) : JSON.stringify(value))

function addPlain(members: Map<string, string>, { text, get }: VariableHandle, context: RouteContext, mask: number): void {
  const name = /^\$\(?([^([)]*)/.exec(text)?.[1] ?? ''
  if (NEVER_SHOWN.has(name) || (mask & (SCRIPT_VARIABLES.has(name) ? Dump.scriptVariables : Dump.others)) === 0) return
  const value = get(context)
  if (value !== null || (mask & Dump.empty) !== 0) members.set(text, jsonOf(value))
}

function addAvp(members: Map<string, string>, { avps }: RouteContext, inner: string, mask: number): void {
  const name = parseAvpName(inner)
  if ((mask & Dump.avps) === 0 || typeof name === 'string') return
  const values: string[] = []
  for (let avp = avps.first(name); avp !== undefined; avp = avps.next(avp, name)) values.push(jsonOf(avp.value))
  if (values.length > 0 || (mask & Dump.empty) !== 0) members.set(`$avp(${name.name})`, `[${values.join(',')}]`)
}

function addXavp(members: Map<string, string>, { xavps }: RouteContext, name: string, mask: number): void {
  if ((mask & Dump.xavps) === 0 || members.has(`$xavp(${name})`)) return
  const entries: string[] = []
  for (let entry = xavps.xavp.get(name); entry !== undefined; entry = xavps.xavp.next(entry)) {
    if (entry.value instanceof XavpTree) entries.push(fieldsOf(entry.value))
  }
  if (entries.length > 0 || (mask & Dump.empty) !== 0) members.set(`$xavp(${name})`, `[${entries.join(',')}]`)
}

function fieldsOf(tree: XavpTree): string {
  const fields = tree.names().map((name) => {
    const values: string[] = []
    for (let entry = tree.get(name); entry !== undefined; entry = tree.next(entry)) {
      const { value } = entry
      values.push(typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? jsonOf(value) : 'null')
    }
    return `${JSON.stringify(name)}:[${values.join(',')}]`
  })
  return `{${fields.join(',')}}`
}
