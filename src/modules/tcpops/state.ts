import type { ConnectionEnd, Host, RouteFunction } from '../../runtime/host.ts'

/** Whose end makes event routes run (`closed_event`). */
export const ClosedEvent = { never: 0, always: 1, asked: 2 } as const

export interface State {
  readonly host: Host
  readonly params: { readonly closed_event: number }
  /** Connections for which tcp_enable_closed_event() was called; each is forgotten when it ends. */
  readonly asked: Set<number>
  readonly routes: Map<ConnectionEnd, RouteFunction>
}
