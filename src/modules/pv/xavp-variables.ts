/** `$xavp(root[i]=>field[j])`, `$xavi(...)` the same without regard to case, `$xavu(root=>field)`; `$cnt(...)`. */
import { variableFamily, type PrepareEnv, type PvIndex, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { indexValue, parseIndex } from '../../runtime/variable-spec.ts'
import { XavpTree, xavpText, type Xavp } from '../../runtime/xavp.ts'
import { prepareAvpName } from './avp-variables.ts'
import type { PvState } from './state.ts'

interface Step {
  readonly name: string
  readonly index: PvIndex
}

interface XavpPath {
  readonly root: Step
  readonly field: Step | undefined
}

const ALL_SEPARATOR = ', '

/** Parses `root[i]=>field[j]`. A text answer is the error message. */
export function parseXavpPath(text: string, env: PrepareEnv): XavpPath | string {
  const arrow = /^([^=[]*(?:\[.*?\])?)\s*=/s.exec(text)
  const root = parseStep(arrow ? (arrow[1] ?? '') : text, env)
  if (typeof root === 'string') return root
  if (!arrow) return { root, field: undefined }
  if (text.charAt(arrow[0].length) !== '>') return `write => between the names in ${text}`
  const field = parseStep(text.slice(arrow[0].length + 1), env)
  return typeof field === 'string' ? field : { root, field }
}

function parseStep(text: string, env: PrepareEnv): Step | string {
  const trimmed = text.trim()
  const open = trimmed.indexOf('[')
  const name = (open < 0 ? trimmed : trimmed.slice(0, open)).trimEnd()
  if (name === '') return 'a name is missing'
  if (open < 0) return { name, index: { kind: 'none' } }
  const close = trimmed.lastIndexOf(']')
  if (close < open) return `the bracket in ${trimmed} is not closed`
  if (close === open + 1) return `an index is missing in ${trimmed}`
  const index = parseIndex(trimmed.slice(open + 1, close), env)
  return typeof index === 'string' ? index : { name, index }
}

/** The position that an index means: negative ones count from the oldest, which is -1. */
function position(tree: XavpTree, step: Step, context: RouteContext): number {
  const index = indexValue(step.index, context)
  return index < 0 ? tree.count(step.name) + index : index
}

/** As above for assignments, where Kamailio counts one further: -1 is behind the oldest. */
function assignPosition(tree: XavpTree, step: Step, context: RouteContext): number {
  const index = indexValue(step.index, context)
  return index < 0 ? tree.count(step.name) + index + 1 : index
}

/** Kamailio looks for a field in the root list when the entry has lost all its fields. */
function fieldsOf(root: XavpTree, fields: XavpTree): XavpTree {
  return fields.head ? fields : root
}

function read(tree: XavpTree, path: XavpPath, context: RouteContext): PvValue {
  const entry = tree.get(path.root.name, position(tree, path.root, context))
  if (!entry) return null
  if (!path.field) return xavpText(entry.value)
  if (!(entry.value instanceof XavpTree)) return null
  const fields = fieldsOf(tree, entry.value)
  const index = position(fields, path.field, context)
  let field = fields.get(path.field.name, index)
  if (!field) return null
  if (path.field.index.kind !== 'all') return xavpText(field.value)
  let text = print(field)
  while ((field = fields.next(field))) text += ALL_SEPARATOR + print(field)
  return text
}

function print(entry: Xavp): string {
  return String(xavpText(entry.value) ?? '')
}

function remove(tree: XavpTree, path: XavpPath, context: RouteContext): boolean {
  const { root, field } = path
  if (!field) {
    if (root.index.kind === 'all') tree.removeAll(root.name)
    else tree.removeAt(root.name, assignPosition(tree, root, context))
    return true
  }
  if (root.index.kind === 'all') {
    for (let entry = tree.get(root.name); entry; entry = tree.next(entry)) removeField(entry, field, context)
    return true
  }
  removeField(tree.get(root.name, assignPosition(tree, root, context)), field, context)
  return true
}

function removeField(entry: Xavp | undefined, field: Step, context: RouteContext): void {
  if (!entry || !(entry.value instanceof XavpTree)) return
  if (field.index.kind === 'all') entry.value.removeAll(field.name)
  else entry.value.removeAt(field.name, assignPosition(entry.value, field, context))
}

function write(tree: XavpTree, path: XavpPath, context: RouteContext, value: string | number): boolean {
  const { root, field } = path
  if (root.index.kind === 'all') return field !== undefined
  if (!field) {
    if (root.index.kind !== 'none') return tree.set(root.name, assignPosition(tree, root, context), value)
    tree.add(root.name, value)
    return true
  }
  if (root.index.kind === 'none') {
    const fields = tree.sibling()
    fields.add(field.name, value)
    tree.add(root.name, fields)
    return true
  }
  const entry = tree.get(root.name, assignPosition(tree, root, context))
  if (!entry) return true
  if (!(entry.value instanceof XavpTree)) return false
  if (field.index.kind === 'none') entry.value.add(field.name, value)
  else if (field.index.kind !== 'all') entry.value.set(field.name, assignPosition(entry.value, field, context), value)
  return true
}

type TreeOf = (context: RouteContext) => XavpTree

function stackFamily(name: string, summary: string, treeOf: TreeOf): VariableDef<PvState> {
  return variableFamily<PvState>(summary, { inner: 'required', writable: true }, (inner, _index, env) => {
    const path = parseXavpPath(inner ?? '', env)
    if (typeof path === 'string') return `$${name}(${inner}): ${path}`
    return {
      get: (context) => read(treeOf(context), path, context),
      set(context, _state, value) {
        const tree = treeOf(context)
        return value === null ? remove(tree, path, context) : write(tree, path, context, value)
      },
    }
  })
}

function uniqueFamily(): VariableDef<PvState> {
  return variableFamily<PvState>(
    'One value per name that lives with the transaction: $xavu(root=>field).',
    { inner: 'required', writable: true },
    (inner) => {
      const [, root = '', field] = /^([^=]*?)(?:=>(.+))?$/s.exec((inner ?? '').trim()) ?? []
      if (root === '') return `$xavu(${inner}): a name is missing`
      return {
        get({ xavps }) {
          const entry = xavps.xavu.get(root)
          if (!entry) return null
          if (field === undefined) return xavpText(entry.value)
          if (!(entry.value instanceof XavpTree)) return null
          const child = fieldsOf(xavps.xavu, entry.value).get(field)
          return child ? xavpText(child.value) : null
        },
        set({ xavps }, _state, value) {
          setUnique(xavps.xavu, root, field, value)
          return true
        },
      }
    },
  )
}

/** Sets, or with `$null` removes, a unique value or a field of one. */
export function setUnique(tree: XavpTree, root: string, field: string | undefined, value: PvValue): void {
  if (field === undefined) {
    if (value === null) tree.removeAll(root)
    else tree.put(root, value)
    return
  }
  const entry = tree.get(root)
  if (entry && entry.value instanceof XavpTree) {
    if (value === null) entry.value.removeAll(field)
    else entry.value.put(field, value)
    return
  }
  if (value === null) return
  const fields = tree.sibling()
  fields.add(field, value)
  tree.put(root, fields)
}

/** How many values `$cnt($xavp(...))` means: without index, as with [*], all of them. */
function countXavps(tree: XavpTree, path: XavpPath, context: RouteContext): number {
  const { root, field } = path
  const all = root.index.kind === 'none' || root.index.kind === 'all'
  const fixed = all ? undefined : tree.get(root.name, position(tree, root, context))
  if (!field) return all ? tree.count(root.name) : fixed ? 1 : 0
  if (!all) return fixed ? countFields(fixed, field, context) : 0
  let count = 0
  for (let entry = tree.get(root.name); entry; entry = tree.next(entry)) count += countFields(entry, field, context)
  return count
}

function countFields(entry: Xavp, field: Step, context: RouteContext): number {
  if (!(entry.value instanceof XavpTree)) return 0
  if (field.index.kind === 'none' || field.index.kind === 'all') return entry.value.count(field.name)
  return entry.value.get(field.name, position(entry.value, field, context)) ? 1 : 0
}

export const xavpVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  xavp: stackFamily('xavp', 'Stacks of values with fields that live with the transaction.', (context) => context.xavps.xavp),
  xavi: stackFamily('xavi', 'As $xavp, names in any case.', (context) => context.xavps.xavi),
  xavu: uniqueFamily(),
  cnt: variableFamily<PvState>('How many values an AVP or XAVP has: $cnt($avp(x)).', { inner: 'required' }, (inner, _index, env) => {
    const parts = /^\$(avp|xavp)\((.*)\)$/s.exec((inner ?? '').trim())
    if (!parts) return `$cnt(${inner}) counts values of $avp(...) or $xavp(...)`
    if (parts[1] === 'avp') {
      const naming = prepareAvpName(parts[2] ?? '', env)
      if (typeof naming === 'string') return naming
      return {
        get(context, state) {
          const name = naming(context, state)
          return name ? context.avps.count(name) : null
        },
      }
    }
    const path = parseXavpPath(parts[2] ?? '', env)
    return typeof path === 'string' ? path : { get: (context) => countXavps(context.xavps.xavp, path, context) }
  }),
}
