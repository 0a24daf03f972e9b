/** Route types as bits: which kind of route is running, and where a function may stand. */
export const RouteMask = {
  request: 1,
  failure: 2,
  /** onreply_route[name], run by a transaction. */
  onreply: 4,
  branch: 8,
  onsend: 16,
  event: 32,
  /** event_route[tm:local-request] and the like. */
  local: 64,
  branchFailure: 128,
  /** The unnamed reply_route, run by the core. */
  coreReply: 256,
} as const

/** What a definition may name; `tmOnreply` is onreply_route[name] without the core's reply_route. */
export type RouteName = keyof typeof RouteMask | 'tmOnreply'

export const ANY_ROUTE = 511

/** The bits of a list of route names; `any` is all of them. `onreply` includes the core's reply_route. */
export function routeBits(routes: 'any' | readonly RouteName[]): number {
  if (routes === 'any') return ANY_ROUTE
  let bits = 0
  for (const route of routes) {
    if (route === 'tmOnreply') bits |= RouteMask.onreply
    else bits |= route === 'onreply' ? RouteMask.onreply | RouteMask.coreReply : RouteMask[route]
  }
  return bits
}
