/** What the functions do with connections. */
import { addressFamily, withoutBrackets } from '../../base/address.ts'
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { isStream } from '../../sip/endpoint.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ClosedEvent, type State } from './state.ts'

/** The message's own connection; undefined, with a line in the log, where it came by datagram. */
function ownConnection(context: RouteContext): number | undefined {
  const { socket, connectionId } = context.message.received
  if (isStream(socket.transport) && connectionId !== 0) return connectionId
  context.host.log.error('tcpops', 'the message came over no connection')
  return undefined
}

function refuseConnection({ host }: RouteContext, id: number): void {
  host.log.error('tcpops', `invalid connection id ${id}, (must be a TCP connid)`)
}

const states: Readonly<Record<string, number>> = { CONN_OK: 1, ACCEPT: 2, CONNECT: 3, CONN_BAD: -2 }

/** 1 for one that works, 2 and 3 for one that is being made, -2 for one that ends, -1 for none. */
export function connectionState(context: RouteContext, id: number): number {
  const found = context.host.network.connection(id)
  return found === undefined ? -1 : states[found.state] ?? -4
}

export function isAlive(context: RouteContext, id: number): number {
  return connectionState(context, id) === 1 ? 1 : -1
}

export function enableKeepAlive(context: RouteContext, wanted: number | undefined, idleSeconds: number): number {
  return setKeepAlive(context, wanted, Math.max(0, idleSeconds))
}

export function disableKeepAlive(context: RouteContext, wanted: number | undefined): number {
  return setKeepAlive(context, wanted, undefined)
}

function setKeepAlive(context: RouteContext, wanted: number | undefined, idleSeconds: number | undefined): number {
  const id = wanted ?? ownConnection(context)
  if (id === undefined) return -1
  if (context.host.network.setKeepAlive(id, idleSeconds)) return 1
  refuseConnection(context, id)
  return -1
}

/** 0, which ends the script, where there is no connection of that number, as in Kamailio. */
export function setLifetime(context: RouteContext, wanted: number | undefined, seconds: number): number {
  const { host } = context
  const id = wanted ?? ownConnection(context)
  if (id === undefined) return -1
  if (host.network.connection(id) === undefined) {
    refuseConnection(context, id)
    return wanted === undefined ? -1 : 0
  }
  if (seconds < 0) {
    host.log.error('tcpops', `a lifetime of ${seconds} seconds is none`)
    return -1
  }
  return host.network.setConnectionLifetime(id, seconds) ? 1 : -1
}

export function enableClosedEvent(context: RouteContext, state: State, wanted: number | undefined): number {
  if (wanted === undefined && state.params.closed_event !== ClosedEvent.asked) {
    state.host.log.warning('tcpops', 'tcp_enable_closed_event() can only be used if the "closed_event" modparam is set to 2')
    return -1
  }
  const id = wanted ?? ownConnection(context)
  if (id === undefined) return -1
  if (state.host.network.connection(id) === undefined) {
    refuseConnection(context, id)
    return wanted === undefined ? -1 : 0
  }
  state.asked.add(id)
  return 1
}

const PORT = 5060

/** 1 with the number of the connection to `host:port`; -1 with 0 when there is none; -5 when there is no such host. */
export function findConnection(context: RouteContext, place: string, variable: VariableHandle): number | Promise<number> {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place) ?? []
  const bare = withoutBrackets(host)
  const number = port === undefined ? PORT : Number.parseInt(port, 10) || PORT
  if (addressFamily(bare) !== 0) return storeConnection(context, [bare], number, variable)
  if (bare === '') return noHost(context, bare)
  return context.host.names.addressesForSip(bare).then((addresses) =>
    addresses.length === 0 ? noHost(context, bare) : storeConnection(context, addresses.slice(0, 1), number, variable))
}

function noHost({ host }: RouteContext, name: string): number {
  host.log.error('tcpops', `failed to resolve [${name}]`)
  return -5
}

function storeConnection(context: RouteContext, [address = '']: readonly string[], port: number, variable: VariableHandle): number {
  const found = context.host.network.connectionTo(address, port)
  variable.set(context, found?.id ?? 0)
  return found === undefined ? -1 : 1
}

export function useConnection({ message }: RouteContext, isUsed: boolean): number {
  if (isUsed) message.msgFlags |= MessageFlag.useConnection
  else message.msgFlags &= ~MessageFlag.useConnection
  return 1
}

export function closeConnection(context: RouteContext, wanted: number | undefined): number {
  const id = wanted ?? ownConnection(context)
  return id !== undefined && context.host.network.closeConnection(id) ? 1 : -1
}
