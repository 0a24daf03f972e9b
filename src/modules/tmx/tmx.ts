import { arg, defineModule, fn, form, param, type FunctionDef } from '../../define/define.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { Done, type Transaction } from '../../transaction/transaction.ts'
import { tmApi, type TmApi } from '../tm/api.ts'
import type { Tmx } from './state.ts'
import { tmxVariables } from './variables.ts'

const callId = arg.str('callid', 'Call-ID.')
const cseq = arg.str('cseq', 'Number in CSeq.')

/** Runs with tm; -1 where it is not there. */
const withTm = (
  summary: string, routes: FunctionDef<Tmx>['forms'][number]['routes'], run: (context: RouteContext, tm: TmApi) => number,
): FunctionDef<Tmx> =>
  fn({ summary, routes, args: [], run: (context, { tm }: Tmx) => (tm === undefined ? -1 : run(context, tm)) })

const isIn = (what: string, routes: number): FunctionDef<Tmx> =>
  fn({
    summary: `Tells whether the route that runs was called by ${what}.`,
    routes: 'any',
    args: [],
    run: (context) => ((context.routeType & routes) !== 0 ? 1 : -1),
  })

/** The newest of those with that Call-ID and CSeq. */
function byCallId(tm: TmApi, id: string, number: string): Transaction | undefined {
  let found: Transaction | undefined
  for (const transaction of tm.layer.all()) {
    if (transaction.request.callId() === id && transaction.request.cseq()?.numberText === number) found = transaction
  }
  return found
}

function cancelByCallId(tm: TmApi | undefined, id: string, number: string, flag: number, code: number): number {
  const transaction = tm === undefined ? undefined : byCallId(tm, id, number)
  if (tm === undefined || transaction === undefined) return -1
  if (flag > 0 && flag < 32) transaction.flags = (transaction.flags | (1 << flag)) >>> 0
  tm.cancel(pendingOf(transaction), code > 0 ? `Reason: SIP;cause=${code}\r\n` : '')
  return 1
}

function pendingOf(transaction: Transaction): Transaction['branches'] {
  return transaction.branches.filter((branch) => branch.lastStatus < 200 && !branch.isCanceled && !branch.isDropped)
}

/** Flags of a branch of the transaction, by its number. */
const branchFlag = (summary: string, run: (flags: number, bit: number) => number | boolean): FunctionDef<Tmx> =>
  fn({
    summary,
    routes: 'any',
    args: [arg.int('flag', 'Number of the flag, 0 to 31.', { min: 0, max: 31 })],
    run: (context, { tm }: Tmx, flag) => {
      const transaction = tm?.transactionOf(context)
      const branch = transaction?.branches[context.branchIndex] ?? transaction?.armed.winner
      if (branch === undefined) return -1
      const result = run(branch.flags, 1 << flag)
      if (typeof result === 'boolean') return result ? 1 : -1
      branch.flags = result >>> 0
      return 1
    },
  })

