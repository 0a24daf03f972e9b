import type { DiameterMessage } from '../../diameter/message.ts'
import { ContextValue } from '../../runtime/context-value.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import type { CdpApi } from '../cdp/api.ts'

export interface DiameterServer {
  readonly host: Host
  cdp: CdpApi | undefined
  requestRoute: RouteFunction | undefined
  responseRoute: RouteFunction | undefined
}

/** The request that a route runs for. */
export const requestOf = new ContextValue<DiameterMessage>()
/** JSON of the answer: what came, or what the route has set. */
export const responseOf = new ContextValue<string>()
