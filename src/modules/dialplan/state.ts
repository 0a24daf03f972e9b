import type { Database } from '../../db/database.ts'
import { param, type ParamValues, type VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import type { Rules } from './rules.ts'

export const dialplanParams = {
  db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database with the rules.'),
  table_name: param.str('dialplan', 'Table with the rules.'),
  dpid_col: param.str('dpid', 'Column with the dialplan that a rule belongs to.'),
  pr_col: param.str('pr', 'Column with the priority: small numbers come first.'),
  match_op_col: param.str('match_op', 'Column with the kind of match: 0 equal, 1 regular expression, 2 shell pattern.'),
  match_exp_col: param.str('match_exp', 'Column with what to match.'),
  match_len_col: param.str('match_len', 'Column with the length of texts that the rule is for; 0 for any.'),
  subst_exp_col: param.str('subst_exp', 'Column with the regular expression whose groups the replacement names.'),
  repl_exp_col: param.str('repl_exp', 'Column with the replacement.'),
  attrs_col: param.str('attrs', 'Column with the attributes.'),
  attrs_pvar: param.str('', 'Variable that gets the attributes of the rule that matched: an AVP or a script variable.'),
  fetch_rows: param.int(1000, 'Rows read at once.'),
  match_dynamic: param.int(0, 'Regular expressions of rules may hold variables.'),
  append_branch: param.int(1, 'In a failure route a new Request-URI becomes a branch.'),
  reload_delta: param.int(5, 'Seconds between two reloads at least; 0 for no limit.'),
}

export interface Dialplan {
  readonly host: Host
  readonly params: ParamValues<typeof dialplanParams>
  database: Database | undefined
  rules: Rules
  attributes: VariableHandle | undefined
  /** `$rU`, for dp_translate() without variables. */
  requestUser: { readonly source: VariableHandle; readonly destination: VariableHandle } | undefined
  /** When the table was read again last, in seconds; 0 for never. */
  reloadedAt: number
}
