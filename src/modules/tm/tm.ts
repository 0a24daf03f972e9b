import { arg, defineModule, fn, form, SetupError, type FunctionDef } from '../../define/define.ts'
import type { TextMatcher } from '../../define/arg.ts'
import { toText } from '../../define/value.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { Host } from '../../runtime/host.ts'
import { tmApi } from './api.ts'
import { armingFunctions } from './arming-functions.ts'
import { whenThere } from './arming.ts'
import { contactFunctions } from './contact-functions.ts'
import { cancelBranches } from './cancel.ts'
import { checkTransaction, lookUpRequest, newTransaction, retransmitReply } from './check.ts'
import { branchExpired, inTurn, takeFinal, takeReply } from './client-side.ts'
import { parseFailoverCodes } from './failover-codes.ts'
import { tmParams } from './params.ts'
import { relay, scriptEnded } from './relay.ts'
import { tmKemi } from './kemi.ts'
import { relayFunctions } from './relay-functions.ts'
import { replyFunctions } from './reply-functions.ts'
import { tmRpc } from './rpc.ts'
import { contextOf, requestFor } from './routes.ts'
import { tmSelects } from './selects.ts'
import { release, replyLocally, transactionOf } from './server-side.ts'
import { createTm, type Tm } from './state.ts'
import { anyBranch, hasStatus, isCanceled, isExpired, statusOf, thisBranch } from './status.ts'
import { prepareTimerAvps } from './timer-avps.ts'
import { resume, suspend, suspendedBranch, wake } from './suspend.ts'
import { newCallId, newFromTag, sendLocalRequest } from './uac.ts'
import { uacFunctions } from './uac-functions.ts'
import { writeFunctions } from './write-functions.ts'
import { parseAppends } from './written-appends.ts'

const USUAL: readonly RouteName[] = ['request', 'tmOnreply', 'failure', 'branch']

/** Undefined where a variable holds no regular expression. */
const statusPattern = arg.custom<TextMatcher | undefined>('status', 'Regular expression, such as `4[0-9][0-9]`, or a variable with one.',
  (text, env) => {
    const variable = text.startsWith('$') ? env.variable(text) : undefined
    if (variable === undefined || typeof variable === 'string') {
      const fixed = env.regex(text, { newline: true })
      return typeof fixed === 'string' ? fixed : { fixed }
    }
    let last = ''
    let compiled: TextMatcher | undefined
    return {
      evaluate(context) {
        const value = toText(variable.get(context))
        if (value !== last) {
          const made = env.regex(value, { newline: true })
          compiled = typeof made === 'string' ? undefined : made
          last = value
        }
        return compiled
      },
    }
  })

const asking = (summary: string, routes: 'any' | readonly RouteName[], run: FunctionDef<Tm>['forms'][number]['run']): FunctionDef<Tm> =>
  ({ summary, forms: [form({ routes, args: [], run })] })

