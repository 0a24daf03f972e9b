import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'

/** What answers the HTTP request that a route runs for; module xhttp provides it. */
export interface HttpReplier {
  /** False when the message is no HTTP request, or the answer could not be sent. */
  reply(context: RouteContext, code: number, reason: string, contentType: string, body: string): boolean
  /** The body of the HTTP request; undefined when the message is none. */
  requestBody(context: RouteContext): string | undefined
}

export const httpReplier = apiKey<HttpReplier>('xhttp')
