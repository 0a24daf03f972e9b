import { arg, defineModule, fn, param } from '../../define/define.ts'
import { dispatch, isScrape } from './report.ts'
import { promRpc } from './rpc.ts'
import { setUp, type State } from './state.ts'

const name = arg.str('name', 'Name of the metric.')
const labels = [
  arg.optional(arg.str('l0', 'Value of the first label.')),
  arg.optional(arg.str('l1', 'Value of the second label.')),
  arg.optional(arg.str('l2', 'Value of the third label.')),
] as const
const number = arg.str('number', 'Number, with decimals if wanted.')

type Labels = readonly (string | undefined)[]

const given = (values: Labels): readonly string[] => values.filter((value) => value !== undefined)
const NO_NUMBER = 'an empty text is no number'
/** As C reads it: a text that begins with no number is 0. */
const parse = (text: string): number => Number.parseFloat(text) || 0

function settle({ host }: State, problem: string | undefined): number {
  if (problem === undefined) return 1
  host.log.error('xhttp_prom', problem)
  return -1
}

export default defineModule({
  name: 'xhttp_prom',
  summary: 'Tells Prometheus about statistics and metrics of the script.',
  area: 'operations',
  params: {
    xhttp_prom_buf_size: param.int(0, 'Bytes that an answer may have; 0 for 2.7 MB.'),
    xhttp_prom_timeout: param.int(60, 'Minutes after which a value that is not changed is forgotten; 0 for never.'),
    xhttp_prom_stats: param.str('', 'Statistics of the server to show: `all`, a group (`sl:`), or one by name.'),
    xhttp_prom_beginning: param.str('kamailio_', 'What the names of all metrics begin with.'),
    prom_counter: param.list('A counter: `name=x; label=a:b`.'),
    prom_gauge: param.list('A gauge: `name=x; label=a:b`.'),
    prom_histogram: param.list('A histogram: `name=x; label=a:b; buckets=1:2.5`.'),
  },
  setup: (host, params) => setUp(host, params),
  functions: {
    prom_dispatch: fn({
      summary: 'Answers the HTTP request with all metrics, and ends the route.',
      routes: ['request'],
      args: [],
      run: (context, state: State) => dispatch(context, state),
    }),
    prom_check_uri: fn({
      summary: 'Whether the URL is `/metrics`.',
      routes: ['request'],
      args: [],
      run: (context, state: State) => (isScrape(context, state) ? 1 : -1),
    }),
    prom_counter_reset: fn({
      summary: 'Sets a counter to 0.',
      routes: 'any',
      args: [name, ...labels],
      run: (_context, state: State, metric, ...values) =>
        settle(state, state.metrics.set('counter', metric, given(values), 0, state.host.clock.now())),
    }),
    prom_gauge_reset: fn({
      summary: 'Sets a gauge to 0.',
      routes: 'any',
      args: [name, ...labels],
      run: (_context, state: State, metric, ...values) =>
        settle(state, state.metrics.set('gauge', metric, given(values), 0, state.host.clock.now())),
    }),
    prom_counter_inc: fn({
      summary: 'Adds to a counter.',
      routes: 'any',
      args: [name, arg.int('number', 'How much; not below 0.'), ...labels],
      run: (_context, state: State, metric, by, ...values) =>
        settle(state, by < 0
          ? `a counter does not go down: ${by}`
          : state.metrics.add('counter', metric, given(values), by, state.host.clock.now())),
    }),
    prom_gauge_set: fn({
      summary: 'Sets a gauge.',
      routes: 'any',
      args: [name, number, ...labels],
      run: (_context, state: State, metric, text, ...values) =>
        settle(state, text === '' ? NO_NUMBER : state.metrics.set('gauge', metric, given(values), parse(text), state.host.clock.now())),
    }),
    prom_histogram_observe: fn({
      summary: 'Adds an observation to a histogram.',
      routes: 'any',
      args: [name, number, ...labels],
      run: (_context, state: State, metric, text, ...values) =>
        settle(state, text === '' ? NO_NUMBER : state.metrics.observe(metric, given(values), parse(text), state.host.clock.now())),
    }),
  },
  rpc: promRpc,
})
