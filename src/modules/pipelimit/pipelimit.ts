import { arg, defineModule, fn, form, SetupError, type FunctionDef } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { every } from '../../runtime/timer-process.ts'
import { push } from '../ratelimit/api.ts'
import { slApi } from '../sl/api.ts'
import { addPipe, loadPipes, PER_INTERVAL, pipelimitParams, setUp, turnPipes, type NamedPipe, type PipeLimit } from './pipes.ts'
import { pipelimitRpc } from './rpc.ts'

const RESULTS: FunctionDef['returns'] = {
  2: 'the pipe has no algorithm', 1: 'it may pass', [-1]: 'it is too much', [-2]: 'there is no such pipe',
}
const DROP_ROUTES: readonly RouteName[] = ['request', 'branch', 'failure', 'onsend']
const NO_PIPE = -2
const name = arg.str('name', 'Name of the pipe.')
const seconds = (which: string) => arg.int(which, 'Seconds, for Retry-After.')

function check(state: PipeLimit, pipe: NamedPipe): number {
  const { host, feedback } = state
  const result = push(pipe, PER_INTERVAL, feedback.dropRate)
  if (pipe.algorithm !== 'NOP') return result
  host.log.error('pipelimit', `no algorithm defined for pipe ${pipe.name}`)
  return 2
}

/** pl_drop(): answers with the module's status; with Retry-After of `low` to `high` seconds. */
function drop(state: PipeLimit, context: RouteContext, low: number, high: number): number {
  const { host, params } = state
  if (high > 0) {
    const delay = low < high ? low + host.random.integer(high - low + 1) : low
    context.message.addReplyHeader(`Retry-After: ${delay}\r\n`)
  }
  return host.api(slApi)?.replyInTransaction(context, params.reply_code, params.reply_reason) ?? -1
}

export default defineModule({
  name: 'pipelimit',
  summary: 'Lets so many requests pass, by pipes with names: one for each customer, for example.',
  area: 'security',
  params: pipelimitParams,
  setup: setUp,
  async start(state, host) {
    if (host.api(slApi) === undefined) return new SetupError('cannot bind to SL API: loadmodule "sl.so"')
    const problem = await loadPipes(state)
    if (problem !== undefined) return new SetupError(problem)
    state.processors.read()
    state.stop = every(host.clock, state.intervalSeconds * 1000, () => turnPipes(state))
    return undefined
  },
  stop: (state) => state.stop(),
  functions: {
    pl_check: {
      summary: 'Counts the request; false when it is too much. With algorithm and limit the pipe is made when it is not there.',
      returns: RESULTS,
      forms: [
        form({
          routes: 'any',
          args: [name],
          run: (_context, state: PipeLimit, id) => {
            const pipe = state.pipes.get(id)
            if (pipe !== undefined) return check(state, pipe)
            state.host.log.error('pipelimit', `pipe not found [${id}]`)
            return NO_PIPE
          },
        }),
        form({
          routes: 'any',
          kemi: 'pl_check_limit',
          args: [name, arg.str('algorithm', 'TAILDROP, RED, FEEDBACK or NETWORK.'), arg.int('limit', 'Its limit.')],
          run: (_context, state: PipeLimit, id, algorithm, limit) => {
            const pipe = state.pipes.get(id) ?? addPipe(state, id, algorithm, limit)
            return pipe === undefined ? NO_PIPE : check(state, pipe)
          },
        }),
      ],
    },
    pl_active: fn({
      summary: 'Tells whether there is a pipe of that name.',
      routes: 'any',
      args: [name],
      run: (_context, state: PipeLimit, id) => {
        if (state.pipes.has(id)) return 1
        state.host.log.error('pipelimit', `pipe does not exist [${id}]`)
        return -1
      },
    }),
    pl_drop: {
      summary: 'Answers the request with the module\'s status, with or without Retry-After.',
      forms: [
        form({ routes: DROP_ROUTES, args: [], run: (context, state: PipeLimit) => drop(state, context, 0, 0) }),
        form({
          routes: DROP_ROUTES,
          kemi: 'pl_drop_retry',
          args: [seconds('retry_after')],
          run: (context, state: PipeLimit, after) => drop(state, context, after, after),
        }),
        form({
          routes: DROP_ROUTES,
          kemi: 'pl_drop_range',
          args: [seconds('low'), seconds('high')],
          run: (context, state: PipeLimit, low, high) => drop(state, context, low, high),
        }),
      ],
    },
  },
  rpc: pipelimitRpc,
})
