import { arg, defineModule, fn, form, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { every } from '../../runtime/timer-process.ts'
import { push } from './pipe.ts'
import { ratelimitRpc } from './rpc.ts'
import { ratelimitParams, setUp, turnPipes, type RateLimit } from './state.ts'

const RESULTS: FunctionDef['returns'] = { 1: 'it may pass', [-1]: 'it is too much, or there is no such pipe' }

/** Through a pipe by its number; below 0 through the one that the method's queue names. */
function check(state: RateLimit, context: RouteContext, forced: number): number {
  const { host, pipes, queues, intervalSeconds, feedback } = state
  if (forced >= 0 && (pipes[forced]?.algorithm ?? 'NOP') === 'NOP') {
    host.log.error('ratelimit', `forced pipe ${forced} out of range or not defined`)
    return -1
  }
  const method = context.message.method
  const number = forced >= 0 ? forced : queues.find((queue) => queue.method === '*' || queue.method === method)?.pipe
  const pipe = number === undefined ? undefined : pipes[number]
  if (pipe === undefined) return -1
  if (pipe.algorithm === 'NOP') host.log.error('ratelimit', `no algorithm defined for pipe ${number}`)
  return push(pipe, intervalSeconds, feedback.dropRate)
}

const pipeNumber = arg.int('pipe_no', 'Number of the pipe.')

export default defineModule({
  name: 'ratelimit',
  summary: 'Lets so many requests a second pass, by method.',
  area: 'security',
  params: ratelimitParams,
  setup: setUp,
  start(state, host) {
    state.processors.read()
    state.stop = every(host.clock, state.intervalSeconds * 1000, () => turnPipes(state))
  },
  stop: (state) => state.stop(),
  functions: {
    rl_check: {
      summary: 'Counts the request; false when it is too much for the pipe of its method, or for the given one.',
      returns: RESULTS,
      forms: [
        form({ routes: 'any', args: [], run: (context, state: RateLimit) => check(state, context, -1) }),
        form({
          routes: ['request', 'local'],
          args: [pipeNumber],
          run: (context, state: RateLimit, number) => check(state, context, number),
        }),
      ],
    },
    rl_check_pipe: fn({
      summary: 'Counts the request; false when it is too much for a pipe.',
      returns: RESULTS,
      routes: 'any',
      args: [pipeNumber],
      run: (context, state: RateLimit, number) => check(state, context, number),
    }),
  },
  rpc: ratelimitRpc,
})
