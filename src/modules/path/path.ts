import { arg, defineModule, form, param, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { paramIn } from '../../sip/uri.ts'
import { rrApi } from '../rr/api.ts'
import { addPath, receivedUri, type PathState } from './add-path.ts'

const user = arg.str('user', 'User of the URI; empty for none.')
const params = arg.str('params', 'Parameters of the URI.')
const address = arg.str('address', 'host:port to write in place of the own.')

const add = (context: RouteContext, state: PathState, isReceived: boolean, own?: string, name?: string, more?: string): number =>
  addPath(state, context, { user: name, params: more ?? '', isReceived, address: own })

const adding = (isReceived: boolean): FunctionDef<PathState> => ({
  summary: isReceived ? 'Adds a Path with this server and where the request came from.' : 'Adds a Path with this server (RFC 3327).',
  forms: [
    form({
      routes: ['request'],
      args: [arg.optional(user), arg.optional(params)],
      run: (context, state: PathState, name, more) => add(context, state, isReceived, undefined, name, more),
    }),
  ],
})

const addingAddress = (isReceived: boolean): FunctionDef<PathState> => ({
  summary: isReceived ? 'Adds a Path with that address and where the request came from.' : 'Adds a Path with that address.',
  forms: [
    form({
      routes: ['request'],
      args: [address, arg.optional(user), arg.optional(params)],
      run: (context, state: PathState, own, name, more) => add(context, state, isReceived, own, name, more),
    }),
  ],
})

export default defineModule({
  name: 'path',
  summary: 'Path: tells a registrar that requests to a phone are to come by here (RFC 3327).',
  area: 'routing',
  params: {
    use_received: param.int(0, 'Let loose_route() send to where `received` in the own Route says.'),
    received_format: param.int(0, 'How that is written: 0 as a URI, 1 as address~port~transport.'),
    received_name: param.str('received', 'Name of that parameter.'),
    enable_r2: param.int(0, 'Add two, for the socket the request leaves by and for the one it came to.'),
    sockname_mode: param.int(0, 'Name sockets by their names (sn).'),
  },
  setup: (host, settings): PathState => ({ host, params: settings }),
  start(state, host) {
    if (state.params.use_received === 0) return
    host.api(rrApi)?.onRoute((context, text) => {
      const received = paramIn(text, state.params.received_name)
      if (received) context.message.setDestination(receivedUri(state, received))
    })
  },
  functions: {
    add_path: adding(false),
    add_path_received: adding(true),
    add_path_advertised_address: addingAddress(false),
    add_path_received_advertised_address: addingAddress(true),
  },
})