export default defineModule({
  name: 'tm',
  summary: 'Transactions: requests are sent on until somebody answers, to several at once or one after the other.',
  area: 'routing',
  params: tmParams,
  eventCallbacks: { event_callback: ['tm:local-request'], event_callback_lres_sent: ['tm:local-response'] },
  setup(host, params): Tm | SetupError {
    if (params.contacts_avp !== '' && params.contact_flows_avp === '') {
      return new SetupError('contacts_avp needs contact_flows_avp beside it')
    }
    const appends = parseAppends(params.tw_append, host)
    if (typeof appends === 'string') return new SetupError(appends)
    const isFailover = parseFailoverCodes(params.failover_reply_codes)
    if (typeof isFailover === 'string') return new SetupError(isFailover)
    const tm = createTm(host, params, appends, (state) => ({
      branchExpired: (branch) => branchExpired(state, branch),
      removed: (transaction) => {
        if (transaction.method === 'CANCEL') state.cancels--
        transaction.observer?.removed(transaction)
      },
    }))
    tm.isFailover = isFailover
    host.onReply((context) => takeReply(tm, context))
    host.onScriptEnd((context) => scriptEnded(tm, context))
    host.provide(tmApi, {
      layer: tm.layer,
      transactionOf: (context) => transactionOf(tm, context),
      newTransaction: (context) => newTransaction(tm, context),
      relay: (context, options) => relay(tm, context, options),
      reply: (context, transaction, code, reason) =>
        replyLocally(tm, transaction, {
          code, reason, message: context.message.isRequest ? context.message : transaction.request, context,
        }),
      send: (request) => sendLocalRequest(tm, request),
      useCallIds: (make) => {
        tm.makeCallId = make
      },
      hasLocalFailures: tm.params.enable_uac_fr !== 0,
      newCallId: () => {
        const socket = host.network.sockets[0]
        return socket === undefined ? host.random.hex(16) : newCallId(tm, socket)
      },
      newFromTag: () => newFromTag(tm),
      editReplies: (context, editor) => void whenThere(tm, context, (transaction) => {
        transaction.replyEditor = editor
      }, (arming) => {
        arming.replyEditor = editor
      }),
      cancel: (branches, reason) => cancelBranches(tm, branches, { reason }),
      requestFor,
      contextOf: (transaction, message, worker) => contextOf(tm, transaction, message, worker),
      inTurn: (transaction, work) => inTurn(tm, transaction, work),
      endBranch: (branch, status, worker) => takeFinal(tm, branch, 'faked', status, worker),
      suspend: (context) => suspend(tm, context),
      suspendedBranch,
      wake,
      resume: (branch, route) => resume(tm, branch, route),
      scriptEnded: (context) => scriptEnded(tm, context),
      localTag: (transaction) => tm.tags.tagFor(transaction.request),
      watch: (watcher) => void tm.watchers.push(watcher),
    })
    return tm
  },
  start(tm, host) {
    tm.timerAvps = prepareTimerAvps(host, tm.params.fr_timer_avp, tm.params.fr_inv_timer_avp)
    findRoutes(tm, host)
  },
  reloaded: findRoutes,
  stop: (tm) => tm.layer.close(),
  kemi: tmKemi,
  functions: {
    ...relayFunctions,
    ...replyFunctions,
    ...armingFunctions,
    ...contactFunctions,
    ...uacFunctions,
    ...writeFunctions,
    t_newtran: fn({
      summary: 'Makes the transaction of the request.',
      returns: { 1: 'made', 0: 'a copy of a request, answered again; the script ends' },
      routes: ['request'],
      args: [],
      run: (context, tm: Tm) => newTransaction(tm, context),
    }),
    t_check_trans: fn({
      summary: 'Looks for the transaction of the message; answers copies of requests again and ends the script for them.',
      returns: { 1: 'a CANCEL or a reply whose transaction is there', 0: 'a copy, or an ACK to a failure: the script ends', [-1]: 'none' },
      routes: ['request', 'onreply', 'branch'],
      args: [],
      run: (context, tm: Tm) => checkTransaction(tm, context),
    }),
    t_lookup_request: fn({
      summary: 'Tells whether the request has a transaction already.',
      routes: ['request'],
      args: [],
      run: (context, tm: Tm) => lookUpRequest(tm, context),
    }),
    t_exists: asking('Tells whether there is a transaction.', 'any', (context, tm) => (transactionOf(tm, context) === undefined ? -1 : 1)),
    t_clean: asking('Ends transactions that outlived their time; none do here.', 'any', () => 1),
    t_release: asking('Ends the transaction: only copies of its request are absorbed.', ['request'], (context, tm) => {
      const transaction = transactionOf(tm, context)
      if (transaction === undefined) return -1
      release(tm, transaction)
      return 1
    }),
    t_retransmit_reply: asking('Sends the last reply again.', ['request'], (context, tm) => retransmitReply(tm, context)),
    t_check_status: fn({
      summary: 'Compares the status with a regular expression.',
      routes: ['request', 'failure', 'onreply'],
      args: [statusPattern],
      run: (context, tm: Tm, pattern) => {
        const status = statusOf(tm, context)
        return status !== undefined && pattern?.test(String(status)) === true ? 1 : -1
      },
    }),
    t_grep_status: fn({
      summary: 'Tells whether a branch had that status.',
      routes: USUAL,
      args: [arg.int('code', 'The status.')],
      run: (context, tm: Tm, code) => {
        const transaction = transactionOf(tm, context)
        return transaction !== undefined && hasStatus(transaction, code) ? 1 : -1
      },
    }),
    t_get_status_code: asking('Gives the status as result.', ['request', 'onreply', 'failure', 'branch'],
      (context, tm) => statusOf(tm, context) || -1),
    t_any_replied: asking('Tells whether a branch replied at all.', USUAL,
      (context, tm) => anyBranch(tm, context, (branch) => branch.hasReplied)),
    t_any_timeout: asking('Tells whether a branch timed out.', USUAL,
      (context, tm) => anyBranch(tm, context, (branch) => branch.isTimedOut)),
    t_branch_replied: asking('Tells whether the branch replied at all.', ['request', 'failure', 'event', 'branchFailure'],
      (context, tm) => thisBranch(tm, context, (branch) => branch.hasReplied)),
    t_branch_timeout: asking('Tells whether the branch timed out.', ['request', 'failure', 'event', 'branchFailure'],
      (context, tm) => thisBranch(tm, context, (branch) => branch.isTimedOut)),
    t_is_canceled: asking('Tells whether a CANCEL came.', USUAL, (context, tm) => isCanceled(tm, context)),
    t_is_expired: asking('Tells whether the lifetime of the transaction is over.', USUAL, (context, tm) => isExpired(tm, context)),
    t_is_retr_async_reply: asking('Tells whether a reply came that waits in a route already.', ['tmOnreply'], (context, tm) => {
      const branch = tm.layer.branchOf(context.message)
      return branch !== undefined && branch.lastStatus === context.message.status ? 1 : -1
    }),
    t_is_set: fn({
      summary: 'Tells whether a route is armed: branch_route, failure_route or onreply_route.',
      routes: 'any',
      args: [arg.literal('target', 'The kind of route.')],
      run: (context, tm: Tm, target) => {
        const armed = transactionOf(tm, context)?.armed ?? context.arming
        const name = target.startsWith('b') ? armed?.onBranch : target.startsWith('f') ? armed?.onFailure : armed?.onReply
        return name ? 1 : -1
      },
    }),
    t_drop_replies: {
      summary: 'Forgets replies of earlier branches, so that they are not passed on: all, the last one, or none.',
      forms: [
        form({
          routes: ['failure'],
          args: [arg.optional(arg.literal('mode', '`n` none, `l` the last, all otherwise.'))],
          run: (context, _tm: Tm, mode) => {
            const { transaction } = context
            if (!transaction) return -1
            transaction.arm().dropMode = mode === undefined ? 1 : mode === 'n' ? 0 : mode === 'l' ? 2 : 1
            return 1
          },
        }),
      ],
    },
    t_save_lumps: asking('Keeps the changes made so far for failure routes.', ['request'], (context, tm) => {
      const transaction = transactionOf(tm, context)
      if (transaction === undefined) return -1
      transaction.savedEdits = context.message.freezeEdits()
      return 1
    }),
    t_msg_apply_changes: asking('Lets what the branch route changed show in the message.', ['branch'], () => 1),
  },
  selects: tmSelects,
  rpc: tmRpc,
  events: {
    'tm:local-request': 'A request of this server is about to leave.',
    'tm:local-response': 'A reply of this server was sent.',
    'tm:local-response-sent': 'The same, as later versions call it.',
    'tm:local-ack-sent': 'An ACK of this server was sent (later versions).',
    'tm:branch-failure': 'A branch failed (t_on_branch_failure).',
  },
})

/** Routes that run without being named for a transaction. */
function findRoutes(tm: Tm, { routes }: Host): void {
  tm.statelessReply = tm.params.on_sl_reply === '' ? undefined : routes.onreply(tm.params.on_sl_reply)
  tm.events.localRequest = routes.event('tm:local-request')
  tm.events.localResponse = routes.event('tm:local-response')
  tm.events.localResponseSent = routes.event('tm:local-response-sent')
  tm.events.localAckSent = routes.event('tm:local-ack-sent')
}
