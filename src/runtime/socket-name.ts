import type { Prepared } from '../define/arg.ts'
import type { TransportName } from '../sip/endpoint.ts'
import { withoutBrackets } from '../base/address.ts'

/** A socket as scripts write it: `[proto:]address[:port]`. */
export interface SocketName {
  readonly text: string
  readonly transport: TransportName | undefined
  readonly host: string
  /** 0 when not given. */
  readonly port: number
}

const WRITTEN = /^(?:(udp|tcp|tls|sctp|ws|wss):)?(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::([0-9]{1,5}))?$/i

export function parseSocketName(text: string): SocketName | undefined {
  const found = WRITTEN.exec(text)
  if (!found) return undefined
  const [, protocol, host = '', port = '0'] = found
  return { text, transport: transportOf(protocol), host: withoutBrackets(host), port: Number(port) }
}

export function prepareSocket(text: string): Prepared<SocketName> | string {
  const socket = parseSocketName(text)
  return socket ? { fixed: socket } : `${text} is no socket: write proto:address:port`
}

function transportOf(name: string | undefined): TransportName | undefined {
  const lower = name?.toLowerCase()
  switch (lower) {
    case 'udp':
    case 'tcp':
    case 'tls':
    case 'sctp':
    case 'ws':
    case 'wss':
      return lower
    default:
      return undefined
  }
}
