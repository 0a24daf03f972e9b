import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'

export interface SlApi {
  /** Sends a stateless reply: 1, or -1 when it cannot be sent. An ACK is never answered. */
  reply(context: RouteContext, code: number, reason: string): number
  /** As send_reply(): within the transaction when there is one. */
  replyInTransaction(context: RouteContext, code: number, reason: string): number
  /** The tag that stateless replies put into To. */
  toTag(context: RouteContext): string
}

export const slApi = apiKey<SlApi>('sl')
