import type { TextMatcher } from '../../define/define.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SlApi } from '../sl/api.ts'

export interface State {
  readonly host: Host
  /** Requests for such URLs are not shown to the route. */
  readonly skip: TextMatcher | undefined
  /** Only requests for such URLs are shown to the route. */
  readonly match: TextMatcher | undefined
  sl: SlApi | undefined
  route: RouteFunction | undefined
  /** Requests that wait until the one before them on their connection is done, by connection. */
  readonly waiting: Map<number, SipMessage[]>
}
