/** Who this Diameter node is, whom it knows and which way requests go. */
import type { StreamTls } from '../base/streams.ts'

export interface DiameterConfig {
  /** Origin-Host. */
  readonly fqdn: string
  /** Origin-Realm. */
  readonly realm: string
  readonly vendorId: number
  readonly productName: string
  readonly acceptsUnknownPeers: boolean
  /** Forget peers that are not configured once they are gone. */
  readonly dropsUnknownOnDisconnect: boolean
  /** Watchdog and reconnection. */
  readonly tcSeconds: number
  /** Requests that are handled at a time; what comes beyond waits. */
  readonly workers: number
  readonly queueLength: number
  readonly connectTimeoutSeconds: number
  readonly transactionTimeoutSeconds: number
  readonly sessionsHashSize: number
  readonly defaultAuthSessionTimeoutSeconds: number
  readonly maxAuthSessionTimeoutSeconds: number
  readonly peers: readonly PeerConfig[]
  readonly acceptors: readonly AcceptorConfig[]
  readonly applications: readonly ApplicationConfig[]
  readonly supportedVendors: readonly number[]
  /** Undefined where neither realms nor default routes are configured. */
  readonly routes: RoutingConfig | undefined
}

export interface PeerConfig {
  readonly fqdn: string
  readonly realm: string
  readonly port: number
  /** Address to connect from; empty leaves it to the system. */
  readonly sourceAddress: string
}

export interface AcceptorConfig {
  readonly port: number
  /** Address or name; empty for all. */
  readonly bind: string
}

export type ApplicationKind = 'auth' | 'acct'

export interface ApplicationConfig {
  readonly id: number
  readonly vendorId: number
  readonly kind: ApplicationKind
}

export interface RoutingConfig {
  readonly realms: readonly { readonly name: string; readonly routes: readonly Route[] }[]
  readonly defaults: readonly Route[]
}

/** In a list these stand in the order of their metrics. */
export interface Route {
  readonly fqdn: string
  readonly metric: number
}

/** How connections are secured; undefined for not at all. */
export interface DiameterTls {
  readonly outgoing: StreamTls
  /** Undefined leaves acceptors open to everybody: they have no certificate. */
  readonly incoming: StreamTls | undefined
}

/** Lines of the log, by level. */
export interface DiameterLog {
  error(text: string): void
  warning(text: string): void
  info(text: string): void
  debug(text: string): void
}
