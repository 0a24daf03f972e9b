import type { DiameterMessage } from '../../diameter/message.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import type { CdpApi } from '../cdp/api.ts'

export interface DiameterServer {
  readonly host: Host
  cdp: CdpApi | undefined
  requestRoute: RouteFunction | undefined
  responseRoute: RouteFunction | undefined
  /** The request that a route runs for. */
  readonly requests: WeakMap<RouteContext, DiameterMessage>
  /** JSON of the answer: what came, or what the route has set. */
  readonly responses: WeakMap<RouteContext, string>
}
