import { arg, defineModule, fn, form, param, SetupError, variableFamily } from '../../define/define.ts'
import type { ConnectionEnd, Host } from '../../runtime/host.ts'
import { runEndEvent } from './end-event.ts'
import {
  closeConnection, connectionState, disableKeepAlive, enableClosedEvent, enableKeepAlive, findConnection, isAlive, setLifetime,
  useConnection,
} from './functions.ts'
import type { State } from './state.ts'
import { connectionPart } from './variable.ts'

const id = arg.int('conid', 'Number of the connection, as in `$conid`.')
const ownId = arg.optional(arg.int('conid', 'Number of the connection; that of the message when left out.'))
const idle = arg.int('idle', 'Seconds of silence before the first probe.')
const count = arg.int('count', 'Probes without an answer before the connection is reset.')
const interval = arg.int('interval', 'Seconds between two probes.')
const lifetime = arg.int('lifetime', 'Seconds.')

/** Where the message has come over the connection that is meant. */
const OF_MESSAGES = ['request', 'onreply'] as const

const ends: readonly ConnectionEnd[] = ['closed', 'reset', 'timeout']

export default defineModule({
  name: 'tcpops',
  summary: 'Looks at TCP connections, keeps them, and tells when they end.',
  area: 'network',
  params: {
    closed_event: param.int(1, 'Whose end makes event routes run: 0 nobody\'s, 1 everybody\'s, 2 those of tcp_enable_closed_event().'),
    event_callback: param.str('', 'KEMI function in place of the event routes.'),
  },
  eventCallbacks: { event_callback: ['tcp:*'] },
  setup(host, params): State | SetupError {
    if (params.closed_event < 0 || params.closed_event > 2) return new SetupError(`closed_event is 0, 1 or 2, not ${params.closed_event}`)
    const state: State = { host, params, asked: new Set(), routes: new Map() }
    host.network.onConnectionEnd((received, end) => runEndEvent(state, received, end))
    return state
  },
  start: findRoutes,
  reloaded: findRoutes,
  functions: {
    tcp_conid_alive: fn({
      summary: 'Whether a connection can be used.',
      routes: 'any',
      args: [id],
      run: (context, _state: State, connection) => isAlive(context, connection),
    }),
    tcp_conid_state: fn({
      summary: 'The state of a connection.',
      returns: { 1: 'works', 2: 'is being accepted', 3: 'is being made', [-1]: 'there is none', [-2]: 'ends', [-4]: 'unknown' },
      routes: 'any',
      args: [id],
      run: (context, _state: State, connection) => connectionState(context, connection),
    }),
    tcp_keepalive_enable: {
      summary: 'Lets the system probe a silent peer.',
      forms: [
        form({
          routes: OF_MESSAGES,
          args: [idle, count, interval],
          run: (context, _state: State, seconds) => enableKeepAlive(context, undefined, seconds),
        }),
        form({
          routes: 'any',
          args: [id, idle, count, interval],
          run: (context, _state: State, connection, seconds) => enableKeepAlive(context, connection, seconds),
        }),
      ],
    },
    tcp_keepalive_disable: {
      summary: 'Ends the probes.',
      forms: [
        form({ routes: OF_MESSAGES, args: [], run: (context, _state: State) => disableKeepAlive(context, undefined) }),
        form({ routes: 'any', args: [id], run: (context, _state: State, connection) => disableKeepAlive(context, connection) }),
      ],
    },
    tcp_set_connection_lifetime: {
      summary: 'How long a connection stays without a byte.',
      forms: [
        form({ routes: OF_MESSAGES, args: [lifetime], run: (context, _state: State, seconds) => setLifetime(context, undefined, seconds) }),
        form({
          routes: 'any',
          args: [id, lifetime],
          run: (context, _state: State, connection, seconds) => setLifetime(context, connection, seconds),
        }),
      ],
    },
    tcp_enable_closed_event: {
      summary: 'Lets the event routes run for a connection, where `closed_event` is 2.',
      forms: [
        form({ routes: OF_MESSAGES, args: [], run: (context, state: State) => enableClosedEvent(context, state, undefined) }),
        form({ routes: 'any', args: [id], run: (context, state: State, connection) => enableClosedEvent(context, state, connection) }),
      ],
    },
    tcp_get_conid: fn({
      summary: 'The number of the connection to a peer.',
      returns: { 1: 'found', [-1]: 'there is none', [-5]: 'no such host' },
      routes: 'any',
      mayWait: true,
      args: [arg.str('hostport', 'The peer: `host:port`; 5060 without a port.'), arg.variable('pvname', 'Variable for the number.')],
      run: (context, _state: State, place, variable) => findConnection(context, place, variable),
    }),
    tcp_set_otcpid: fn({
      summary: 'Names the connection that the request is to leave on.',
      routes: 'any',
      args: [id],
      run(context, _state: State, connection) {
        context.message.outConnectionId = connection
        return 1
      },
    }),
    tcp_set_otcpid_flag: fn({
      summary: 'Lets the request leave on the connection of tcp_set_otcpid() while that stands, whatever its address.',
      routes: 'any',
      args: [arg.int('mode', '0 takes it back.')],
      run: (context, _state: State, mode) => useConnection(context, mode !== 0),
    }),
    tcp_close_connection: fn({
      summary: 'Closes a connection.',
      routes: 'any',
      args: [ownId],
      run: (context, _state: State, connection) => closeConnection(context, connection),
    }),
  },
  variables: {
    tcp: variableFamily('The connection of the message: `conid`, and of a balancer in front of the server `c_si` and `c_sp`.', {
      inner: 'required',
    }, connectionPart),
  },
  events: {
    'tcp:closed': 'A connection ended in good order.',
    'tcp:reset': 'A peer broke a connection off.',
    'tcp:timeout': 'A peer was silent for too long.',
  },
})

function findRoutes({ routes }: State, host: Host): void {
  routes.clear()
  for (const end of ends) {
    const route = host.routes.event(`tcp:${end}`)
    if (route !== undefined) routes.set(end, route)
  }
}
