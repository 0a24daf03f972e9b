/** Which AVPs: one by name, or all whose names are texts (`s`), numbers (`i`) or either (`a`), with script flags behind the letter. */
import { arg, type Arg, type PrepareEnv } from '../../define/define.ts'
import type { Avp } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { readAvp, splitVariable, type AvpNaming } from './avp-name.ts'

export interface Match {
  /** Undefined for all of a kind. */
  readonly naming: AvpNaming | undefined
  readonly kind: 'a' | 'i' | 's'
  /** Bits that an AVP must have, and that a loaded one gets. */
  readonly scriptFlags: number
}

/** Where in the database: a table, or a scheme. */
export interface DbMatch extends Match {
  readonly table: string | undefined
  readonly scheme: string | undefined
}

/** Kamailio keeps the flags that scripts set in the upper byte. */
const SCRIPT_FLAG_SHIFT = 8
/** The flag of AVPs that came from the database, or went there: they are not stored again. */
export const IN_DATABASE = 1 << 4

/** The match and what stands behind its slash; a text answer is the error message. */
function readMatch(text: string, env: PrepareEnv): { readonly match: Match; readonly rest: string | undefined } | string {
  const split = splitVariable(text)
  if (split !== undefined) {
    const naming = readAvp(split.variable, env)
    if (naming === undefined) return `'${split.variable}' is no AVP`
    return typeof naming === 'string' ? naming : { match: { naming, kind: 'a', scriptFlags: 0 }, rest: split.rest }
  }
  const letters = /^([ais])(\d{1,3})?(?:\/(.*))?$/i.exec(text)
  if (letters === null) return `'${text}' names no AVPs: write $avp(name), or a, i or s`
  const [, letter = 'a', flags = '0', rest] = letters
  const kind = letter.toLowerCase()
  if (Number(flags) > 255) return `script flags go up to 255, not ${flags}`
  return {
    match: { naming: undefined, kind: kind === 'i' || kind === 's' ? kind : 'a', scriptFlags: Number(flags) << SCRIPT_FLAG_SHIFT },
    rest: rest === '' ? undefined : rest,
  }
}

export interface Deletion extends Match {
  readonly isAll: boolean
}

export const deletionArg: Arg<Deletion> = arg.custom('name', 'An AVP, or a, i, s for all of a kind; `/g` for all values.', (text, env) => {
  const read = readMatch(text, env)
  if (typeof read === 'string') return read
  const flags = (read.rest ?? '').toLowerCase()
  return flags === '' || flags === 'g' ? { fixed: { ...read.match, isAll: flags === 'g' } } : `'${flags}' is no flag here: there is g`
})

const MATCH = 'An AVP, or a, i, s for all of a kind; behind a slash a table, or `$` and a scheme.'

export const matchArg: Arg<DbMatch> = arg.custom('name', MATCH, (text, env) => {
  const read = readMatch(text, env)
  if (typeof read === 'string') return read
  const { match, rest } = read
  const scheme = rest?.startsWith('$') === true ? rest.slice(1) : undefined
  if (scheme !== undefined && match.naming === undefined) return 'a scheme needs the name of an AVP for its values'
  return { fixed: { ...match, table: scheme === undefined ? rest : undefined, scheme } }
})

const fits = (avp: Avp, { kind, scriptFlags }: Match): boolean =>
  (kind === 'a' || (kind === 'i') === (typeof avp.name === 'number')) && (avp.flags & scriptFlags) === scriptFlags

/** The AVPs there are, the newest first. */
export function matching(context: RouteContext, match: Match): readonly Avp[] {
  if (match.naming === undefined) return [...context.avps.all()].filter((avp) => fits(avp, match))
  const name = match.naming(context)
  const found: Avp[] = []
  if (name === undefined) return found
  for (let avp = context.avps.first(name); avp !== undefined; avp = context.avps.next(avp, name)) found.push(avp)
  return found
}
