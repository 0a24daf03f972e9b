import { RpcFault, type RpcAnswer, type RpcCall } from '../../define/define.ts'

/** `group` or `group[id]`; undefined when it is neither. */
export function parseGroup(text: string): { readonly group: string; readonly id: number | undefined } | undefined {
  const match = /^([^[\]]+)(?:\[(\d{1,9})\])?$/.exec(text)
  if (match === null) return undefined
  return { group: match[1] ?? '', id: match[2] === undefined ? undefined : Number(match[2]) }
}

export const wrongGroup = new RpcFault(400, 'Wrong group syntax. Use either "group", or "group[id]"')
export const wrongInstance = new RpcFault(400, 'Wrong group syntax. Use "group[id]"')

/** Group and name out of the first two arguments. */
export function readPlace(call: RpcCall): { readonly group: string; readonly id: number | undefined; readonly name: string } | RpcAnswer {
  const text = call.text(0)
  const name = text === undefined ? undefined : call.text(1)
  if (text === undefined || name === undefined) return call.failed
  const parsed = parseGroup(text)
  return parsed === undefined ? wrongGroup : { ...parsed, name }
}

export function isAnswer<T extends object>(value: T | RpcAnswer): value is RpcAnswer {
  return value instanceof RpcFault || Array.isArray(value)
}
