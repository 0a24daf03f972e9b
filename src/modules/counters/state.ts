import type { Counter } from '../../base/statistics.ts'
import { SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { parseDeclaration, type CounterName } from './script-counter.ts'

interface Params {
  readonly script_counter: readonly (string | number)[]
  readonly script_cnt_grp_name: string
}

export interface Counters {
  readonly host: Host
  /** What the script's own counters are for, by `group.name`. */
  readonly summaries: ReadonlyMap<string, string>
  /** A declared counter of the script. */
  find(name: CounterName): Counter | undefined
}

export function setUp(host: Host, params: Params): Counters | SetupError {
  const summaries = new Map<string, string>()
  const own = new Map<string, Counter>()
  for (const text of params.script_counter) {
    const declared = parseDeclaration(String(text))
    if (declared === undefined) return new SetupError(`script_counter: "${text}" has no name`)
    const group = declared.group ?? params.script_cnt_grp_name
    const key = `${group}.${declared.name}`
    summaries.set(key, declared.summary)
    own.set(key, host.statistics.counter(group, declared.name))
  }
  const keyOf = ({ group, name }: CounterName): string => `${group ?? params.script_cnt_grp_name}.${name}`
  return { host, summaries, find: (name) => own.get(keyOf(name)) }
}