export default defineModule({
  name: 'tmx',
  summary: 'More of transactions: variables, suspending, canceling and answering them from anywhere.',
  area: 'routing',
  params: {
    precheck_trans: param.int(1, 'Keep what t_precheck_trans() needs.'),
  },
  setup(host, params): Tmx {
    const inWork = new Map<string, number>()
    host.onScriptEnd(({ message }) => {
      if (inWork.size > 0) scriptEnded(inWork, message.id)
    })
    return { host, checksBefore: params.precheck_trans !== 0, tm: undefined, inWork }
  },
  start(state, host) {
    state.tm = host.api(tmApi)
  },
  functions: {
    t_cancel_branches: fn({
      summary: 'Cancels branches: all, this one, or the others.',
      routes: ['onreply'],
      args: [arg.str('which', 'all, this or others.')],
      run: (context, { tm }: Tmx, which) => {
        const branch = tm?.layer.branchOf(context.message)
        if (tm === undefined || branch === undefined) return -1
        const pending = pendingOf(branch.transaction)
        const chosen = which.startsWith('a') ? pending : pending.filter((other) => (other === branch) === which.startsWith('t'))
        tm.cancel(chosen, '')
        return 1
      },
    }),
    t_cancel_branch_idx: fn({
      summary: 'Cancels a branch of a transaction by its number.',
      routes: 'any',
      args: [arg.int('tindex', '$T(id_index)'), arg.int('tlabel', '$T(id_label)'), arg.int('branch', 'Number of the branch.')],
      run: (_context, { tm }: Tmx, index, label, number) => {
        const transaction = tm?.layer.byLabel(label)
        const branch = transaction?.hashIndex === index ? transaction.branches[number] : undefined
        if (tm === undefined || branch === undefined) return -1
        tm.cancel(pendingOf(branch.transaction).filter((other) => other === branch), '')
        return 1
      },
    }),
    t_cancel_callid: {
      summary: 'Cancels the INVITE with that Call-ID and CSeq.',
      forms: [
        form({
          routes: 'any',
          args: [callId, cseq, arg.int('flag', 'Flag to set on it; 0 for none.'), arg.optional(arg.int('rcode', 'Status for the Reason.'))],
          run: (_context, { tm }: Tmx, id, number, flag, code) => cancelByCallId(tm, id, number, flag, code ?? 0),
        }),
      ],
    },
    t_reply_callid: fn({
      summary: 'Answers the transaction with that Call-ID and CSeq.',
      routes: 'any',
      args: [callId, cseq, arg.int('code', 'Status.'), arg.str('reason', 'Reason phrase.')],
      run: (_context, { tm }: Tmx, id, number, code, reason) => {
        const transaction = tm === undefined ? undefined : byCallId(tm, id, number)
        if (tm === undefined || transaction === undefined) return -1
        const { context, release } = tm.contextOf(transaction, transaction.request)
        const isSent = tm.reply(context, transaction, code, reason)
        release()
        return isSent ? 1 : -1
      },
    }),
    t_flush_flags: withTm('Gives the flags of the message to its transaction.', 'any', (context, tm) => {
      const transaction = tm.transactionOf(context)
      if (transaction === undefined) return -1
      transaction.flags = context.message.flags
      return 1
    }),
    t_flush_xflags: withTm('Gives the extended flags of the message to its transaction.', 'any', (context, tm) => {
      const transaction = tm.transactionOf(context)
      if (transaction === undefined) return -1
      transaction.xflags = context.message.xflags
      return 1
    }),
    t_is_failure_route: isIn('a failure_route', RouteMask.failure),
    t_is_branch_route: isIn('a branch_route', RouteMask.branch),
    t_is_reply_route: isIn('an onreply_route', RouteMask.onreply | RouteMask.coreReply),
    t_is_request_route: isIn('request_route', RouteMask.request),
    t_vbflag_set: branchFlag('Sets a flag of the branch.', (flags, bit) => flags | bit),
    t_vbflag_reset: branchFlag('Clears a flag of the branch.', (flags, bit) => flags & ~bit),
    t_vbflag_is_set: branchFlag('Tells whether a flag of the branch is set.', (flags, bit) => (flags & bit) !== 0),
    t_suspend: withTm('Suspends the transaction: the script ends, and somebody continues it later.', 'any',
      (context, tm) => (tm.suspend(context) === undefined ? -1 : 1)),
    t_continue: fn({
      summary: 'Goes on with a suspended transaction in a route, which runs as a failure route.',
      returns: { 1: 'the route has run', [-1]: 'there is no such suspended transaction, or no such route' },
      routes: 'any',
      mayWait: true,
      args: [arg.int('tindex', '$T(id_index)'), arg.int('tlabel', '$T(id_label)'), arg.str('rtname', 'Name of the route.')],
      run: (_context, state: Tmx, index, label, name) => continueTransaction(state, index, label, name),
    }),
    t_drop: {
      summary: 'Ends the transaction without an answer, and the script with it.',
      forms: [
        form({
          routes: 'any',
          args: [arg.optional(arg.int('rcode', 'Status noted for it.'))],
          run: (context, { tm }: Tmx, code) => {
            const transaction = tm?.transactionOf(context)
            if (tm === undefined || transaction === undefined) return -1
            transaction.status = code ?? 500
            transaction.done |= Done.released
            transaction.stopBranches()
            tm.layer.linger(transaction)
            return 0
          },
        }),
      ],
    },
    t_reuse_branch: withTm('Makes the branch that failed the destination once more.', ['request', 'branchFailure'], (context, tm) => {
      const branch = tm.transactionOf(context)?.armed.winner
      if (branch === undefined) return -1
      const { message } = context
      message.setUri(branch.uri)
      if (branch.dstUri !== undefined) message.setDestination(branch.dstUri)
      message.pathVector = branch.path
      message.ruid = branch.ruid
      message.instance = branch.instance
      message.branchFlags = branch.flags
      return 1
    }),
    t_precheck_trans: fn({
      summary: 'Tells whether another worker has the same request in work.',
      routes: ['request'],
      args: [],
      run: (context, { checksBefore, inWork }: Tmx) => (checksBefore && isInWork(inWork, context) ? 1 : -1),
    }),
    t_uac_ack_local: {
      summary: 'Sends the ACK of a request made here whose ACK was left to the script.',
      forms: [
        form({
          routes: 'any',
          args: [callId, cseq, arg.optional(arg.str('headers', 'Header lines.')), arg.optional(arg.str('body', 'Body.'))],
          run: (_context, { tm }: Tmx, id, number) => {
            const transaction = tm === undefined ? undefined : byCallId(tm, id, number)
            const branch = transaction?.branches[0]
            if (branch?.ack === undefined || branch.request.target === undefined || transaction === undefined) return -1
            transaction.layer.transmit(branch.ack, branch.request.target)
            return 1
          },
        }),
      ],
    },
    bind_tmx: fn({ summary: 'Nothing here: for C code in Kamailio.', routes: 'any', args: [arg.literal('api', 'Unused.')], run: () => 1 }),
  },
  variables: tmxVariables,
})

function continueTransaction({ tm, host }: Tmx, index: number, label: number, routeName: string): number | Promise<number> {
  const transaction = tm?.layer.byLabel(label)
  if (tm === undefined || transaction?.hashIndex !== index) {
    host.log.error('tmx', `active transaction not found: ${index}:${label}`)
    return -1
  }
  const route = (transaction.routes ?? host.routes).request(routeName)
  if (route === undefined) {
    host.log.error('tmx', `action pointer is null: there is no route[${routeName}]`)
    return -1
  }
  const branch = tm.suspendedBranch(transaction)
  if (branch !== undefined) return tm.resume(branch, route)
  host.log.warning('tmx', 'transaction is not suspended')
  return -1
}

/** Two copies of a request that are in routes which wait, at the same time. */
function isInWork(inWork: Map<string, number>, { message }: RouteContext): boolean {
  if (message.method === 'ACK' || message.method === 'CANCEL') return false
  const key = `${message.callId() ?? ''} ${message.cseq()?.numberText ?? ''} ${message.method} ${message.firstVia()?.branch ?? ''}`
  const other = inWork.get(key)
  if (other === undefined) inWork.set(key, message.id)
  return other !== undefined && other !== message.id
}

function scriptEnded(inWork: Map<string, number>, id: number): void {
  for (const [key, other] of inWork) if (other === id) inWork.delete(key)
}
