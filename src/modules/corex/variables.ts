import { variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { endpointText } from '../../base/address.ts'
import type { ListenSocket, TransportName } from '../../sip/endpoint.ts'
import type { Corex } from './state.ts'

const PLACES: Readonly<Record<string, (context: RouteContext) => PvValue>> = {
  line: (context) => context.line,
  name: (context) => context.file,
  file: (context) => context.file,
  route: (context) => (context.routeName === '' ? 'DEFAULT_ROUTE' : context.routeName),
}

const advertised = ({ transport, advertise }: ListenSocket): string =>
  advertise === undefined ? '' : `${transport}:${endpointText(advertise.host, advertise.port)}`

/** `$lsock(n/name/field)`: which socket, by the letter in front; text of the socket, compared with what is wanted. */
const SOCKET_KEYS: Readonly<Record<string, (socket: ListenSocket) => string>> = {
  l: socketText,
  a: advertised,
  n: (socket) => socket.name ?? '',
}

/** Fields by their first letter; Kamailio 5.6.3 numbers the sockets that have names. */
const SOCKET_FIELDS: Readonly<Record<string, (socket: ListenSocket, sockets: readonly ListenSocket[]) => PvValue>> = {
  l: socketText,
  a: advertised,
  n: (socket) => socket.name ?? '',
  i: (socket, sockets) => Math.max(0, byTransport(sockets).filter(({ name }) => name !== undefined).indexOf(socket)),
}

const TRANSPORTS: readonly TransportName[] = ['udp', 'tcp', 'tls']

/** In the order of Kamailio's lists. */
const byTransport = (sockets: readonly ListenSocket[]): readonly ListenSocket[] =>
  TRANSPORTS.flatMap((transport) => sockets.filter((socket) => socket.transport === transport))

function socketText({ transport, address, port }: ListenSocket): string {
  return `${transport}:${endpointText(address, port)}`
}

/** A text that is no question gives the empty text, a question without answer nothing. */
function socketField({ host }: RouteContext, question: string): PvValue {
  const [, key = '', wanted = '', field = ''] = /^([lani])\/([^/]*)\/(..+)$/.exec(question) ?? []
  const read = SOCKET_FIELDS[field.charAt(0)]
  if (read === undefined) return ''
  const { sockets } = host.network
  const keyOf = SOCKET_KEYS[key]
  const socket = keyOf === undefined ? sockets[0] : wanted === '' ? undefined : sockets.find((each) => keyOf(each) === wanted)
  return socket === undefined ? null : read(socket, sockets)
}

export const corexVariables: Readonly<Record<string, VariableDef<Corex>>> = {
  cfg: variableFamily<Corex>('Where the script is: line, name, file, route.', { inner: 'required' }, (inner) => {
    const read = PLACES[inner ?? '']
    return read === undefined ? `$cfg(${inner}): there are ${Object.keys(PLACES).join(', ')}` : { get: read }
  }),
  lsock: variableFamily<Corex>('A listening socket: by l(isten), a(dvertise) or n(ame), the value, and what of it: n/name/listen.', {
    inner: 'required',
  }, (inner = '', _index, env) => {
    const question = env.format(inner)
    return typeof question === 'string' ? question : { get: (context) => socketField(context, question.evaluate(context)) }
  }),
  atkv: variableFamily<Corex>('Key or value of event_route[core:tkv].', { inner: 'required' }, (inner) =>
    ['type', 'key', 'val', 'gname', 'port', 'ip', 'proto'].includes(inner ?? '') ? { get: () => null } : `$atkv(${inner}): no such key`,
  ),
}
