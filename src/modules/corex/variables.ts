import { variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { endpointText } from '../../base/address.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { Corex } from './state.ts'

const PLACES: Readonly<Record<string, (context: RouteContext) => PvValue>> = {
  line: (context) => context.line,
  name: (context) => context.file,
  file: (context) => context.file,
  route: (context) => (context.routeName === '' ? 'DEFAULT_ROUTE' : context.routeName),
}

/** `proto/name/field`: a listening socket by transport and name or place, and what of it. */
function socketField(context: RouteContext, inner: string): PvValue {
  const [transport = '', wanted = '', field = ''] = inner.split('/')
  const sockets = context.host.network.sockets.filter((socket) => socket.transport === transport)
  const socket = /^\d+$/.test(wanted) ? sockets[Number(wanted)] : sockets.find((candidate) => candidate.name === wanted)
  if (socket === undefined) return null
  return FIELDS[field]?.(socket) ?? null
}

const FIELDS: Readonly<Record<string, (socket: ListenSocket) => PvValue>> = {
  name: (socket) => socket.name ?? null,
  host: (socket) => socket.address,
  port: (socket) => socket.port,
  listen: (socket) => `${socket.transport}:${endpointText(socket.address, socket.port)}`,
  advertise: (socket) => (socket.advertise ? endpointText(socket.advertise.host, socket.advertise.port) : null),
}

export const corexVariables: Readonly<Record<string, VariableDef<Corex>>> = {
  cfg: variableFamily<Corex>('Where the script is: line, name, file, route.', { inner: 'required' }, (inner) => {
    const read = PLACES[inner ?? '']
    return read === undefined ? `$cfg(${inner}): there are ${Object.keys(PLACES).join(', ')}` : { get: read }
  }),
  lsock: variableFamily<Corex>('A listening socket: proto/name/field.', { inner: 'required' }, (inner) => ({
    get: (context) => socketField(context, inner ?? ''),
  })),
  atkv: variableFamily<Corex>('Key or value of event_route[core:tkv].', { inner: 'required' }, (inner) =>
    ['type', 'key', 'val', 'gname', 'port', 'ip', 'proto'].includes(inner ?? '') ? { get: () => null } : `$atkv(${inner}): no such key`,
  ),
}
