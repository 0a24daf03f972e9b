import { variable, variableFamily, type VariableDef } from '../../define/define.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { PvValue } from '../../define/value.ts'
import { Attributes, RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import type { Transaction } from '../../transaction/transaction.ts'
import type { TmApi } from '../tm/api.ts'
import type { Tmx } from './state.ts'

const FAILURE = RouteMask.failure | RouteMask.branchFailure
const REPLY = RouteMask.onreply | RouteMask.coreReply

/** The status a route is about. */
function replyCode(context: RouteContext, tm: TmApi): number {
  if (context.routeType === RouteMask.onsend) return 0
  if ((context.routeType & REPLY) !== 0) return context.message.status
  const transaction = tm.transactionOf(context)
  if (transaction === undefined) return 0
  return (context.routeType & FAILURE) !== 0 ? transaction.armed.winner?.lastStatus ?? 0 : transaction.status
}

/** The branch that the route is about: of the reply, of the failure, or the one being made. */
function branchOf(context: RouteContext, tm: TmApi): ClientBranch | undefined {
  const transaction = tm.transactionOf(context)
  if ((context.routeType & FAILURE) !== 0) return transaction?.armed.winner
  if (context.routeType === RouteMask.coreReply) return undefined
  if (context.routeType === RouteMask.onreply) return tm.layer.branchOf(context.message)
  return context.branchIndex < 0 ? undefined : transaction?.branches[context.branchIndex]
}

/** The reply that a route is about, where it was kept. */
function failureReply(context: RouteContext, tm: TmApi): SipMessage | 'faked' | undefined {
  return (context.routeType & FAILURE) === 0 ? undefined : branchOf(context, tm)?.reply
}

function replyReason(context: RouteContext, tm: TmApi): string {
  if ((context.routeType & REPLY) !== 0) return context.message.reason
  if (context.routeType !== RouteMask.failure) return ''
  const reply = failureReply(context, tm)
  return reply === undefined || reply === 'faked' ? '' : reply.reason
}

/** The core's reply_route and onsend_route run outside of what tm knows of branches. */
function branchIndex({ routeType, branchIndex: index }: RouteContext): number {
  return routeType === RouteMask.coreReply || routeType === RouteMask.onsend ? -1 : Math.max(0, index)
}

const lastStatus = ({ routeType, message }: RouteContext): string => (routeType === RouteMask.onreply ? String(message.status) : '')

const OF_TRANSACTION: Readonly<Record<string, (context: RouteContext, tm: TmApi) => PvValue>> = {
  id_index: (context, tm) => tm.transactionOf(context)?.hashIndex ?? null,
  id_label: (context, tm) => tm.transactionOf(context)?.label ?? null,
  id_index_n: (context, tm) => tm.transactionOf(context)?.hashIndex ?? null,
  id_label_n: (context, tm) => tm.transactionOf(context)?.label ?? null,
  reply_code: replyCode,
  reply_reason: replyReason,
  reply_last: lastStatus,
  reply_type: (context, tm) => (tm.transactionOf(context) === undefined ? null : failureReply(context, tm) === 'faked' ? 1 : 0),
  branch_index: branchIndex,
}

const OF_BRANCH: Readonly<Record<string, (branch: ClientBranch, context: RouteContext) => PvValue>> = {
  flags: ({ flags }) => flags,
  uri: ({ uri }, { routeType }) => ((routeType & FAILURE) === 0 ? uri : null),
  ruid: ({ ruid }) => (ruid === '' ? null : ruid),
}

/** `$T_req($ru)`: another variable, read on another message of the transaction. */
function onOtherMessage(
  summary: string, find: (context: RouteContext, tm: TmApi) => SipMessage | undefined,
): VariableDef<Tmx> {
  return variableFamily(summary, { inner: 'required' }, (inner = '', _index, env) => {
    const wanted = env.variable(inner)
    if (typeof wanted === 'string') return wanted
    return {
      get: (context, { tm }) => {
        const message = tm === undefined ? undefined : find(context, tm)
        return message === undefined ? null : wanted.get(contextOn(context, message))
      },
    }
  })
}

function contextOn(context: RouteContext, message: SipMessage): RouteContext {
  const other = new RouteContext(context.host, context.worker, message)
  other.attributes = new Attributes()
  other.transaction = null
  return other
}

function asItCame({ request }: Transaction): SipMessage | undefined {
  const message = parseMessage(request.text, request.received, request.id)
  return message instanceof ParseError ? undefined : message
}

function requestOf(context: RouteContext, tm: TmApi): SipMessage | undefined {
  if ((context.routeType & REPLY) === 0) return undefined
  const transaction = tm.layer.branchOf(context.message)?.transaction
  return transaction === undefined ? undefined : asItCame(transaction)
}

function keptReply(context: RouteContext, tm: TmApi): SipMessage | undefined {
  const reply = failureReply(context, tm)
  return reply === 'faked' ? undefined : reply
}

function inviteOf({ message }: RouteContext, tm: TmApi): SipMessage | undefined {
  if (!message.isRequest || message.method !== 'CANCEL') return undefined
  const invite = tm.layer.find(message, 'INVITE')
  return invite === undefined ? undefined : asItCame(invite)
}

const told = (summary: string, read: (context: RouteContext, tm: TmApi) => PvValue): VariableDef<Tmx> =>
  variable(summary, (context, { tm }) => (tm === undefined ? null : read(context, tm)))

export const tmxVariables: Readonly<Record<string, VariableDef<Tmx>>> = {
  T_branch_idx: told('Number of the branch that the route is about.', branchIndex),
  T_reply_code: told('Status that the route is about: of the reply, of the failure, or the last one sent upstream.', replyCode),
  T_reply_reason: told('Reason phrase of the reply.', replyReason),
  T_reply_last: told('Last status of the branch that the reply belongs to.', lastStatus),
  T_reply_ruid: told('Record id (ruid) of the contact that the reply came from.', (context, tm) => branchOf(context, tm)?.ruid ?? ''),
  T_req: onOtherMessage('In reply routes: a variable of the request.', requestOf),
  T_rpl: onOtherMessage('In failure routes: a variable of the reply that won.', keptReply),
  T_inv: onOtherMessage('For a CANCEL: a variable of its INVITE.', inviteOf),
  T_branch: variableFamily('A property of the branch: flags, uri, ruid.', { inner: 'required' }, (inner = '') => {
    const read = OF_BRANCH[inner]
    if (read === undefined) return `$T_branch(${inner}) is unknown: flags, uri or ruid`
    return {
      get: (context, { tm }) => {
        const branch = tm === undefined || (context.routeType & (REPLY | FAILURE)) === 0 ? undefined : branchOf(context, tm)
        return branch === undefined ? null : read(branch, context)
      },
    }
  }),
  T: variableFamily('A property of the transaction.', { inner: 'required' }, (inner = '') => {
    const read = Object.hasOwn(OF_TRANSACTION, inner) ? OF_TRANSACTION[inner] : undefined
    if (read === undefined) return `$T(${inner}) is unknown: ${Object.keys(OF_TRANSACTION).join(', ')}`
    return { get: (context, { tm }) => (tm === undefined ? null : read(context, tm)) }
  }),
}
