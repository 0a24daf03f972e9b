import { arg, defineModule, fn, form, RpcFault, SetupError, variable, type RouteName, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { uriParam } from '../../sip/uri.ts'
import { usrlocApi } from '../usrloc/api.ts'
import { addGivenAlias, addSourceAlias } from './add-alias.ts'
import { fixContact, setContactAlias } from './fix-contact.ts'
import { fixSdp } from './nated-sdp.ts'
import { nathelperParams } from './params.ts'
import { Pinger } from './pinger.ts'
import { isPrivateAddress } from './private-networks.ts'
import { addReceivedParam, keepReceived } from './received-param.ts'
import { nathelperSelects } from './selects.ts'
import { refuse, type NatHelper } from './state.ts'
import { testUac } from './uac-test.ts'
import { aliasToVariable, handleUriAlias } from './use-alias.ts'

const CONTACT_ROUTES: readonly RouteName[] = ['request', 'onreply', 'branch', 'local']
const ALL_BUT_EVENT: readonly RouteName[] = ['request', 'onreply', 'failure', 'branch', 'local']

/** How many Record-Routes the message has; null when one cannot be read. */
function recordRoutes({ message }: RouteContext): number | null {
  const routes = message.addresses(HeaderType.recordRoute)
  return routes instanceof ParseError ? null : routes.length
}

/** 2 when the first Record-Route is one of a pair. */
function topRecordRoutes({ message }: RouteContext): number | null {
  const routes = message.addresses(HeaderType.recordRoute)
  if (routes instanceof ParseError) return null
  const uri = routes[0]?.parsedUri()
  if (uri === undefined) return 0
  if (uri instanceof ParseError) return null
  return uriParam(uri, 'r2') === undefined ? 1 : 2
}

export default defineModule({
  name: 'nathelper',
  summary: 'Phones behind NAT: finds them, rewrites what they say of themselves, and keeps the way to them open.',
  area: 'network',
  params: nathelperParams,
  setup: (host, params): NatHelper => ({
    host, params, alias: `${params.alias_name || 'alias'}=`, usesReceivedAvp: false, receivedAvp: undefined, pinger: undefined,
  }),
  start: (state, host) => begin(state, host),
  stop: ({ pinger }) => pinger?.stop(),
  functions: {
    nat_uac_test: fn({
      summary: 'Tells whether the message came through a NAT; the number is the sum of the signs to look for.',
      routes: ALL_BUT_EVENT,
      args: [arg.int('flags', '1 private Contact, 2 Via is not the source, 4 private Via, 8 private SDP, ' +
        '16 Via port is not the source\'s, 32 private source, 64 WebSocket, ' +
        '128 Contact port is not the source\'s, 256 SDP is not the source, ' +
        '512 destination is not the Request-URI.')],
      run: (context, state: NatHelper, flags) => testUac(state, context.message, flags),
    }),
    fix_nated_contact: fn({
      summary: 'Puts the source in place of the host and port of the Contact.',
      routes: CONTACT_ROUTES,
      args: [],
      run: (context, state: NatHelper) => fixContact(state, context.message),
    }),
    set_contact_alias: fn({
      summary: 'Adds the source to the Contact as its alias parameter; with 1 in place of an older one.',
      routes: CONTACT_ROUTES,
      args: [arg.optional(arg.constant('trim', '1 takes an older alias out.'))],
      run: (context, state: NatHelper, trim) => setContactAlias(state, context.message, (trim ?? 0) > 0),
    }),
    add_contact_alias: {
      summary: 'Adds the source, or an address, to the Contact as its alias parameter.',
      returns: { 1: 'added', 2: 'the Contact names the source already, or there is none' },
      forms: [
        form({ routes: CONTACT_ROUTES, args: [], run: (context, state: NatHelper) => addSourceAlias(state, context.message) }),
        form({
          routes: ['request', 'onreply', 'branch', 'failure'],
          args: [arg.str('address', 'IP address.'), arg.str('port', 'Port.'), arg.str('transport', 'udp, tcp, tls, sctp, ws or wss.')],
          kemi: 'add_contact_alias_addr',
          run: (context, state: NatHelper, address, port, transport) => addGivenAlias(state, context.message, address, port, transport),
        }),
      ],
    },
    handle_ruri_alias: fn({
      summary: 'Takes the alias out of the Request-URI and sends there: the first one, or with another number than 0 the last.',
      returns: { 1: 'done', 2: 'there is none' },
      routes: ['request', 'branch', 'local'],
      args: [arg.optional(arg.int('mode', '0 the first, else the last.'))],
      run: (context, state: NatHelper, mode) => handleUriAlias(state, context.message, (mode ?? 0) !== 0),
    }),
    set_alias_to_pv: fn({
      summary: 'Puts the alias of the Contact into a variable, as a URI.',
      routes: 'any',
      args: [arg.custom<VariableHandle>('variable', 'Variable to write.', (text, env) => {
        const target = env.variable(text)
        return typeof target === 'string' ? target : { fixed: target }
      })],
      run: (context, state: NatHelper, target) => aliasToVariable(state, context, target),
    }),
    fix_nated_sdp: fn({
      summary: 'Puts the source (or an address) into the session description.',
      returns: { 1: 'an address was replaced', 2: 'none was', [-1]: 'there is no description that can be read' },
      routes: ALL_BUT_EVENT,
      args: [
        arg.int('flags', '1 adds a=direction:active, 2 replaces the address of media, 4 adds nortpproxy_str, 8 replaces that in o=.'),
        arg.optional(arg.str('address', 'Address in place of the source.')),
      ],
      run: (context, state: NatHelper, flags, address) => fixSdp(state, context.message, flags, address),
    }),
    fix_nated_register: fn({
      summary: 'Keeps where a REGISTER came from in received_avp.',
      routes: ['request'],
      args: [],
      atStart: (state: NatHelper) => {
        state.usesReceivedAvp = true
      },
      run: (context, state: NatHelper) => keepReceived(state, context),
    }),
    add_rcv_param: fn({
      summary: 'Adds where the request came from to each Contact, as its parameter received.',
      routes: ['request'],
      args: [arg.optional(arg.int('flag', '0 adds it to the header, else to the URI.'))],
      run: (context, state: NatHelper, flag) => addReceivedParam(state, context.message, (flag ?? 0) !== 0),
    }),
    is_rfc1918: fn({
      summary: 'Tells whether an address is private.',
      returns: { 1: 'private', [-1]: 'not private', [-2]: 'no address' },
      routes: 'any',
      args: [arg.str('address', 'The address.')],
      run: (_context, state: NatHelper, address) => {
        if (address !== '') return isPrivateAddress(address, state.params.nat_addr_mode) ? 1 : -1
        refuse(state, 'invalid address parameter')
        return -2
      },
    }),
  },
  variables: {
    rr_count: variable('How many Record-Routes the message has.', recordRoutes, { int: (context) => recordRoutes(context) ?? Number.NaN }),
    rr_top_count: variable('Of the first Record-Route: 2 when it is one of a pair, 1 otherwise, 0 when there is none.', topRecordRoutes, {
      int: (context) => topRecordRoutes(context) ?? Number.NaN,
    }),
  },
  selects: nathelperSelects,
  rpc: {
    'nathelper.enable_ping': {
      summary: 'Switches pings on, or with 0 off.',
      run: ({ pinger }: NatHelper, _params, call) => {
        if (pinger === undefined) return new RpcFault(500, 'NATping disabled')
        const value = call.int(0)
        if (value === undefined) return new RpcFault(500, 'No parameter')
        pinger.isOn = value !== 0
        return []
      },
    },
  },
})

function begin(state: NatHelper, host: Host): SetupError | undefined {
  const { params } = state
  if (params.received_avp !== '') {
    const avp = params.received_avp.startsWith('$avp(') ? host.prepare.variable(params.received_avp) : 'it is no AVP'
    if (typeof avp === 'string') return new SetupError(`malformed or non AVP ${params.received_avp} AVP definition: ${avp}`)
    state.receivedAvp = avp
  } else if (state.usesReceivedAvp) {
    return new SetupError("you must set 'received_avp' parameter: fix_nated_register() writes it, and the registrar reads the same one")
  }
  if (params.natping_socket !== '' || params.udpping_from_path !== 0) {
    host.log.warning('nathelper', 'natping_socket and udpping_from_path need raw sockets: pings leave from an own socket')
  }
  return params.natping_interval > 0 ? startPings(state, host) : undefined
}

function startPings(state: NatHelper, host: Host): SetupError | undefined {
  const { params } = state
  const usrloc = host.api(usrlocApi)
  if (usrloc === undefined) return new SetupError("can't find usrloc module: natping_interval pings its contacts")
  if (params.ping_nated_only !== 0 && usrloc.natFlag === 0) {
    return new SetupError('bad config - ping_nated_only enabled, but no nat bflag set in usrloc module')
  }
  if (params.natping_processes < 0) return new SetupError('bad config - natping_processes must be >= 0')
  if (params.sipping_bflag >= 0 && params.sipping_from === '') return new SetupError('SIP ping enabled, but SIP ping FROM is empty!')
  if (params.sipping_bflag >= 0 && params.sipping_method === '') return new SetupError('SIP ping enabled, but SIP ping method is empty!')
  usrloc.setPartitions(params.natping_processes * params.natping_interval)
  if (params.sipping_bflag >= 0 && params.keepalive_timeout > 0) usrloc.setKeepaliveTimeout(params.keepalive_timeout)
  const name = parseSocketName(params.force_socket)
  const socket = name === undefined ? undefined : host.network.socketOf(name.host, name.port, name.transport)
  if (params.force_socket !== '' && socket === undefined) host.log.error('nathelper', `non-local force_socket <${params.force_socket}>`)
  const pinger = new Pinger(state, usrloc, socket)
  state.pinger = pinger
  host.onReply((context) => {
    pinger.take(context)
    return false
  })
  pinger.start()
  return undefined
}
