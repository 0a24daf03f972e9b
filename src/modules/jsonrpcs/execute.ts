/** Runs JSON-RPC documents. */
import { ownText } from '../../base/own-text.ts'
import { RpcCall, RpcFault, type RpcAnswer } from '../../define/define.ts'
import { jsonAnswer, readJsonRequest, type JsonRequest } from '../../rpc/json-rpc.ts'
import { writeJson } from '../../rpc/json-write.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Jsonrpcs } from './state.ts'

/** An answer as HTTP and the script see it. */
export interface JsonReply {
  readonly code: number
  readonly text: string
  readonly body: string
  /** Where an answer by FIFO goes. */
  readonly replyName: string | undefined
}

/** Undefined for a text that is no JSON: it is logged and not answered. */
export function execute(state: Jsonrpcs, document: string): JsonReply | Promise<JsonReply> | undefined {
  const request = readJsonRequest(document)
  if (request === undefined) {
    state.host.log.error('jsonrpcs', `invalid json doc [[${document}]]`)
    return undefined
  }
  if (request.refusal !== undefined) state.host.log.error('jsonrpcs', request.refusal)
  const answer = run(state, request)
  return answer instanceof Promise ? answer.then((settled) => replyOf(state, request, settled)) : replyOf(state, request, answer)
}

const methodNotFound = new RpcFault(500, 'Method Not Found')

function run({ host }: Jsonrpcs, { method, params, refusal }: JsonRequest): RpcAnswer | Promise<RpcAnswer> {
  if (refusal !== undefined || method === undefined) return []
  const answer = host.methods.run(method, new RpcCall('json', params))
  if (answer === undefined) host.log.error('jsonrpcs', `method callback not found [${method}]`)
  return answer ?? methodNotFound
}

function replyOf({ host, params }: Jsonrpcs, request: JsonRequest, answer: RpcAnswer): JsonReply {
  const returnsArray = request.isAddressed && host.methods.returnsArray(request.method ?? '') === true
  const isFault = answer instanceof RpcFault
  return {
    code: isFault ? answer.code : 200,
    text: isFault ? answer.reason : 'OK',
    body: writeJson(jsonAnswer(answer, returnsArray, request.id), params.pretty_format !== 0),
    replyName: request.replyName,
  }
}

/** jsonrpc_exec(): the answer stays with the worker until the next one. */
export function executeForScript(context: RouteContext, state: Jsonrpcs, document: string): number | Promise<number> {
  if (document === '') {
    state.host.log.error('jsonrpcs', 'cannot get the rpc command parameter')
    return -1
  }
  const reply = execute(state, ownText(document))
  if (reply === undefined) return -1
  const keep = (settled: JsonReply): number => {
    state.replies.set(context.worker, settled)
    return 1
  }
  return reply instanceof Promise ? reply.then(keep) : keep(reply)
}
