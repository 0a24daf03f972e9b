/** JSON-RPC 2.0 in Kamailio's manner: what a document asks for, and the document that answers. */
import { RpcDouble, RpcFault, RpcNamedList, RpcStruct, type RpcAnswer, type RpcArgument, type RpcValue } from '../define/define.ts'
import { readJson } from './json-read.ts'
import { JsonObject, type JsonValue } from './json-value.ts'

export interface JsonRequest {
  /** Undefined when the document names none, or says nothing of JSON-RPC 2.0: `refusal` tells. */
  readonly method: string | undefined
  readonly params: readonly RpcArgument[]
  /** Text or number to repeat; undefined when there is none. */
  readonly id: string | number | undefined
  /** The name of the pipe that the answer goes to, for requests by FIFO. */
  readonly replyName: string | undefined
  /** Why nothing is run. */
  readonly refusal: string | undefined
  /** The method is known to be asked for: its way of answering counts even though it is not run. */
  readonly isAddressed: boolean
}

/** Reads a request; undefined when the text is no JSON. */
export function readJsonRequest(text: string): JsonRequest | undefined {
  const document = readJson(text)
  if (document === undefined) return undefined
  const fields = document instanceof JsonObject ? document : new JsonObject()
  const version = fields.get('jsonrpc')
  const method = fields.get('method')
  const replyName = fields.get('reply_name')
  const params = readParams(fields.get('params'))
  return {
    method: typeof method === 'string' ? method : undefined,
    params: params ?? [],
    id: readId(fields.get('id')),
    replyName: typeof replyName === 'string' ? replyName : undefined,
    refusal: refusalOf(version, method, params),
    isAddressed: version === '2.0' && typeof method === 'string',
  }
}

function refusalOf(version: JsonValue | undefined, method: JsonValue | undefined, params: unknown): string | undefined {
  if (version === undefined) return 'missing jsonrpc field in request'
  if (version !== '2.0') return `unsupported jsonrpc version [${typeof version === 'string' ? version : ''}]`
  if (typeof method !== 'string') return 'missing jsonrpc method field in request'
  return params === undefined ? 'params field is not an array or object' : undefined
}

/** Members of an array, or of an object without their names; undefined for anything else. */
function readParams(value: JsonValue | undefined): readonly RpcArgument[] | undefined {
  if (value === undefined) return []
  if (value === null) return undefined
  if (value instanceof JsonObject) return value.entries.map(([, each]) => argumentOf(each))
  return typeof value === 'object' ? value.map(argumentOf) : undefined
}

function argumentOf(value: JsonValue): RpcArgument {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isInteger(value) ? value : new RpcDouble(value)
  return null
}

function readId(value: JsonValue | undefined): string | number | undefined {
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value
  return value === true ? 1 : 0
}

/** The document that answers. Without `returnsArray` only the last value is shown, as in Kamailio. */
export function jsonAnswer(answer: RpcAnswer, returnsArray: boolean, id: string | number | undefined): JsonObject {
  const document = new JsonObject().add('jsonrpc', '2.0')
  if (answer instanceof RpcFault) {
    document.add('error', new JsonObject().add('code', answer.code).add('message', answer.reason))
  } else if (returnsArray) {
    document.add('result', answer.map(jsonOf))
  } else {
    const last = answer.at(-1)
    document.add('result', last === undefined ? new JsonObject() : jsonOf(last))
  }
  if (id !== undefined) document.add('id', id)
  return document
}

/** A value of an answer as JSON. */
export function jsonOf(value: RpcValue): JsonValue {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value
  if (value instanceof RpcDouble) return value.value
  if (value instanceof RpcNamedList) return value.entries.map(([name, each]) => new JsonObject().add(name, jsonOf(each)))
  if (!(value instanceof RpcStruct)) return value.map(jsonOf)
  const object = new JsonObject()
  for (const [name, each] of value.entries) object.add(name, jsonOf(each))
  return object
}
