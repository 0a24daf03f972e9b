/** The rules by dialplan: read from the table, looked through for each text. */
import { isDbError, type DbValue } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { makeRule, ruleMatches, type Rule } from './rule.ts'
import type { Dialplan } from './state.ts'

/** Rules for texts of one length, in the order of their priority; length 0 is any. */
interface LengthRules {
  readonly length: number
  readonly rules: Rule[]
}

/** By dialplan; those for one length first, then those for any. */
export type Rules = ReadonlyMap<number, readonly LengthRules[]>

/** Reads the table; what was read before stays when that fails, and a text says why. */
export async function loadRules(state: Dialplan): Promise<string | undefined> {
  const { database, params, host } = state
  if (database === undefined) return 'there is no database'
  const { dpid_col, pr_col, match_op_col, match_exp_col, match_len_col, subst_exp_col, repl_exp_col, attrs_col } = params
  const columns = [dpid_col, pr_col, match_op_col, match_exp_col, match_len_col, subst_exp_col, repl_exp_col, attrs_col]
  const found = new Map<number, LengthRules[]>()
  let problem: string | undefined
  const count = await database.scan(
    { table: params.table_name, columns, orderBy: pr_col }, Math.max(params.fetch_rows, 1),
    ({ rows }) => {
      for (const row of rows) problem ??= addRow(state, found, row)
    },
  )
  if (isDbError(count)) return `failed to query table ${params.table_name}: ${count.reason}`
  if (problem !== undefined) return problem
  if (count === 0) host.log.warning('dialplan', 'no data in the db')
  for (const lengths of found.values()) lengths.sort(anyLengthLast)
  state.rules = found
  return undefined
}

const anyLengthLast = (one: LengthRules, other: LengthRules): number =>
  Number(one.length === 0) - Number(other.length === 0) || one.length - other.length

const text = (value: DbValue | undefined): string => (value === null || value === undefined ? '' : String(value))
const number = (value: DbValue | undefined): number => (typeof value === 'number' ? value : Number.parseInt(text(value), 10) || 0)

function addRow({ host, params }: Dialplan, found: Map<number, LengthRules[]>, row: readonly DbValue[]): string | undefined {
  const [dpid, priority, matchOp, matchExp, matchLength, substExp, replExp, attrs] = row
  const rule = makeRule(
    {
      dpid: number(dpid), priority: number(priority), matchOp: number(matchOp), matchExp: text(matchExp),
      matchLength: number(matchLength), substExp: text(substExp), replExp: text(replExp), attrs: text(attrs),
    },
    host.prepare, params.match_dynamic !== 0, host.log,
  )
  if (typeof rule === 'string') return rule
  const lengths = found.get(rule.dpid) ?? []
  found.set(rule.dpid, lengths)
  const own = lengths.find(({ length }) => length === rule.matchLength)
  if (own !== undefined) own.rules.push(rule)
  else lengths.push({ length: rule.matchLength, rules: [rule] })
  return undefined
}

/** The first rule that matches: of those for this length first. */
export function findRule(lengths: readonly LengthRules[], input: string, context: RouteContext | undefined): Rule | undefined {
  for (const { length, rules } of lengths) {
    if (length !== 0 && length !== input.length) continue
    for (const rule of rules) if (ruleMatches(rule, input, context)) return rule
  }
  return undefined
}
