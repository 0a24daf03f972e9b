/** Actions of the script by Kamailio's numbers and names, for those who trace it. */
import type { ScriptAction } from '../runtime/script-trace.ts'
import type { Call, If, Switch } from './ast.ts'
import type { CallPlan } from './compile-plan.ts'
import type { FunctionCode } from './emit-function.ts'
import { constantValue } from './compile-simplify.ts'
import { CORE_MODULE } from './registry.ts'

const MODULE_CALL = 24
const MODULE_CALL_COMPUTED = 31
const ARGUMENTS_MAX = 6
const MODULE_CALL_OF_MANY = 31
const UNKNOWN = 'unknown'

export const ActionType = { if: 16, eval: 19, jumpTable: 20, switch: 21, match: 22, while: 23, assign: 63, flow: 2, route: 5 } as const

/** So many labels within such a range, at least, make a table of jumps in Kamailio. */
const JUMPS_MIN = 4
const JUMP_RANGE = 100

/** Functions that Kamailio's grammar has words for. */
const CORE_FUNCTIONS: Readonly<Record<string, readonly [type: number, name: string]>> = {
  forward: [1, 'forward'], log: [3, 'log'], error: [4, 'error'], exec: [6, 'exec'],
  sethost: [7, 'sethost'], rewritehost: [7, 'sethost'], sethostport: [8, 'sethostport'], rewritehostport: [8, 'sethostport'],
  setuser: [9, 'setuser'], rewriteuser: [9, 'setuser'], setuserpass: [10, 'setuserpass'], rewriteuserpass: [10, 'setuserpass'],
  setport: [11, 'setport'], rewriteport: [11, 'setport'], seturi: [12, 'seturi'], rewriteuri: [12, 'seturi'],
  sethostporttrans: [13, 'sethostporttrans'], rewritehostporttrans: [13, 'sethostporttrans'], setuserphone: [15, 'setuserphone'],
  userphone: [15, 'setuserphone'], setflag: [39, 'setflag'], resetflag: [40, 'resetflag'], isflagset: [41, 'isflagset'],
  setavpflag: [42, 'avpflag'], resetavpflag: [42, 'avpflag'], isavpflagset: [42, 'avpflag'], prefix: [44, 'prefix'],
  strip: [45, 'strip'], strip_tail: [46, 'striptail'], append_branch: [47, 'append_branch'], remove_branch: [48, UNKNOWN],
  clear_branches: [49, UNKNOWN], revert_uri: [50, 'reverturi'], forward_tcp: [51, 'forward_tcp'], forward_udp: [52, 'forward_udp'],
  forward_tls: [53, 'forward_tls'], forward_sctp: [54, 'forward_sctp'], force_rport: [55, 'force_rport'],
  add_rport: [55, 'force_rport'], add_local_rport: [56, 'add_local_rport'], set_advertised_address: [57, 'set_adv_addr'],
  set_advertised_port: [58, 'set_adv_port'], force_tcp_alias: [59, 'force_tcp_alias'], add_tcp_alias: [59, 'force_tcp_alias'],
  force_send_socket: [62, 'force_send_socket'], udp_mtu_try_proto: [65, 'udp_mtu_try_proto'],
  set_forward_no_connect: [66, 'set_fwd_no_connect'], set_reply_no_connect: [67, 'set_rpl_no_connect'],
  set_forward_close: [68, 'set_fwd_close'], set_reply_close: [69, 'set_rpl_close'], cfg_select: [70, UNKNOWN], cfg_reset: [71, UNKNOWN],
}

/** What assigning to these variables does beside. */
const SETTERS: Readonly<Record<string, readonly [type: number, name: string]>> = {
  ru: [12, 'seturi'], ruri: [12, 'seturi'], rU: [9, 'setuser'], 'ruri.user': [9, 'setuser'], rd: [7, 'sethost'],
  'ruri.domain': [7, 'sethost'], rp: [11, 'setport'],
}

export function traceAction(code: FunctionCode, type: number, name: string, line: number): void {
  if (code.emission.isTraced) code.line(traceCode(code, type, name, line))
}

function traceCode(code: FunctionCode, type: number, name: string, line: number): string {
  const action: ScriptAction = { type, name, line, routeName: line === 0 ? '' : code.routeName }
  return `trace(context, ${code.emission.constant(action, 'action')})`
}

/** Code that tells of a call, before it is made. */
export function callTrace(code: FunctionCode, call: Call, plan: CallPlan | undefined): string {
  const line = call.span.endLine
  if (plan === undefined) return traceCode(code, ActionType.route, 'route', line)
  if (plan.entry.module.definition.name === CORE_MODULE) {
    const [type, name] = CORE_FUNCTIONS[call.name] ?? [ActionType.eval, call.name]
    return traceCode(code, type, name, line)
  }
  const count = call.args.length
  const isComputed = plan.args.some((arg) => arg.kind === 'computed')
  const type = count > ARGUMENTS_MAX ? MODULE_CALL_OF_MANY : (isComputed ? MODULE_CALL_COMPUTED : MODULE_CALL) + count
  return traceCode(code, type, call.name, line)
}

export function traceSetter(code: FunctionCode, target: string): void {
  const setter = SETTERS[target.replace(/^\$\(?|\)$/g, '')]
  if (setter !== undefined) traceAction(code, setter[0], setter[1], 0)
}

/** Kamailio has several ways to do a switch, by its labels. */
export function traceSwitch(code: FunctionCode, s: Switch): void {
  const labels = s.cases.flatMap(({ match }) =>
    (match.kind === 'default' ? [] : [match.kind === 'regex' ? '' : constantValue(match.value) ?? 0]))
  const [first] = labels
  const line = s.span.endLine
  if (first === undefined) traceAction(code, ActionType.eval, 'eval', line)
  else if (typeof first === 'string') traceAction(code, ActionType.match, 'case', line)
  else traceAction(code, hasJumpTable(labels.map(Number)) ? ActionType.jumpTable : ActionType.switch, 'switch', line)
}

function hasJumpTable(labels: readonly number[]): boolean {
  return labels.some((start) => labels.filter((label) => label >= start && label - start < JUMP_RANGE).length >= JUMPS_MIN)
}

/** Kamailio knows an `if` without `else` by the line of what follows: only there it sees that no `else` does. */
export function lineOfIf(s: If, lineBehind: number): number {
  if (s.otherwise === undefined) return lineBehind
  return s.otherwise.kind === 'if' ? lineOfIf(s.otherwise, lineBehind) : s.span.endLine
}
