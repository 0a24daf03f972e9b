import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'

/** For modules that answer HTTP requests. */
export interface Xhttp {
  /** Whether the route runs for an HTTP request. */
  isRequest(context: RouteContext): boolean
  /** As xhttp_reply(): 1, or -1 when there is no answer. */
  reply(context: RouteContext, code: number, reason: string, contentType: string, body: string): number
}

export const xhttpApi = apiKey<Xhttp>('xhttp')
