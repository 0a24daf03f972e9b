import { defineModule, param, SetupError, variable } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { every, TimerProcess } from '../../runtime/timer-process.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { readDefinitions, type TimerDefinition } from './definitions.ts'

interface RouteTimers {
  readonly host: Host
  readonly definitions: readonly TimerDefinition[]
  /** The number of the process among those of its timer, for each route that runs. */
  readonly workerNumbers: WeakMap<RouteContext, number>
  /** The message of the last route that a process ran. */
  readonly lastMessages: WeakMap<TimerProcess, SipMessage>
  /** What ends the timers. */
  readonly stops: (() => void)[]
}

const TEXT =
  'OPTIONS sip:you@kamailio.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <sip:you@kamailio.org>;tag=123\r\n' +
  'To: <sip:you@kamailio.org>\r\nCall-ID: 123\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'

/** The message that routes see, with the source that Kamailio's has. */
function timerMessage(host: Host, number: number): SipMessage | undefined {
  const [socket] = host.network.sockets
  if (socket === undefined) return undefined
  const received = { socket, sourceAddress: '1.0.0.127', sourcePort: 5060, connectionId: 0 }
  const message = parseMessage(TEXT, received, number)
  if (message instanceof ParseError) return undefined
  message.msgFlags |= MessageFlag.faked
  return message
}

/** A process of Kamailio has one message: URIs and flags stay from turn to turn. Edits do not pile up here, as they do there. */
function nextMessage(state: RouteTimers, process: TimerProcess): SipMessage | undefined {
  const message = timerMessage(state.host, ++process.messages)
  if (message === undefined) return undefined
  const last = state.lastMessages.get(process)
  if (last !== undefined) {
    message.newUri = last.newUri
    message.dstUri = last.dstUri
    message.forceSocket = last.forceSocket
    message.flags = last.flags
    message.xflags = last.xflags
    message.branchFlags = last.branchFlags
  }
  state.lastMessages.set(process, message)
  return message
}

function startTimers(state: RouteTimers): void {
  const message = timerMessage(state.host, 0)
  if (message === undefined) return
  const openProcess = (): TimerProcess => {
    const process = new TimerProcess(state.host)
    process.start(message)
    state.stops.push(() => process.stop())
    return process
  }
  let shared: TimerProcess | undefined
  for (const definition of state.definitions) {
    if (definition.mode === 0) startOn(state, definition, (shared ??= openProcess()), 0)
    for (let number = 0; number < definition.mode; number++) startOn(state, definition, openProcess(), number)
  }
}

function startOn(state: RouteTimers, { intervalMs, routes }: TimerDefinition, process: TimerProcess, number: number): void {
  const turn = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const route = state.host.routes.request(name)
      const message = route && nextMessage(state, process)
      // A route that does not exist does nothing.
      if (route && message) await process.run(route, message, (context) => state.workerNumbers.set(context, number))
    }
  }
  if (routes.length > 0) state.stops.push(every(state.host.clock, intervalMs, () => turn(routes)))
}

export default defineModule({
  name: 'rtimer',
  summary: 'Runs routes at intervals.',
  area: 'operations',
  params: {
    default_interval: param.int(120, 'Seconds between two turns of timers that tell no interval.', { min: 1 }),
    timer: param.list('A timer: `name=...;interval=...;mode=...`; the interval in seconds, or in microseconds with a u behind it.'),
    exec: param.list('A route that a timer runs: `timer=...;route=...`.'),
  },
  setup(host, { timer, exec, default_interval }): RouteTimers | SetupError {
    const definitions = readDefinitions(timer, exec, default_interval)
    if (typeof definitions === 'string') return new SetupError(definitions)
    return { host, definitions, workerNumbers: new WeakMap(), lastMessages: new WeakMap(), stops: [] }
  },
  start: startTimers,
  stop(state) {
    for (const stop of state.stops.splice(0).reverse()) stop()
  },
  variables: {
    rtimer_worker: variable<RouteTimers>(
      'Number of the process that runs the timer\'s route, from 0; 0 in other routes.',
      (context, state) => state.workerNumbers.get(context) ?? 0,
    ),
  },
})
