import { arg, defineModule, fn, param } from '../../define/define.ts'
import type { Counter } from '../../base/statistics.ts'
import { countersRpc } from './rpc.ts'
import { prepareCounter } from './script-counter.ts'
import { setUp, type Counters } from './state.ts'

const counter = arg.custom('counter', 'The counter, with or without its group.', prepareCounter)
const routes = ['request', 'onreply', 'failure', 'onsend'] as const

const counting = (summary: string, change: (found: Counter) => void) =>
  fn({
    summary,
    routes,
    args: [counter],
    run: (_context, state: Counters, name) => {
      const found = state.find(name)
      if (found === undefined) return -1
      change(found)
      return 1
    },
  })

export default defineModule({
  name: 'counters',
  summary: "Counters of the script's own, and commands that show all counters.",
  area: 'operations',
  params: {
    script_counter: param.list('A counter that scripts count with: `[group.]name`, and behind a blank or colon what it is for.'),
    script_cnt_grp_name: param.str('script', 'Group of counters that name none.'),
  },
  setup: (host, params) => setUp(host, params),
  functions: {
    cnt_inc: counting('Adds 1 to a counter.', (found) => found.increment()),
    cnt_reset: counting('Sets a counter to 0.', (found) => found.reset()),
    cnt_add: fn({
      summary: 'Adds a number to a counter.',
      routes,
      args: [counter, arg.int('number', 'How much.')],
      run: (_context, state: Counters, name, number) => {
        const found = state.find(name)
        if (found === undefined) return -1
        found.increment(number)
        return 1
      },
    }),
  },
  rpc: countersRpc,
})
