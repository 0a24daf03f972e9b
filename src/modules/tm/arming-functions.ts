import { arg, fn, form, type FunctionDef } from '../../define/define.ts'
import { RouteMask, type RouteName } from '../../define/route-kind.ts'
import { Option } from '../../transaction/transaction.ts'
import {
  resetFinalTimers, resetLifetime, resetRetransmission, routeName, setFinalTimers, setLifetime, setOption, setRetransmission, whenThere,
} from './arming.ts'
import type { Tm } from './state.ts'

const USUAL: readonly RouteName[] = ['request', 'tmOnreply', 'failure', 'branch']

/** A function that names the route to run later. */
const arming = (summary: string, routes: readonly RouteName[], key: 'onReply' | 'onFailure' | 'onBranch' | 'onBranchFailure') =>
  fn({
    summary,
    routes,
    args: [arg.literal('route', 'Name of the route; 0 for none.')],
    run: (context, tm: Tm, name) => {
      const route = routeName(name)
      return whenThere(tm, context, (transaction) => {
        const isOfBranch = context.routeType === RouteMask.branch && (key === 'onReply' || key === 'onFailure')
        const own = isOfBranch ? transaction.branches[context.branchIndex] : undefined
        if (own !== undefined && isOfBranch) own[key] = route
        else if (route !== '' || transaction.armed[key] !== '') transaction.arm()[key] = route
      }, (arming) => {
        arming[key] = route
      })
    },
  })

const switching = (summary: string, option: number, routes = USUAL): FunctionDef<Tm> =>
  fn({
    summary,
    routes,
    args: [arg.int('value', '1 for on, 0 for off.')],
    run: (context, tm: Tm, value) => setOption(tm, context, option, value !== 0),
  })

const resetting = (summary: string, run: (tm: Tm, context: Parameters<typeof resetFinalTimers>[1]) => number): FunctionDef<Tm> =>
  fn({ summary, routes: USUAL, args: [], run: (context, tm: Tm) => run(tm, context) })

const milliseconds = (name: string, what: string) => arg.int(name, `Milliseconds ${what}; 0 leaves it as it is.`)

export const armingFunctions = {
  t_on_reply: arming('Names the onreply_route for replies of the transaction.', USUAL, 'onReply'),
  t_on_failure: arming('Names the failure_route for when no branch succeeds.', USUAL, 'onFailure'),
  t_on_branch: arming('Names the branch_route for each branch made later.', ['request', 'failure'], 'onBranch'),
  t_on_branch_failure: arming('Names the event_route[tm:branch-failure:...] for each branch that fails.', USUAL, 'onBranchFailure'),
  t_set_fr: {
    summary: 'Sets the time until a final reply to an INVITE, and until a first reply.',
    forms: [
      form({
        routes: USUAL,
        args: [milliseconds('fr_inv_timeout', 'for fr_inv_timer'), arg.optional(milliseconds('fr_timeout', 'for fr_timer'))],
        run: (context, tm: Tm, invite, first) => setFinalTimers(tm, context, invite, first ?? 0),
      }),
    ],
  },
  t_reset_fr: resetting('Goes back to fr_inv_timer and fr_timer.', resetFinalTimers),
  t_set_retr: fn({
    summary: 'Sets when to send again first, and how long the time between grows.',
    routes: USUAL,
    args: [milliseconds('retr_t1_interval', 'for retr_timer1'), milliseconds('retr_t2_interval', 'for retr_timer2')],
    run: (context, tm: Tm, first, longest) => setRetransmission(tm, context, first, longest),
  }),
  t_reset_retr: resetting('Goes back to retr_timer1 and retr_timer2.', resetRetransmission),
  t_set_max_lifetime: fn({
    summary: 'Sets how long the transaction may live.',
    routes: USUAL,
    args: [milliseconds('inv_lifetime', 'for an INVITE'), milliseconds('noninv_lifetime', 'for others')],
    run: (context, tm: Tm, invite, other) => setLifetime(tm, context, invite, other),
  }),
  t_reset_max_lifetime: resetting('Goes back to max_inv_lifetime and max_noninv_lifetime.', resetLifetime),
  t_set_auto_inv_100: switching('Whether this INVITE is answered with 100.', Option.autoInvite100, ['request']),
  t_set_disable_6xx: switching('Whether 6xx counts like other failures.', Option.disable6xx),
  t_set_disable_failover: switching('Whether further addresses of a name are left alone.', Option.disableFailover),
  t_set_disable_internal_reply: switching('Whether nobody but the script answers when sending fails.', Option.disableInternalReply),
  t_set_no_auto_ack: switching('Whether the ACK of a request made here is left to others.', Option.noAutoAck),
  t_set_no_e2e_cancel_reason: switching('Whether the Reason of a CANCEL stays here.', Option.noE2eCancelReason),
  t_disable_e2e_cancel_reason: switching('As t_set_no_e2e_cancel_reason().', Option.noE2eCancelReason),
} satisfies Record<string, FunctionDef<Tm>>
