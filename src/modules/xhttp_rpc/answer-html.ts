/** Answers of commands as lines of HTML. */
import { RpcDouble, RpcNamedList, RpcStruct, type RpcValue } from '../../define/define.ts'
import { numberText } from '../../rpc/json-write.ts'

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => escapes[char] ?? char)
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** One line for each value; members of structures are indented by tabs. */
export function answerHtml(values: readonly RpcValue[]): string {
  return values.map((value) => linesOf(value, 0)).join('')
}

function linesOf(value: RpcValue, depth: number): string {
  if (value instanceof RpcStruct || value instanceof RpcNamedList) {
    return value.entries.map(([name, member]) => memberLines(name, member, depth)).join('')
  }
  if (isList(value)) return value.map((item) => linesOf(item, depth)).join('')
  return `${'\t'.repeat(depth)}${escapeHtml(plainText(value))}<br/>`
}

function memberLines(name: string, value: RpcValue, depth: number): string {
  const start = `${'\t'.repeat(depth)}${escapeHtml(name)}: `
  if (value instanceof RpcStruct) return `${start}<br/>${linesOf(value, depth + 1)}`
  if (value instanceof RpcNamedList || isList(value)) return `${start}<br/>${linesOf(value, depth + 2)}`
  return `${start}${escapeHtml(plainText(value))}<br/>`
}

function isList(value: RpcValue): value is readonly RpcValue[] {
  return Array.isArray(value)
}

function plainText(value: Exclude<RpcValue, RpcStruct | RpcNamedList | readonly RpcValue[]>): string {
  if (value === null) return ''
  if (value instanceof RpcDouble) return value.value.toFixed(6)
  return typeof value === 'number' ? numberText(value) : value
}
