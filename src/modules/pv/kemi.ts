/** Functions of KSR.pvx for whole trees of values, and for variables that must have been declared. */
import { ownValue } from '../../base/own-text.ts'
import { kemi, type KemiDef } from '../../define/define.ts'
import type { KemiValue } from '../../define/kemi.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { avpNameOf } from '../../runtime/avp.ts'
import { XavpTree, xavpText, type Xavp } from '../../runtime/xavp.ts'
import { evaluatedTwice } from './evaluate.ts'
import { removeChild } from './xavp-functions.ts'
import type { PvState } from './state.ts'

type Kemi = KemiDef<PvState>
type Family = 'xavp' | 'xavi' | 'xavu'

function entryAt(context: RouteContext, family: Family, name: string, index: number): Xavp | undefined {
  return context.xavps[family].get(name, index)
}

/** Fields as an object of lists, the newest value of each name first. */
function fieldsOf(entry: Xavp): KemiValue {
  if (!(entry.value instanceof XavpTree)) return xavpText(entry.value)
  const fields: Record<string, KemiValue[]> = {}
  for (let at = entry.value.head; at; at = at.next) (fields[at.name] ??= []).push(fieldsOf(at))
  return fields
}

const tree = (family: Family): Readonly<Record<string, Kemi>> => ({
  [`${family}_get_keys`]: kemi({
    summary: `Names of the fields of a $${family}; nothing where it has none.`, args: ['name', 'index:int'], returns: 'xval',
    run(context, _state: PvState, name, index) {
      const entry = entryAt(context, family, name, index)
      if (!(entry?.value instanceof XavpTree)) return null
      const names = new Set<string>()
      for (let at = entry.value.head; at; at = at.next) names.add(at.name)
      return [...names]
    },
  }),
  [`${family}_getd`]: kemi({
    summary: `All values of a $${family}, with their fields.`, args: ['name'], returns: 'xval',
    run(context, _state: PvState, name) {
      const found: KemiValue[] = []
      for (let at = entryAt(context, family, name, 0); at; at = context.xavps[family].next(at)) found.push(fieldsOf(at))
      return found.length === 0 ? null : found
    },
  }),
  [`${family}_getd_p1`]: kemi({
    summary: `One value of a $${family}, with its fields.`, args: ['name', 'index:int'], returns: 'xval',
    run(context, _state: PvState, name, index) {
      const entry = entryAt(context, family, name, index)
      return entry === undefined ? null : fieldsOf(entry)
    },
  }),
})

function undeclared({ host }: PvState, name: string, isRead: boolean): number {
  if (isRead) host.log.warning('pv', `$shv(${name}) is not defined - return value 0`)
  else host.log.error('pv', `$shv(${name}) is not defined`)
  return isRead ? 0 : -1
}

function setShared(state: PvState, name: string, value: string | number): number {
  if (!state.shared.has(name)) return undeclared(state, name, false)
  state.shared.set(name, ownValue(value))
  return 1
}

export const pvKemi: Readonly<Record<string, Kemi>> = {
  ...tree('xavp'),
  ...tree('xavi'),
  shv_get: kemi({
    summary: 'What `$shv(name)` holds.', args: ['name'], returns: 'xval',
    run: (_context, state: PvState, name) => state.shared.get(name) ?? undeclared(state, name, true),
  }),
  shv_sets: kemi({
    summary: 'Sets `$shv(name)`, which must have been declared.', args: ['name', 'value'],
    run: (_context, state: PvState, name, value) => setShared(state, name, value),
  }),
  shv_seti: kemi({
    summary: 'Sets `$shv(name)`, which must have been declared, to a number.', args: ['name', 'value:int'],
    run: (_context, state: PvState, name, value) => setShared(state, name, value),
  }),
  avp_rm: kemi({
    summary: 'Removes all values of `$avp(name)`.', args: ['name'],
    run(context, _state: PvState, text) {
      const name = avpNameOf(text)
      return name !== undefined && context.avps.removeAll(name) > 0 ? 1 : -1
    },
  }),
  xavu_rm: kemi({
    summary: 'Removes `$xavu(name)`.', args: ['name'],
    run(context, _state: PvState, name) {
      context.xavps.xavu.removeAll(name)
      return 1
    },
  }),
  xavu_child_rm: kemi({
    summary: 'Removes a field of `$xavu(name)`.', args: ['name', 'field'],
    run: (context, _state: PvState, name, field) => removeChild(context.xavps.xavu, name, field),
  }),
  evalx: kemi({
    summary: 'Evaluates a text with variables, then its result once more, into a variable.', args: ['variable', 'text'],
    run(context, { host }: PvState, variable, text) {
      const prepared = evaluatedTwice.prepare?.(text, host.prepare, undefined)
      const value = typeof prepared === 'object' && 'evaluate' in prepared ? prepared.evaluate(context) : undefined
      return value !== undefined && host.ksr.variable(context, variable)?.set(context, value) === true ? 1 : -1
    },
  }),
}
