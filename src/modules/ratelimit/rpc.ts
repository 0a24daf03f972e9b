import { RpcFault, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { algorithmOf, ALGORITHMS } from './pipe.ts'
import type { RateLimit } from './state.ts'

function refuse({ host }: RateLimit, logged: string, reason: string): RpcFault {
  host.log.error('ratelimit', logged)
  return new RpcFault(400, reason)
}

function setPipe(state: RateLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const number = call.int(0)
  const name = number === undefined ? undefined : call.text(1)
  const limit = name === undefined ? undefined : call.int(2)
  if (number === undefined || name === undefined || limit === undefined) return call.failed
  const algorithm = algorithmOf(name)
  if (algorithm === undefined) return refuse(state, `unknown algorithm: '${name}'`, 'Unknown algorithm')
  const pipe = state.pipes[number]
  if (pipe === undefined) return refuse(state, `wrong pipe_no: ${number}`, 'Unknown pipe')
  pipe.algorithm = algorithm
  pipe.limit = limit
  return []
}

function setQueue(state: RateLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const number = call.int(0)
  const method = number === undefined ? undefined : call.text(1)
  const pipe = method === undefined ? undefined : call.int(2)
  if (number === undefined || method === undefined || pipe === undefined) return call.failed
  if (state.pipes[pipe] === undefined) return refuse(state, `Invalid pipe number: ${pipe}`, 'Invalid pipe number')
  const queue = state.queues[number]
  if (queue === undefined) return refuse(state, `MAX_QUEUES reached for queue: ${number}`, 'MAX_QUEUES reached')
  queue.method = method
  queue.pipe = pipe
  return []
}

function setPid(state: RateLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const ki = call.double(0)
  const kp = ki === undefined ? undefined : call.double(1)
  const kd = kp === undefined ? undefined : call.double(2)
  if (ki === undefined || kp === undefined || kd === undefined) return call.failed
  Object.assign(state.feedback, { ki, kp, kd })
  return []
}

function pushLoad(state: RateLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const load = call.double(0)
  if (load === undefined) return call.failed
  if (load < 0 || load > 1) return refuse(state, `value out of range: ${load.toFixed(3)} in not in [0.0,1.0]`, 'Value out of range')
  state.isPushed = true
  state.feedback.update(load)
  return []
}

function setDebug(state: RateLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const value = call.int(0)
  if (value === undefined) return call.failed
  state.isTold = value !== 0
  return []
}

export const ratelimitRpc: Readonly<Record<string, RpcDef<RateLimit>>> = {
  'rl.stats': {
    summary: 'Requests of the last interval in all pipes.',
    run: ({ pipes }) =>
      pipes.map(({ lastCounter, limit, load }, number) => `PIPE[${number}]: ${lastCounter}/${limit} (drop rate: ${load})`),
  },
  'rl.get_pipes': {
    summary: 'The pipes in use: algorithm, requests of the last interval, limit, requests of this interval.',
    run: ({ pipes }) => pipes.flatMap(({ algorithm, lastCounter, limit, load, counter }, number) => (algorithm === 'NOP'
      ? []
      : [`PIPE[${number}]: ${ALGORITHMS.indexOf(algorithm)}:${algorithm} ${lastCounter}/${limit} (drop rate: ${load}) [${counter}]`])),
  },
  'rl.set_pipe': { summary: 'Changes a pipe: number, algorithm, limit.', run: setPipe },
  'rl.get_queues': {
    summary: 'Which methods go through which pipes.',
    run: ({ queues }) => queues.map(({ pipe, method }, number) => `QUEUE[${number}]: ${pipe}:${method}`),
  },
  'rl.set_queue': { summary: 'Changes a queue: number, method, pipe.', run: setQueue },
  'rl.get_pid': {
    summary: 'The factors of the feedback: integral, proportional, derivative.',
    run: ({ feedback: { ki, kp, kd } }) => [`ki[${ki.toFixed(6)}] kp[${kp.toFixed(6)}] kd[${kd.toFixed(6)}] `],
  },
  'rl.set_pid': { summary: 'Changes these factors: integral, proportional, derivative.', run: setPid },
  'rl.push_load': { summary: 'Tells the feedback the load, 0.0 to 1.0, in place of the processors\'.', run: pushLoad },
  'rl.set_dbg': { summary: '1 logs the counters of each interval, 0 does not.', run: setDebug },
}
