/** pvh_header_param_exists() and pvh_remove_header_param(): members of lists such as `Supported: 100rel, timer`. */
import type { XavpTree } from '../../runtime/xavp.ts'
import { entriesOf } from './header-list.ts'

/** Whether a value of the header has that text in it, which is all that Kamailio looks for. */
export function hasParam(list: XavpTree, name: string, param: string): boolean {
  return entriesOf(list, name).some(({ value }) => typeof value === 'string' && value.includes(param))
}

/** Takes the members out that begin with that text; a value with none left is taken out itself. */
export function removeParam(list: XavpTree, name: string, param: string): void {
  const lower = param.toLowerCase()
  for (const entry of entriesOf(list, name)) {
    if (typeof entry.value === 'string' && entry.value.toLowerCase().includes(lower)) entry.value = without(entry.value, lower)
  }
}

function without(text: string, lower: string): string | null {
  const members = text.split(',').map((member) => member.trim())
  const kept = members.filter((member) => member !== '' && !member.toLowerCase().startsWith(lower))
  return kept.length === 0 ? null : kept.join(', ')
}
