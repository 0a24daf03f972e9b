import { apiKey } from '../../define/define.ts'
import type { ReceivedFrom } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Flow, TokenFault } from './flow-token.ts'
import type { FlowChoice } from './flow-choice.ts'

export interface OutboundApi {
  /** Whose flow belongs into Record-Route and Path of this request. */
  choose(message: SipMessage): FlowChoice
  /** The flow token of the way a message came. */
  tokenOf(received: ReceivedFrom): string
  /** What a flow token says; `absent` for a text that is none, `forged` for one that is not ours. */
  flowOf(token: string): Flow | TokenFault
}

export const outboundApi = apiKey<OutboundApi>('outbound')
