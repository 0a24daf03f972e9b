import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { algorithmOf } from '../ratelimit/api.ts'
import { shownPipes, type NamedPipe, type PipeLimit } from './pipes.ts'

function refuse({ host }: PipeLimit, logged: string, reason: string): RpcFault {
  host.log.error('pipelimit', logged)
  return new RpcFault(400, reason)
}

const shown = (pipe: NamedPipe): RpcStruct => new RpcStruct()
  .add('name', pipe.name).add('algorithm', pipe.algorithm).add('limit', pipe.limit).add('counter', pipe.counter)
  .add('last_counter', pipe.lastCounter).add('unused_intervals', pipe.unusedIntervals)

function list(state: PipeLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const name = call.count === 0 ? undefined : call.anyText(0)
  if (name === undefined) return shownPipes(state).map(shown)
  const pipe = state.pipes.get(name)
  return pipe === undefined ? new RpcFault(400, `Unknown pipe id ${name}`) : [shown(pipe)]
}

function setPipe(state: PipeLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const name = call.text(0)
  const algorithmName = name === undefined ? undefined : call.text(1)
  const limit = algorithmName === undefined ? undefined : call.int(2)
  if (name === undefined || algorithmName === undefined || limit === undefined) return call.failed
  const algorithm = algorithmOf(algorithmName)
  if (algorithm === undefined) return refuse(state, `unknown algorithm: '${algorithmName}'`, 'Unknown algorithm')
  const pipe = state.pipes.get(name)
  if (pipe === undefined) return refuse(state, `no pipe: ${name}`, `Unknown pipe id ${name}`)
  pipe.algorithm = algorithm
  pipe.limit = limit
  if (algorithm === 'FEEDBACK') state.feedback.setPoint = limit / 100
  return []
}

function setPid(state: PipeLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const ki = call.double(0)
  const kp = ki === undefined ? undefined : call.double(1)
  const kd = kp === undefined ? undefined : call.double(2)
  if (ki === undefined || kp === undefined || kd === undefined) return call.failed
  Object.assign(state.feedback, { ki, kp, kd })
  return []
}

function pushLoad(state: PipeLimit, _params: unknown, call: RpcCall): RpcAnswer {
  const load = call.double(0)
  if (load === undefined) return call.failed
  if (load < 0 || load > 1) return refuse(state, `value out of range: ${load.toFixed(3)} in not in [0.0,1.0]`, 'Value out of range')
  state.isPushed = true
  state.feedback.update(load)
  return []
}

export const pipelimitRpc: Readonly<Record<string, RpcDef<PipeLimit>>> = {
  'pl.stats': {
    summary: 'Requests of the last interval in all pipes.',
    returnsArray: true,
    run: (state) => shownPipes(state).map(({ name, load, lastCounter }) => `PIPE: id=${name} load=${load} counter=${lastCounter}`),
  },
  'pl.get_pipes': {
    summary: 'All pipes with algorithm, limit and requests of this interval.',
    returnsArray: true,
    run: (state) => shownPipes(state).map(({ name, algorithm, limit, counter }) =>
      `PIPE: id=${name} algorithm=${algorithm} limit=${limit} counter=${counter}`),
  },
  'pl.list': { summary: 'All pipes, or one by its name.', returnsArray: true, run: list },
  'pl.set_pipe': { summary: 'Changes a pipe: name, algorithm, limit.', run: setPipe },
  'pl.get_pid': {
    summary: 'The factors of the feedback: integral, proportional, derivative.',
    run: ({ feedback: { ki, kp, kd } }) => [`ki[${ki.toFixed(6)}] kp[${kp.toFixed(6)}] kd[${kd.toFixed(6)}] `],
  },
  'pl.set_pid': { summary: 'Changes these factors: integral, proportional, derivative.', run: setPid },
  'pl.push_load': { summary: 'Tells the feedback the load, 0.0 to 1.0, in place of the processors\'.', run: pushLoad },
}
