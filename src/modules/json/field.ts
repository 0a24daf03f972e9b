/** Fields of documents. */
import type { PvValue, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { readDocument, type Json } from './read-document.ts'
import { writeValue } from './write-value.ts'

/** json_get_field(), json_get_string(): 1 with the field in the variable; -1 when there is no such field, or it is null. */
export function getField(
  context: RouteContext, text: string, name: string, destination: VariableHandle, isPlain: boolean,
): number {
  const { log } = context.host
  const document = text === '' ? undefined : readDocument(text)
  if (document === undefined || document === null) {
    log.error('json', 'empty or invalid JSON')
    return -1
  }
  const value = document instanceof Map ? document.get(name) : undefined
  if (value === undefined || value === null) return -1
  destination.set(context, isPlain ? plain(value) : writeValue(value))
  return 1
}

/** Strings without quotes, anything else as JSON. */
function plain(value: Json): string {
  return typeof value === 'string' ? value : writeValue(value)
}

/** What stands for a dot within a name. */
const DOT = '%'

/**
 * `{json.parse,path}`: names divided by dots, each with one index in brackets if wanted. Kamailio ends where a path has empty names; here
 * they are names like any other.
 */
export function fieldAt(context: RouteContext, text: string, path: string): PvValue {
  let value: Json | undefined = readDocument(text)
  if (value === undefined || value === null) {
    context.host.log.error('json', 'empty or invalid JSON')
    return ''
  }
  for (const step of path.split('.')) {
    const [, name = '', index = ''] = /^([^[]*)(?:\[([^\]]*))?/.exec(step) ?? []
    value = value instanceof Map ? value.get(name.replaceAll(DOT, '.')) : undefined
    // What is no number is 0, and what is no array has no index.
    if (index !== '' && Array.isArray(value)) value = value[Number.parseInt(index, 10) || 0]
    if (value === undefined || value === null) return ''
  }
  return plain(value)
}
