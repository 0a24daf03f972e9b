import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Direction } from './direction.ts'
import type { RouteListener } from './state.ts'

export interface RrApi {
  /** Adds a parameter, with its semicolon, to the Record-Route of the message, be it there already or not. */
  addParam(message: SipMessage, param: string): void
  /** Whether directions can be told later: append_fromtag is on. */
  readonly marksDirection: boolean
  /** A parameter of the own Route that loose_route() took off; undefined when there is none. */
  routeParam(message: SipMessage, name: string): string | undefined
  directionOf(message: SipMessage): Direction
  /** Called by loose_route() with the parameters of the own Route. */
  onRoute(listener: RouteListener): void
  recordRoute(context: RouteContext): number
  looseRoute(context: RouteContext): number
}

export const rrApi = apiKey<RrApi>('rr')
