import type { RouteContext } from '../../runtime/context.ts'
import { xhttpApi, type Xhttp } from '../xhttp/api.ts'
import { execute, type JsonReply } from './execute.ts'
import type { Jsonrpcs } from './state.ts'

const TYPE = 'application/json'

/**
 * jsonrpc_dispatch(): the body of the HTTP request is the document. Nothing happens to a message that is no HTTP, and what is no JSON gets
 * no answer (-1): the script may give one.
 */
export function dispatchHttp(context: RouteContext, state: Jsonrpcs): number | Promise<number> {
  const http = state.host.api(xhttpApi)
  if (http === undefined || !http.isRequest(context)) return 1
  const reply = execute(state, context.message.body())
  if (reply === undefined) return -1
  return reply instanceof Promise ? reply.then((settled) => send(context, http, settled)) : send(context, http, reply)
}

function send(context: RouteContext, http: Xhttp, { code, text, body }: JsonReply): number {
  return http.reply(context, code, text, TYPE, body)
}
