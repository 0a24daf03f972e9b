import { SetupError } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { every, TimerProcess } from '../../runtime/timer-process.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { SipMessage } from '../../sip/message.ts'
import { parseDeclaration, type Declaration } from './declaration.ts'

interface Timer {
  readonly declaration: Declaration
  /** What the script asked for: a timer that is switched off stops when it would run next, as in Kamailio. */
  isWanted: boolean
  /** Undefined while it does not run. */
  stop: (() => void) | undefined
}

export interface Timers {
  readonly host: Host
  readonly byId: ReadonlyMap<string, Timer>
  /** Slow timers and fast ones have a process each. */
  readonly slow: TimerProcess
  readonly fast: TimerProcess
  /** Which timer made a route run. */
  readonly executed: WeakMap<RouteContext, string>
}

export function createTimers(host: Host, declarations: readonly (string | number)[]): Timers | SetupError {
  const byId = new Map<string, Timer>()
  for (const text of declarations) {
    const declaration = parseDeclaration(String(text))
    if (typeof declaration === 'string') return new SetupError(declaration)
    if (byId.has(declaration.id)) return new SetupError(`timer '${declaration.id}' already exists`)
    byId.set(declaration.id, { declaration, isWanted: declaration.isEnabled, stop: undefined })
  }
  return { host, byId, slow: new TimerProcess(host), fast: new TimerProcess(host), executed: new WeakMap() }
}

export function startTimers(timers: Timers): void {
  const message = timerMessage(timers.host, 0)
  if (message === undefined || timers.byId.size === 0) return
  timers.slow.start(message)
  timers.fast.start(message)
  for (const timer of timers.byId.values()) if (timer.isWanted) arm(timers, timer)
}

export function stopTimers({ byId, slow, fast }: Timers): void {
  for (const timer of byId.values()) disarm(timer)
  slow.stop()
  fast.stop()
}

/** 1, or -1 when there is no such timer. */
export function enableTimer(timers: Timers, id: string, isWanted: boolean): number {
  const timer = timers.byId.get(id)
  if (timer === undefined) {
    timers.host.log.error('timer', `timer '${id}' not declared`)
    return -1
  }
  timer.isWanted = isWanted
  if (isWanted && timer.stop === undefined) arm(timers, timer)
  return 1
}

/** Whether it runs, if only until its next turn. */
export function isEnabled({ byId }: Timers, id: string): boolean | undefined {
  const timer = byId.get(id)
  return timer && timer.stop !== undefined
}

function arm(timers: Timers, timer: Timer): void {
  timer.stop = every(timers.host.clock, timer.declaration.intervalMs, () => {
    if (timer.isWanted) return runRoute(timers, timer.declaration)
    disarm(timer)
  })
}

function disarm(timer: Timer): void {
  timer.stop?.()
  timer.stop = undefined
}

function runRoute(timers: Timers, { id, route, isSlow }: Declaration): void | Promise<void> {
  const process = isSlow ? timers.slow : timers.fast
  const found = timers.host.routes.request(route)
  if (found === undefined) {
    timers.host.log.warning('timer', `route ${route} is not declared`)
    return
  }
  const message = timerMessage(timers.host, ++process.messages)
  if (message !== undefined) return process.run(found, message, (context) => timers.executed.set(context, id))
}

const FIRST_LINE = 'GET /timer HTTP/0.9\r\n'
const TEXT = `${FIRST_LINE}User-Agent: internal\r\n\r\n`

/** The message that timer routes see; it came from nowhere. */
function timerMessage(host: Host, number: number): SipMessage | undefined {
  const [socket] = host.network.sockets
  if (socket === undefined) return undefined
  const received = { socket, sourceAddress: '', sourcePort: 0, connectionId: 0 }
  const message = new SipMessage(TEXT, received, number, true, FIRST_LINE.length)
  message.setRequestLine('GET', 4, 10, 11, 19)
  message.msgFlags |= MessageFlag.faked | MessageFlag.noReply
  return message
}
