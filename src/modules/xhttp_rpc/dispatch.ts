import { ownText } from '../../base/own-text.ts'
import { RpcCall, RpcFault, type RpcAnswer } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { xhttpApi, type Xhttp } from '../xhttp/api.ts'
import { answerHtml } from './answer-html.ts'
import { page } from './page.ts'
import { groupsOf, readUrl, UrlError, type Groups, type Place } from './read-url.ts'

export interface State {
  readonly host: Host
  readonly params: { readonly xhttp_rpc_root: string; readonly xhttp_rpc_buf_size: number }
  /** Made when the first page is asked for: modules are all there then. */
  groups: Groups | undefined
}

/** A third of Kamailio's private memory of 8 MB. */
const PAGE_BYTES_MAX = 2796202

/** dispatch_xhttp_rpc(): 0, which ends the route, for an HTTP request, however it went; 1 for others. */
export function dispatch(context: RouteContext, state: State): number | Promise<number> {
  const http = state.host.api(xhttpApi)
  if (http === undefined || !http.isRequest(context)) return 1
  const groups = (state.groups ??= groupsOf(state.host.methods.names()))
  const place = readUrl(ownText(context.message.requestUri), state.params.xhttp_rpc_root, groups)
  if (place instanceof UrlError) {
    state.host.log.error('xhttp_rpc', `${place.reason}: ${context.message.requestUri}`)
    const { reason } = place
    return send(context, state, http, { place: place.place, code: 500, reason, heading: '', result: `500: ${reason}` })
  }
  if (place.command === undefined || place.args === undefined) {
    return send(context, state, http, { place, code: 200, reason: 'OK', heading: '', result: '' })
  }
  const answer = state.host.methods.run(place.command, new RpcCall('json', place.args, true)) ?? []
  return answer instanceof Promise
    ? answer.then((settled) => send(context, state, http, outcomeOf(place, settled)))
    : send(context, state, http, outcomeOf(place, answer))
}

interface Outcome {
  readonly place: Place
  readonly code: number
  readonly reason: string
  readonly heading: string
  readonly result: string
}

function outcomeOf(place: Place, answer: RpcAnswer): Outcome {
  const isFault = answer instanceof RpcFault
  const code = isFault ? answer.code : 200
  const reason = isFault ? answer.reason : 'OK'
  return { place, code, reason, heading: `${code}: ${reason}`, result: isFault ? '' : answerHtml(answer) }
}

function send(context: RouteContext, { host, params, groups }: State, http: Xhttp, outcome: Outcome): number {
  const { place, code, reason, heading, result } = outcome
  const text = page({
    product: host.identity.product, root: params.xhttp_rpc_root, groups: groups ?? new Map(), place, heading, result,
  })
  if (text.length <= (params.xhttp_rpc_buf_size || PAGE_BYTES_MAX)) http.reply(context, code, reason, 'text/html', text)
  else {
    host.log.error('xhttp_rpc', `the page has ${text.length} bytes: xhttp_rpc_buf_size is too small`)
    http.reply(context, 500, 'Internal Server Error', 'text/html', '')
  }
  return 0
}
