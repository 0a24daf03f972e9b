import { arg, defineModule, fn, form, param, SetupError, variable, variableFamily } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import { parseAvpName } from '../../runtime/avp.ts'
import { rrApi } from './api.ts'
import { directionOf } from './direction.ts'
import { looseRoute, looseRoutePreloaded, topRoute } from './loose.ts'
import { recordPreset, recordRoute, removeRecordRoute } from './record.ts'
import { routeParam } from './route-param.ts'
import { fromTag, recordedOf, toTag, type Rr } from './state.ts'

const RECORDING: readonly RouteName[] = ['request', 'branch', 'failure']
const DRIVEN = {
  1: 'a Route drives the request',
  2: 'the flow of the own Route does (outbound)',
  [-1]: 'there is none, or it cannot be read',
  [-2]: 'the own Route has a forged flow token (outbound)',
  [-3]: 'an initial request whose Routes were all our own',
}

export default defineModule({
  name: 'rr',
  summary: 'Record-Route and Route: stays on the way of a dialog, and follows it.',
  area: 'routing',
  params: {
    append_fromtag: param.int(1, 'Put the From tag into Record-Route (ftag), by which directions are told.'),
    enable_full_lr: param.int(0, 'Write lr=on in place of lr.'),
    enable_double_rr: param.int(1, 'Write two where the request leaves by another socket than it came.'),
    add_username: param.int(0, 'Put the user of the Request-URI into Record-Route.'),
    custom_user_avp: param.str('', 'AVP with the user for Record-Route.'),
    enable_socket_mismatch_warning: param.int(1, 'Warn when the second Route of a pair names no socket.'),
    force_send_socket: param.int(0, 'Send from the socket that a single own Route names.'),
    ignore_sips: param.int(0, 'Write sip: where the Request-URI has sips:.'),
    loose_route_mode: param.int(0, 'Mode of loose_route(): 1 leaves the Request-URI alone.'),
    sockname_mode: param.int(0, 'Name sockets by their names (sn).'),
  },
  setup(host, params): Rr | SetupError {
    const avp = params.custom_user_avp === '' ? undefined : parseAvpName(/^\$avp\((.*)\)$/.exec(params.custom_user_avp)?.[1] ?? '')
    if (typeof avp === 'string') return new SetupError(`custom_user_avp: ${avp}`)
    if (params.add_username !== 0 && host.hasModule('outbound')) return new SetupError('cannot use "add_username" with outbound')
    const rr: Rr = { host, params, userAvp: avp, listeners: [] }
    host.provide(rrApi, {
      addParam: (message, text) => {
        message.edits.recordParams += text
      },
      marksDirection: params.append_fromtag !== 0,
      routeParam: (message, name) => routeParam(recordedOf(rr, message).routeParams ?? '', name),
      directionOf: (message) => directionOf(rr, message),
      onRoute: (listener) => rr.listeners.push(listener),
      recordRoute: (context) => recordRoute(rr, context, ''),
      looseRoute: (context) => looseRoute(rr, context, params.loose_route_mode),
    })
    return rr
  },
  functions: {
    loose_route: fn({
      summary: 'Follows Route: takes the own one off, and sends the request to the next.',
      returns: DRIVEN,
      routes: ['request'],
      args: [],
      run: (context, rr: Rr) => looseRoute(rr, context, rr.params.loose_route_mode),
    }),
    loose_route_mode: fn({
      summary: 'As loose_route(); with mode 1 without a look at the Request-URI.',
      returns: DRIVEN,
      routes: ['request'],
      args: [arg.int('mode', '0 or 1.')],
      run: (context, rr: Rr, mode) => looseRoute(rr, context, mode),
    }),
    loose_route_preloaded: fn({
      summary: 'As loose_route(), for requests without a dialog.',
      returns: DRIVEN,
      routes: ['request'],
      args: [],
      run: (context, rr: Rr) => looseRoutePreloaded(rr, context),
    }),
    record_route: {
      summary: 'Adds a Record-Route.',
      returns: { 1: 'added', [-1]: 'there is one already' },
      forms: [
        form({
          routes: RECORDING,
          args: [arg.optional(arg.str('params', 'Parameters for it, each with its semicolon.'))],
          run: (context, rr: Rr, params) => recordRoute(rr, context, params ?? ''),
        }),
      ],
    },
    record_route_preset: {
      summary: 'Adds a Record-Route with that address, or two.',
      forms: [
        form({
          routes: RECORDING,
          args: [arg.str('address', 'host:port'), arg.optional(arg.str('address2', 'Of a second one, below.'))],
          run: (context, rr: Rr, first, second) => recordPreset(rr, context, second === undefined ? [first] : [first, second]),
        }),
      ],
    },
    record_route_advertised_address: fn({
      summary: 'Adds a Record-Route with that address.',
      routes: RECORDING,
      args: [arg.str('address', 'host:port')],
      run: (context, rr: Rr, address) => recordPreset(rr, context, [address]),
    }),
    remove_record_route: fn({
      summary: 'Takes the own Record-Route out again.',
      routes: ['request', 'failure'],
      args: [],
      run: (context, rr: Rr) => removeRecordRoute(rr, context),
    }),
    add_rr_param: fn({
      summary: 'Adds a parameter to the own Record-Route, be it there already or not.',
      routes: RECORDING,
      args: [arg.str('param', 'The parameter with its semicolon.')],
      run: (context, _rr: Rr, text) => {
        context.message.edits.recordParams += text
        return 1
      },
    }),
    check_route_param: fn({
      summary: 'Compares the parameters of the own Route with a regular expression.',
      routes: ['request'],
      args: [arg.regex('pattern', 'Regular expression.')],
      run: (context, rr: Rr, pattern) => {
        const params = recordedOf(rr, context.message).routeParams
        return params !== undefined && params !== '' && pattern.test(params) ? 1 : -1
      },
    }),
    is_direction: fn({
      summary: 'Tells whether the request goes the way of the first one (downstream), or back (upstream).',
      routes: ['request'],
      args: [arg.literal('direction', '`downstream`, `upstream` or `all`.')],
      run: (context, rr: Rr, wanted) => (wanted === 'all' || directionOf(rr, context.message) === wanted ? 1 : -1),
    }),
    rr_next_hop_route: fn({
      summary: 'Tells whether loose_route() found another Route behind the own ones.',
      routes: 'any',
      args: [],
      run: ({ message }, rr: Rr) => (recordedOf(rr, message).isNextHopRoute ? 1 : -1),
    }),
  },
  variables: {
    route_uri: variable<Rr>('URI of the topmost Route.', ({ message }) => topRoute(message) ?? ''),
    fti: variable<Rr>('Tag of who sent the first request: From tag downstream, To tag upstream.', ({ message }, rr) =>
      (directionOf(rr, message) === 'downstream' ? fromTag(message) : toTag(message)) || null),
    tti: variable<Rr>('Tag of who got the first request.', ({ message }, rr) =>
      (directionOf(rr, message) === 'downstream' ? toTag(message) : fromTag(message)) || null),
    rdir: variableFamily<Rr>('Direction of the request: id (1 downstream, 2 upstream) or name.', { inner: 'required' }, (inner = '') => {
      if (inner !== 'id' && inner !== 'name') return `$rdir(${inner}) is unknown: id or name`
      return {
        get: ({ message }, rr) => {
          const direction = directionOf(rr, message)
          return inner === 'name' ? direction : direction === 'downstream' ? 1 : 2
        },
      }
    }),
  },
})
