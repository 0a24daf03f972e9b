import type { Counter } from '../../base/statistics.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import type { Counters } from './state.ts'

const byName = (one: Counter, two: Counter): number => (one.name < two.name ? -1 : one.name > two.name ? 1 : 0)

const inGroup = ({ host }: Counters, group: string): readonly Counter[] =>
  host.statistics.all().filter((counter) => counter.group === group).sort(byName)

const groups = ({ host }: Counters): readonly string[] =>
  [...new Set(host.statistics.all().map(({ group }) => group))].sort()

/** Runs `answer` on the counter that the first two arguments name. */
function onCounter(state: Counters, call: RpcCall, answer: (counter: Counter) => RpcAnswer): RpcAnswer {
  const group = call.text(0)
  const name = group === undefined ? undefined : call.text(1)
  if (group === undefined || name === undefined) return call.failed
  const counter = inGroup(state, group).find((each) => each.name === name)
  return counter === undefined ? new RpcFault(400, `non-existent counter ${group}.${name}\n`) : answer(counter)
}

function allOf(state: Counters, group: string): RpcAnswer {
  const struct = new RpcStruct()
  for (const { name, value } of inGroup(state, group)) struct.add(name, value)
  return [struct]
}

const groupList: RpcDef<Counters> = { summary: 'The groups of counters.', returnsArray: true, run: groups }

const nameList: RpcDef<Counters> = {
  summary: 'The names of the counters of a group.',
  returnsArray: true,
  run: (state, _params, call) => {
    const group = call.text(0)
    return group === undefined ? call.failed : inGroup(state, group).map(({ name }) => name)
  },
}

const valueList: RpcDef<Counters> = {
  summary: 'The counters of a group with their values.',
  run: (state, _params, call) => {
    const group = call.text(0)
    return group === undefined ? call.failed : allOf(state, group)
  },
}

export const countersRpc: Readonly<Record<string, RpcDef<Counters>>> = {
  'cnt.get': {
    summary: 'The value of a counter, or all of a group: group and name.',
    run: (state, _params, call) => {
      const group = call.count === 1 ? call.text(0) : undefined
      return group === undefined ? onCounter(state, call, ({ value }) => [value]) : allOf(state, group)
    },
  },
  'cnt.get_raw': {
    summary: 'What was counted itself, where a counter shows a figure kept elsewhere: group and name.',
    run: (state, _params, call) => onCounter(state, call, ({ counted }) => [counted]),
  },
  'cnt.reset': {
    summary: 'Sets a counter to 0: group and name.',
    run: (state, _params, call) => onCounter(state, call, (counter) => {
      counter.reset()
      return []
    }),
  },
  'cnt.list_groups': groupList,
  'cnt.grps_list': groupList,
  'cnt.list_vars': nameList,
  'cnt.var_list': nameList,
  'cnt.get_vars': valueList,
  'cnt.grp_get_all': valueList,
  'cnt.help': {
    summary: 'What a counter is for: group and name.',
    run: (state, _params, call) => onCounter(state, call, ({ group, name }) =>
      [state.summaries.get(`${group}.${name}`) ?? 'kamailio statistic (no description)']),
  },
}
