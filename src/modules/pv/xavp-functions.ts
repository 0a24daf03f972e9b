/** What functions do with extended AVPs. The answers are the script's: 1 done, -1 not. */
import { LogLevel } from '../../base/log.ts'
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import {
  serializeFields,
  setXavpChild,
  Xavp,
  XavpTree,
  xavpText,
  type XavpValue,
} from '../../runtime/xavp.ts'
import { parseParams } from './params-text.ts'
import type { PvState } from './state.ts'

function fail(context: RouteContext, text: string): number {
  context.host.log.error('pv', `${text}`)
  return -1
}

/** xavp_copy: appends a copy to the destination, or with `at` replaces the entry there. */
export function copyXavp(context: RouteContext, from: string, index: number, to: string, at?: number): number {
  const tree = context.xavps.xavp
  const source = tree.get(from, index)
  if (!source) return fail(context, `xavp_copy: there is no $xavp(${from}[${index}])`)
  const value: XavpValue = source.value instanceof XavpTree ? source.value.copy() : source.value
  if (at !== undefined) {
    const target = tree.get(to, at)
    if (!target) return fail(context, `xavp_copy: there is no $xavp(${to}[${at}])`)
    target.value = value
    return 1
  }
  let last: Xavp | undefined
  for (let entry = tree.get(to); entry; entry = tree.next(entry)) last = entry
  if (!last) tree.add(to, value)
  else {
    const copy = new Xavp(to, value)
    copy.next = last.next
    last.next = copy
  }
  return 1
}

/** xavp_params_explode: `a=1;b` becomes $xavp(name=>a), $xavp(name=>b). */
export function explodeParams(context: RouteContext, text: string, name: string, separator = ';'): number {
  const params = readParams(context, text, name, separator)
  if (!params) return -1
  const fields = new XavpTree()
  for (const param of params) fields.addLast(param.name, param.value)
  context.xavps.xavp.add(name, fields)
  return 1
}

/** As above for $xavu; there Kamailio puts the fields into the root list, where reading finds them too. */
export function explodeUnique(context: RouteContext, text: string, name: string): number {
  const params = readParams(context, text, name, ';')
  if (!params) return -1
  const tree = context.xavps.xavu
  for (const param of params.reverse()) tree.put(param.name, param.value)
  tree.put(name, tree.sibling())
  return 1
}

function readParams(context: RouteContext, text: string, name: string, separator: string) {
  if (text === '' || name === '') {
    fail(context, 'parameters and a name are needed')
    return undefined
  }
  return parseParams(text.endsWith(';') ? text.slice(0, -1) : text, separator)
}

/** xavp_params_implode: the fields as `a=1;b=2;` into a variable. */
export function implodeParams(context: RouteContext, tree: XavpTree, name: string, variable: VariableHandle): number {
  const text = serializeFields(tree, name)
  if (text === '') return -1
  return variable.set(context, text) ? 1 : fail(context, `${variable.text} takes no value`)
}

/** xavp_slist_explode: `a,b` becomes $xavp(name[0]=>v[0]), $xavp(name[0]=>v[1]). Each separator character counts. */
export function explodeList(context: RouteContext, text: string, separators: string, mode: string, name: string): number {
  if (text === '' || separators === '' || name === '') return fail(context, 'a list, separators and a name are needed')
  const fields = new XavpTree()
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !separators.includes(text.charAt(at))) continue
    const piece = text.slice(start, at)
    const item = mode.startsWith('t') ? piece.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '') : piece
    if (item !== '') fields.addLast('v', item)
    start = at + 1
  }
  context.xavps.xavp.add(name, fields)
  return 1
}

export function setChild(tree: XavpTree, name: string, field: string, value: string | number): number {
  setXavpChild(tree, name, field, value)
  return 1
}

export function removeChild(tree: XavpTree, name: string, field: string): number {
  const entry = tree.get(name)
  if (entry && entry.value instanceof XavpTree) entry.value.removeAt(field, 0)
  return 1
}

/** Takes the newest entries away so that `count` of them are gone from the stack. */
export function shiftLeft(tree: XavpTree, name: string, count: number): number {
  for (let left = count; left > 0; left--) if (!tree.removeAt(name, 0)) return -1
  return 1
}

/** pv_var_to_xavp: one variable, or with `*` all of them, as fields of an xavp that is made anew. */
export function variablesToXavp(context: RouteContext, state: PvState, name: string, xavp: string): number {
  const tree = context.xavps.xavp
  tree.removeAll(xavp)
  const names = name === '*' ? state.script.names() : [name]
  const fields = new XavpTree()
  for (const each of names) {
    if (!state.script.has(each)) return fail(context, `there is no $var(${each})`)
    const value = state.script.get(context.worker.variables, state.script.slot(each))
    if (value === '' && name === '*') continue
    fields.add(each, value ?? 0)
  }
  if (fields.head) tree.add(xavp, fields)
  return 1
}

/** pv_xavp_to_var: each field of each entry of that name into $var(field). */
export function xavpToVariables(context: RouteContext, state: PvState, name: string): number {
  const tree = context.xavps.xavp
  let entry = tree.get(name)
  if (!entry) return fail(context, `there is no $xavp(${name})`)
  if (!(entry.value instanceof XavpTree)) return fail(context, `$xavp(${name}) has no fields`)
  for (; entry; entry = tree.next(entry)) {
    if (!(entry.value instanceof XavpTree)) continue
    for (let field = entry.value.head; field; field = field.next) {
      const value = field.value
      if (typeof value !== 'string' && typeof value !== 'number') {
        return fail(context, `$xavp(${name}=>${field.name}) is neither text nor number`)
      }
      state.script.set(context.worker.variables, state.script.slot(field.name), value)
    }
  }
  return 1
}

/** pv_xavp_print and the like: writes all entries to the log. */
export function printTree(context: RouteContext, tree: XavpTree, family: string): number {
  if (context.host.log.isEnabled(LogLevel.info)) printLevel(context, tree, family, 0)
  return 1
}

function printLevel(context: RouteContext, tree: XavpTree, family: string, level: number): void {
  const line = (text: string): void => context.host.log.info('<core>', `${text}`)
  line(`+++++ start ${family} list (level=${level})`)
  for (let entry = tree.head; entry; entry = entry.next) {
    line(`     *** (l:${level}) ${family} name: ${entry.name}`)
    const value = entry.value
    if (value instanceof XavpTree) {
      line(`     ${family} value: <xavp>`)
      printLevel(context, value, family, level + 1)
    } else if (typeof value === 'number') line(`     ${family} value (int): ${value}`)
    else if (typeof value === 'string') line(`     ${family} value (str): ${value}`)
    else line(`     ${family} value: ${xavpText(value) ?? '<null>'}`)
    line(`     *** (l:${level}) end`)
  }
  line(`----- end ${family} list (level=${level})`)
}
