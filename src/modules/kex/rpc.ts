import { RpcFault, RpcStruct, type RpcAnswer, type RpcDef, type RpcValue } from '../../define/define.ts'
import type { Counter } from '../../base/statistics.ts'
import type { Kex } from './state.ts'

type Params = readonly (string | number)[]

const text = (counter: Counter): string => `${counter.group}.${counter.name}`

function sorted(counters: readonly Counter[]): readonly Counter[] {
  return [...counters].sort((one, two) => (text(one) < text(two) ? -1 : 1))
}

/** `all`, `group:` or a counter's name. */
function select(state: Kex, what: string): readonly Counter[] {
  const all = state.host.statistics.all()
  if (what === 'all') return sorted(all)
  if (what.endsWith(':')) return sorted(all.filter((counter) => counter.group === what.slice(0, -1)))
  return all.filter((counter) => counter.name === what).slice(0, 1)
}

/** The same, or `group.name`. */
function selectNamed(state: Kex, what: string): readonly Counter[] {
  const found = select(state, what)
  return found.length > 0 ? found : state.host.statistics.all().filter((counter) => text(counter) === what)
}

const noWhich = new RpcFault(400, 'Please provide which stats to retrieve')
const noName = new RpcFault(400, 'Please provide stats name')

const line = (counter: Counter): string => `${counter.group}:${counter.name} = ${counter.value}`

function asStruct(state: Kex, params: Params, show: (counter: Counter) => RpcValue): RpcAnswer {
  if (params.length === 0) return noWhich
  const answer = new RpcStruct()
  for (const counter of params.flatMap((param) => selectNamed(state, String(param)))) answer.add(text(counter), show(counter))
  return [answer]
}

function reset(state: Kex, params: Params): RpcAnswer {
  if (params.length === 0) return noName
  for (const counter of params.flatMap((param) => select(state, String(param)))) counter.reset()
  return []
}

function clear(state: Kex, params: Params): RpcAnswer {
  if (params.length === 0) return noName
  return params.flatMap((param) => select(state, String(param))).map((counter) => {
    const before = counter.value
    counter.reset()
    return before === counter.value ? line(counter) : `${line(counter)} (${before})`
  })
}

const memoryFigures = ({ host }: Kex): RpcStruct => {
  const { rss, heapUsed, heapTotal, external } = host.process.memory()
  return new RpcStruct()
    .add('pid', host.identity.pid)
    .add('used', heapUsed)
    .add('total', heapTotal)
    .add('real_used', rss)
    .add('external', external)
}

export const kexRpc: Readonly<Record<string, RpcDef<Kex>>> = {
  'stats.get_statistics': {
    summary: 'Statistics as `group:name = value`: all, a group (`core:`) or one by name.',
    returnsArray: true,
    run: (state, params) => (params.length === 0 ? noWhich : params.flatMap((param) => select(state, String(param))).map(line)),
  },
  'stats.fetch': {
    summary: 'Statistics by name, as texts.',
    run: (state, params) => asStruct(state, params, (counter) => String(counter.value)),
  },
  'stats.fetchn': {
    summary: 'Statistics by name, as numbers.',
    run: (state, params) => asStruct(state, params, (counter) => counter.value),
  },
  'stats.reset_statistics': { summary: 'Sets statistics to 0.', run: reset },
  'stats.clear_statistics': { summary: 'Sets statistics to 0 and tells what they were.', run: clear },
  'pkg.stats': { summary: 'Memory of the process.', returnsArray: true, run: (state) => [memoryFigures(state)] },
  'pkg.info': { summary: 'How memory is managed.', run: () => [new RpcStruct().add('name', 'v8')] },
  'mod.stats': {
    summary: 'Memory of the process; modules have no pools of their own here.',
    returnsArray: true,
    run: (state) => [memoryFigures(state)],
  },
  'mod.mem_stats': { summary: 'The same as mod.stats.', returnsArray: true, run: (state) => [memoryFigures(state)] },
  'mod.mem_statsx': { summary: 'The same as mod.stats.', returnsArray: true, run: (state) => [memoryFigures(state)] },
}
