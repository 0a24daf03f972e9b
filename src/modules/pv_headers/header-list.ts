/** The collected headers: fields of a `$xavi`, in the order of the message; `$null` stands for a header taken out. */
import type { RouteContext } from '../../runtime/context.ts'
import { setXavpChild, XavpTree, type Xavp } from '../../runtime/xavp.ts'
import type { PvHeaders } from './state.ts'

export function listOf(state: PvHeaders, context: RouteContext): XavpTree | undefined {
  const root = context.xavps.xavi.get(state.params.xavi_name)?.value
  return root instanceof XavpTree ? root : undefined
}

/** The list, made where there is none. */
export function openList(state: PvHeaders, context: RouteContext): XavpTree {
  const found = listOf(state, context)
  if (found !== undefined) return found
  const { xavi } = context.xavps
  const list = xavi.sibling()
  xavi.add(state.params.xavi_name, list)
  // Scripts find the name of the list here, as in Kamailio.
  setXavpChild(xavi, 'modparam_pv_headers', 'xavi_name', state.params.xavi_name)
  return list
}

export function forgetList(state: PvHeaders, context: RouteContext): void {
  context.xavps.xavi.removeAll(state.params.xavi_name)
}

/** Entries of a name, from the first header to the last. */
export function entriesOf(list: XavpTree, name: string): Xavp[] {
  const entries: Xavp[] = []
  for (let at = list.get(name); at !== undefined; at = list.next(at)) entries.push(at)
  return entries
}

export function append(state: PvHeaders, context: RouteContext, name: string, value: string | null): void {
  openList(state, context).addLast(name, value)
}

/** The value at an index, the last one for -1; null where there is none or it is taken out. */
export function valueAt(list: XavpTree, name: string, index: number): string | null {
  const entries = entriesOf(list, name)
  const entry = entries[index < 0 ? entries.length + index : index]
  if (entry === undefined || entry.value === null) return null
  return typeof entry.value === 'string' ? entry.value : ''
}

export type WriteResult = 'written' | 'no such index' | 'invalid index'

/** Writes over the value at an index; the first one of its name is added in any case. */
export function writeAt(list: XavpTree, name: string, index: number, value: string | null): WriteResult {
  const entries = entriesOf(list, name)
  const place = index < 0 ? entries.length + index : index
  if (place < 0) return 'invalid index'
  const entry = entries[place]
  if (entry !== undefined) replace(list, entry, name, value)
  else if (entries.length === 0) list.addLast(name, value)
  return entry !== undefined || entries.length === 0 ? 'written' : 'no such index'
}

/** Puts one value in the place of all of that name. */
export function writeAll(list: XavpTree, name: string, value: string | null): void {
  list.removeAll(name)
  list.addLast(name, value)
}

/** Takes a header out; one that is not there stays that way. */
export function takeOut(list: XavpTree, name: string): void {
  const [first, ...others] = entriesOf(list, name)
  for (const other of others) list.remove(other)
  if (first !== undefined) first.value = null
}

/** The new entry has the name as it was written last, in the place of the old one. */
function replace(list: XavpTree, entry: Xavp, name: string, value: string | null): void {
  if (entry.name === name) {
    entry.value = value
    return
  }
  const entries: { readonly name: string; readonly value: Xavp['value'] }[] = []
  for (let at = list.head; at !== undefined; at = at.next) entries.push(at === entry ? { name, value } : { name: at.name, value: at.value })
  list.clear()
  for (const { name: own, value: held } of entries.reverse()) list.add(own, held)
}
