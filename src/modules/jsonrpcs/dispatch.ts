import type { RouteContext } from '../../runtime/context.ts'
import { httpReplier, type HttpReplier } from './api.ts'
import { execute, type JsonReply } from './execute.ts'
import type { Jsonrpcs } from './state.ts'

const TYPE = 'application/json'

/** jsonrpc_dispatch(): the body of the HTTP request is the document. Nothing happens to a message that is no HTTP. */
export function dispatchHttp(context: RouteContext, state: Jsonrpcs): number | Promise<number> {
  const http = state.host.api(httpReplier)
  const body = http?.requestBody(context)
  if (http === undefined || body === undefined) return 1
  const reply = execute(state, body)
  if (reply === undefined) return http.reply(context, 400, 'Bad Request', TYPE, '') ? 1 : -1
  return reply instanceof Promise ? reply.then((settled) => send(context, http, settled)) : send(context, http, reply)
}

function send(context: RouteContext, http: HttpReplier, { code, text, body }: JsonReply): number {
  return http.reply(context, code, text, TYPE, body) ? 1 : -1
}
