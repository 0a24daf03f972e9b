/** A node of the cluster: where it is, and how it is doing. */
import { addressFamily, withBrackets } from '../../base/address.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import type { Outbox } from './outbox.ts'

/** Kamailio 5.6's words, and what later versions call a node that fails. */
export type NodeStatus = 'active' | 'disabled' | 'timeout' | 'pending' | 'not_active'

const STATUSES: readonly NodeStatus[] = ['active', 'disabled', 'timeout', 'pending', 'not_active']

/** What a line of a notification says: a node, and in what state the sender has it. */
export interface NodeLine {
  readonly host: string
  /** Empty where the line has none. */
  readonly port: string
  /** Empty where the line has none. */
  readonly transport: string
  readonly status: NodeStatus
}

export class DmqNode {
  /** Without brackets. */
  readonly host: string
  readonly port: string
  readonly transport: string
  /** How the node became known: as the log tells it. */
  readonly text: string
  readonly isLocal: boolean
  /** Whether it stands in notification_address: it is never forgotten. */
  readonly isFixed: boolean
  /** The numeric address. */
  readonly address: string
  readonly outbox: Outbox
  status: NodeStatus
  failCount = 0
  /** Whether it can compare what it has (a node of our own kind). */
  isComparing = false
  /** When something came from it last, on the monotonic clock. */
  heardAtMs = Number.NEGATIVE_INFINITY

  constructor(line: NodeLine, more: { text: string; address: string; isLocal?: boolean; isFixed?: boolean; outbox: Outbox }) {
    this.host = line.host
    this.port = line.port
    this.transport = line.transport
    this.status = line.status
    this.text = more.text
    this.address = more.address
    this.isLocal = more.isLocal ?? false
    this.isFixed = more.isFixed ?? false
    this.outbox = more.outbox
  }

  /** The address as a URI of a channel, without scheme parameters that only the own list needs. */
  uriFor(channel: string): string {
    return `sip:${channel}@${hostPort(this)}${this.transport === '' ? '' : `;transport=${this.transport}`}`
  }

  /** Where messages to it go, whatever its name resolves to. */
  get nextHop(): string {
    const port = this.port === '' ? '' : `:${this.port}`
    return `sip:${withBrackets(this.address)}${port}${this.transport === '' ? '' : `;transport=${this.transport}`}`
  }

  /** The line of a notification. */
  get line(): string {
    return `sip:${hostPort(this)}${this.transport === '' ? '' : `;transport=${this.transport}`};status=${this.status}\r\n`
  }

  get key(): string {
    return keyOf(this)
  }
}

function hostPort({ host, port }: Pick<NodeLine, 'host' | 'port'>): string {
  return `${withBrackets(host)}${port === '' ? '' : `:${port}`}`
}

/** Two lines with the same key are about the same node. */
export function keyOf({ host, port, transport }: Pick<NodeLine, 'host' | 'port' | 'transport'>): string {
  const kind = transport === '' ? 'udp' : transport
  return `${kind}:${host.toLowerCase()}:${port === '' ? (kind === 'tls' ? '5061' : '5060') : port}`
}

/** Reads a line; undefined for what is no node. */
export function readNodeLine(text: string): NodeLine | undefined {
  const uri = parseUri(text)
  if (uri instanceof ParseError || uri.host === '') return undefined
  const status = parameterOf(uri, 'status') ?? 'active'
  const known = STATUSES.find((word) => word === status)
  if (known === undefined) return undefined
  const host = addressFamily(uri.host) === 6 ? uri.host.replace(/^\[|\]$/g, '') : uri.host
  return { host, port: uri.port === 0 ? '' : String(uri.port), transport: (parameterOf(uri, 'transport') ?? '').toLowerCase(), status: known }
}

function parameterOf(uri: SipUri, name: string): string | undefined {
  for (const part of uri.params.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).toLowerCase() === name) return part.slice(at + 1)
  }
  return undefined
}
