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

export interface NodeParts {
  readonly text: string
  readonly address: string
  readonly isLocal?: boolean
  readonly isFixed?: boolean
  readonly toldHost?: string
  readonly outbox: Outbox
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
  /** What other nodes are told: the own address where `host` is every address. */
  readonly toldHost: string
  status: NodeStatus
  failCount = 0
  /** Whether it can compare what it has (a node of our own kind). */
  isComparing = false
  /** When something came from it last, on the monotonic clock. */
  heardAtMs = Number.NEGATIVE_INFINITY

  constructor(line: NodeLine, more: NodeParts) {
    this.host = line.host
    this.port = line.port
    this.transport = line.transport
    this.status = line.status
    this.text = more.text
    this.address = more.address
    this.isLocal = more.isLocal ?? false
    this.isFixed = more.isFixed ?? false
    this.outbox = more.outbox
    this.toldHost = more.toldHost ?? line.host
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
    const { toldHost, port, transport } = this
    return `sip:${hostPort({ host: toldHost, port })}${transport === '' ? '' : `;transport=${transport}`};status=${this.status}\r\n`
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

/** Whether it stands for every address of a server. */
export const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::'

/** Reads a line; undefined for what is no node. */
export function readNodeLine(text: string): NodeLine | undefined {
  const uri = parseUri(text)
  if (uri instanceof ParseError || uri.host === '') return undefined
  const status = parameterOf(uri, 'status') ?? 'active'
  const known = STATUSES.find((word) => word === status)
  if (known === undefined) return undefined
  const host = addressFamily(uri.host) === 6 ? uri.host.replace(/^\[|\]$/g, '') : uri.host
  const transport = (parameterOf(uri, 'transport') ?? '').toLowerCase()
  return { host, port: uri.port === 0 ? '' : String(uri.port), transport, status: known }
}

function parameterOf(uri: SipUri, name: string): string | undefined {
  for (const part of uri.params.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).toLowerCase() === name) return part.slice(at + 1)
  }
  return undefined
}
