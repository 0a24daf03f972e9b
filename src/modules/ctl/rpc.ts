import { RpcFault, type RpcDef, type RpcValue } from '../../define/define.ts'
import { transportNames, type BinrpcPlace } from './place.ts'
import type { Ctl } from './state.ts'

const onlyBinrpc = new RpcFault(606, 'rpc available only over binrpc (ctl)')

/** Path and nothing, or address and port. */
function placeOf(place: BinrpcPlace): readonly RpcValue[] {
  return 'path' in place ? [place.path, ''] : [place.host, String(place.port)]
}

export const ctlRpc: Readonly<Record<string, RpcDef<Ctl>>> = {
  'ctl.who': {
    summary: 'The open connections: protocol, transport, from where, to where.',
    run: ({ connections }, _params, call) => {
      if (call.transport !== 'binrpc') return onlyBinrpc
      return [...connections].flatMap(({ place, address, port }) => [
        'binrpc',
        transportNames[place.transport],
        ...('path' in place ? ['<anonymous unix socket>', ''] : [address, String(port)]),
        ...placeOf(place),
      ])
    },
  },
  'ctl.connections': {
    summary: 'How many connections are open.',
    run: ({ connections }, _params, call) => (call.transport === 'binrpc' ? [connections.size] : onlyBinrpc),
  },
  'ctl.listen': {
    summary: 'Where it listens: protocol, transport, path or address and port.',
    run: ({ places }, _params, call) =>
      call.transport !== 'binrpc'
        ? []
        : places.flatMap((place) => [
            'binrpc',
            transportNames[place.transport],
            ...placeOf(place),
          ]),
  },
}
