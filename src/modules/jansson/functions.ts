/** What the functions do. Each answers 1, or -1 with the reason in the log. */
import { toText, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { XavpTree } from '../../runtime/xavp.ts'
import { isUtf8, parseDocument, writeDocument, type Json, type JsonArray, type JsonMap } from './document.ts'
import { appendAt, setAt, valueAt } from './path.ts'
import { pvOf, valueOf } from './values.ts'

function refuse(context: RouteContext, reason: string): -1 {
  context.host.log.error('jansson', reason)
  return -1
}

export function get(context: RouteContext, path: string, source: string, destination: VariableHandle): number {
  const document = parseDocument(source)
  if (document === undefined) return refuse(context, `failed to parse json: ${source}`)
  const value = valueAt(document, path)
  if (value === undefined) return -1
  destination.set(context, pvOf(value))
  return 1
}

export function arraySize(context: RouteContext, path: string, source: string, destination: VariableHandle): number {
  const document = parseDocument(source)
  if (document === undefined) return refuse(context, `failed to parse json: ${source}`)
  const value = valueAt(document, path)
  if (!Array.isArray(value)) return refuse(context, `${path} is no array`)
  destination.set(context, value.length)
  return 1
}

type Change = (document: JsonArray | JsonMap, path: string, value: Json) => boolean

function change(
  context: RouteContext, type: string, path: string, text: string, result: VariableHandle, apply: Change,
): number {
  const value = valueOf(type, text)
  if (value === undefined) return refuse(context, `"${text}" is no value of type "${type}"`)
  const before = result.get(context)
  // A variable that holds no text begins with an empty object.
  const document = typeof before === 'string' ? parseDocument(before) : new Map<string, Json>()
  if (document === undefined) return refuse(context, `failed to parse json: ${toText(before)}`)
  if (!apply(document, path, value)) return refuse(context, `there is no place for the value at "${path}"`)
  result.set(context, writeDocument(document, true))
  return 1
}

export function set(context: RouteContext, type: string, path: string, text: string, result: VariableHandle): number {
  return change(context, type, path, text, result, setAt)
}

export function append(context: RouteContext, type: string, path: string, text: string, result: VariableHandle): number {
  return change(context, type, path, text, result, appendAt)
}

/** Members become fields of a new `$xavp(name)`; those that are objects or arrays stay JSON. */
export function decode(context: RouteContext, source: string, name: string): number {
  const document = parseDocument(source)
  if (document === undefined) return refuse(context, `failed to parse json: ${source}`)
  const { xavp } = context.xavps
  const fields = xavp.sibling()
  if (document instanceof Map) for (const [member, value] of document) if (member !== '') fields.add(member, pvOf(value))
  xavp.add(name, fields)
  return 1
}

/** The fields of the newest `$xavp(name)` as an object. */
export function encode(context: RouteContext, name: string, destination: VariableHandle): number {
  const fields = context.xavps.xavp.get(name)?.value
  if (!(fields instanceof XavpTree)) return refuse(context, `$xavp(${name}) has no fields`)
  const members: JsonMap = new Map()
  for (let at = fields.head; at !== undefined; at = at.next) {
    const value = jsonOf(at.value)
    if (!isUtf8(at.name) || (typeof value === 'string' && !isUtf8(value))) return refuse(context, `$xavp(${name}=>${at.name}) is no UTF-8`)
    members.set(at.name, value)
  }
  destination.set(context, writeDocument(members, false))
  return 1
}

function jsonOf(value: unknown): Json {
  if (typeof value === 'number') return BigInt(Math.trunc(value))
  return typeof value === 'string' || value === null ? value : '<<xavp>>'
}
