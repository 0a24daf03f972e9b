import { arg, defineModule, fn, param } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { isBelow, processMaxForwards } from './max-forwards.ts'

interface State {
  readonly host: Host
  readonly params: { readonly max_limit: number }
}

export default defineModule({
  name: 'maxfwd',
  summary: 'Checks and lowers Max-Forwards, so that loops end.',
  area: 'routing',
  params: {
    max_limit: param.int(70, 'The most that is passed on, whatever the request says.', { min: 0, max: 255, reloadable: true }),
  },
  setup: (host, params): State => ({ host, params }),
  functions: {
    mf_process_maxfwd_header: fn({
      summary: 'Lowers Max-Forwards by one, or adds it with this value when the request has none.',
      returns: { 2: 'added', 1: 'lowered', [-1]: 'it was 0 already', [-2]: 'it is no number' },
      aliases: ['maxfwd_process', 'process_maxfwd'],
      kemi: 'process_maxfwd',
      routes: ['request'],
      args: [arg.int('max', 'Value of a header that is added.')],
      run: (context, { host, params }: State, max) => processMaxForwards(host, context.message, max, params.max_limit),
    }),
    is_maxfwd_lt: fn({
      summary: 'Tells whether Max-Forwards is below this value.',
      returns: { 1: 'below', [-1]: 'not below', [-2]: 'absent', [-3]: 'no number' },
      aliases: ['maxfwd_at_least', 'mf_lowlimit'],
      routes: ['request', 'failure', 'branch'],
      args: [arg.int('limit', 'The value to compare with.')],
      run: (context, { host }: State, limit) => isBelow(host, context.message, limit),
    }),
  },
})
