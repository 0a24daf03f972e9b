import { RpcFault, RpcStruct, type RpcDef, type RpcValue } from '../../define/define.ts'
import type { Counter } from '../../base/statistics.ts'
import type { Kex } from './state.ts'

/** `all`, `group:` or a counter's name. */
function select(state: Kex, what: string): readonly Counter[] {
  const all = state.host.statistics.all()
  if (what === 'all') return all
  if (what.endsWith(':')) return all.filter((counter) => counter.group === what.slice(0, -1))
  const name = what.includes('.') ? what.slice(what.indexOf('.') + 1) : what
  return all.filter((counter) => counter.name === name)
}

function each(
  state: Kex,
  params: readonly (string | number)[],
  show: (counter: Counter) => RpcValue,
): readonly RpcValue[] | RpcFault {
  if (params.length === 0) return new RpcFault(400, 'Please provide which statistics to retrieve')
  const found = params.flatMap((param) => select(state, String(param)))
  return found.length === 0 ? new RpcFault(500, 'Statistic not found') : found.map(show)
}

const asStruct = (state: Kex, params: readonly (string | number)[], show: (counter: Counter) => RpcValue) => {
  const answer = new RpcStruct()
  for (const counter of params.flatMap((param) => select(state, String(param)))) {
    answer.add(`${counter.group}.${counter.name}`, show(counter))
  }
  return [answer]
}

const memoryFigures = (): RpcStruct => {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  return new RpcStruct()
    .add('pid', process.pid)
    .add('used', heapUsed)
    .add('total', heapTotal)
    .add('real_used', rss)
    .add('external', external)
}

export const kexRpc: Readonly<Record<string, RpcDef<Kex>>> = {
  'stats.get_statistics': {
    summary: 'Statistics as `group:name = value`: all, a group (`core:`) or one by name.',
    returnsArray: true,
    run: (state, params) => each(state, params, (counter) => `${counter.group}:${counter.name} = ${counter.value}`),
  },
  'stats.fetch': {
    summary: 'Statistics by name, as texts.',
    run: (state, params) => asStruct(state, params, (counter) => String(counter.value)),
  },
  'stats.fetchn': {
    summary: 'Statistics by name, as numbers.',
    run: (state, params) => asStruct(state, params, (counter) => counter.value),
  },
  'stats.reset_statistics': {
    summary: 'Sets statistics to 0.',
    run: (state, params) => {
      for (const counter of params.flatMap((param) => select(state, String(param)))) counter.reset()
      return []
    },
  },
  'stats.clear_statistics': {
    summary: 'Sets statistics to 0 and tells what they were.',
    run: (state, params) =>
      each(state, params, (counter) => {
        const before = counter.value
        counter.reset()
        return `${counter.group}:${counter.name} = ${counter.value} (${before})`
      }),
  },
  'pkg.stats': { summary: 'Memory of the process.', returnsArray: true, run: () => [memoryFigures()] },
  'pkg.info': { summary: 'How memory is managed.', run: () => [new RpcStruct().add('name', 'v8')] },
  'mod.stats': {
    summary: 'Memory of the process; modules have no pools of their own here.',
    returnsArray: true,
    run: () => [memoryFigures()],
  },
  'mod.mem_stats': { summary: 'The same as mod.stats.', returnsArray: true, run: () => [memoryFigures()] },
  'mod.mem_statsx': { summary: 'The same as mod.stats.', returnsArray: true, run: () => [memoryFigures()] },
}
