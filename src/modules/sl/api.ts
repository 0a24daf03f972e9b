import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Target } from '../../sip/endpoint.ts'

/** A module that follows stateless replies and what ends them. */
export interface SlWatcher {
  /** A reply is about to be sent. */
  replyReady(context: RouteContext, status: number, text: string, target: Target): void
  /** An ACK to one came, and ends here. */
  ackFiltered(context: RouteContext): void
}

export interface SlApi {
  /** Sends a stateless reply: 1, or -1 when it cannot be sent. An ACK is never answered. */
  reply(context: RouteContext, code: number, reason: string): number
  /** As send_reply(): within the transaction when there is one. */
  replyInTransaction(context: RouteContext, code: number, reason: string): number
  /** The tag that stateless replies put into To. */
  toTag(context: RouteContext): string
  /** From now on the watcher hears of every stateless reply. */
  watch(watcher: SlWatcher): void
}

export const slApi = apiKey<SlApi>('sl')
