import { param, SetupError, type ParamValues } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { feedbackProblem, parsePipe, parseQueue, QUEUES_MAX, type Queue } from './definitions.ts'
import { Feedback } from './feedback.ts'
import { ProcessorLoad, waitingBytes } from './measure.ts'
import { newPipe, PIPES, turn, type Pipe } from './pipe.ts'

export const ratelimitParams = {
  timer_interval: param.int(10, 'Seconds of an interval: limits are per second.'),
  queue: param.list('`pipe:method`: which pipe requests of a method go through; `*` for all others.'),
  pipe: param.list('`number:algorithm:limit`: TAILDROP or RED (requests a second), FEEDBACK (load in percent), NETWORK (bytes).'),
}

export interface RateLimit {
  readonly host: Host
  readonly intervalSeconds: number
  readonly pipes: readonly Pipe[]
  readonly queues: Queue[]
  readonly feedback: Feedback
  readonly processors: ProcessorLoad
  /** The load is told by rl.push_load: the processors are not asked any more. */
  isPushed: boolean
  /** Logs the counters of each interval. */
  isTold: boolean
  stop: () => void
}

export function setUp(host: Host, params: ParamValues<typeof ratelimitParams>): RateLimit | SetupError {
  const pipes = Array.from({ length: PIPES }, newPipe)
  for (const text of params.pipe) {
    const definition = parsePipe(String(text))
    if (typeof definition === 'string') return new SetupError(definition)
    const pipe = pipes[definition.number]
    if (pipe !== undefined) Object.assign(pipe, { algorithm: definition.algorithm, limit: definition.limit })
    const problem = feedbackProblem(pipes)
    if (problem !== undefined) return new SetupError(problem)
  }
  const queues: Queue[] = []
  for (const text of params.queue) {
    const queue = parseQueue(String(text))
    if (typeof queue === 'string') return new SetupError(queue)
    if (queues.length >= QUEUES_MAX) return new SetupError(`MAX_QUEUES reached (${QUEUES_MAX})`)
    queues.push(queue)
  }
  const feedback = new Feedback()
  feedback.setPoint = 0.01 * (pipes.find(({ algorithm }) => algorithm === 'FEEDBACK')?.limit ?? 0)
  return {
    host, pipes, queues, feedback, processors: new ProcessorLoad(host.files),
    intervalSeconds: Math.max(params.timer_interval, 1), isPushed: false, isTold: false, stop: () => undefined,
  }
}

/** An interval is over. */
export function turnPipes(state: RateLimit): void {
  const { host, pipes, feedback, processors, intervalSeconds } = state
  const uses = (wanted: Pipe['algorithm']): boolean => pipes.some(({ algorithm }) => algorithm === wanted)
  if (!state.isPushed && uses('FEEDBACK')) {
    const load = processors.read()
    if (load !== undefined) feedback.update(load)
  }
  const waiting = uses('NETWORK') ? waitingBytes(host.files, host.network.sockets) : 0
  if (state.isTold) host.log.warning('ratelimit', pipes.map(({ counter }) => String(counter).padStart(5)).join(''))
  for (const pipe of pipes) turn(pipe, intervalSeconds, waiting)
}
