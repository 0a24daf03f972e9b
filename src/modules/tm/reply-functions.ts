import { arg, fn, type FunctionDef } from '../../define/define.ts'
import { RouteMask, type RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { errorReply } from '../../runtime/error-reply.ts'
import { replyCode } from '../../runtime/reply-code.ts'
import { locateVariable } from '../../runtime/variable-spec.ts'
import { Done } from '../../transaction/transaction.ts'
import { answerFailure, replyLocally, transactionOf } from './server-side.ts'
import { newTransaction } from './check.ts'
import type { Tm } from './state.ts'

const code = replyCode()

/** Undefined where a variable alone holds nothing: then default_reason is sent. */
const reason = arg.custom<string | undefined>('reason', 'Reason phrase; default_reason where a variable holds nothing.', (text, env) => {
  const isVariable = text.startsWith('$') && !text.startsWith('$$') && locateVariable(text, 0) === text.length
  const variable = isVariable ? env.variable(text) : undefined
  const format = env.format(text)
  if (typeof format === 'string') return format
  if (variable === undefined || typeof variable === 'string') return { evaluate: (context) => format.evaluate(context) }
  return { evaluate: (context) => (variable.get(context) === null ? undefined : format.evaluate(context)) }
})

const ROUTES: readonly RouteName[] = ['request', 'onreply', 'failure']

/** Answers within the transaction; without one a line in the log says so. */
export function replyInTransaction(tm: Tm, context: RouteContext, code: number, reason: string): number {
  const transaction = transactionOf(tm, context)
  if (transaction === undefined || context.message.method === 'ACK') {
    tm.host.log.error('tm', 'cannot send a t_reply to a message for which no T-state has been established')
    return -1
  }
  transaction.done &= ~Done.failedLater
  const message = context.message.isRequest ? context.message : transaction.request
  return replyLocally(tm, transaction, { code, reason, message, context }) ? 1 : -1
}

const replying = (summary: string): FunctionDef<Tm> =>
  fn({
    summary,
    returns: { 1: 'sent', [-1]: 'there is no transaction, or it has a final answer' },
    routes: ROUTES,
    args: [code, reason],
    run: (context, tm: Tm, status, text) =>
      replyInTransaction(tm, context, status ?? tm.params.default_code, text ?? tm.params.default_reason),
  })

export const replyFunctions = {
  t_reply: replying('Answers the request of the transaction.'),
  t_send_reply: fn({
    summary: 'Answers the request, with a transaction made for it when there is none.',
    routes: ROUTES,
    args: [code, reason],
    run: (context, tm: Tm, status, text) => {
      if (context.routeType === RouteMask.request && !context.transaction && newTransaction(tm, context) <= 0) return -1
      return replyInTransaction(tm, context, status ?? tm.params.default_code, text ?? tm.params.default_reason)
    },
  }),
  t_reply_error: fn({
    summary: 'Answers with what went wrong last.',
    routes: ROUTES,
    args: [],
    readsError: true,
    run: (context, tm: Tm) => {
      const transaction = transactionOf(tm, context)
      if (transaction === undefined) return replyInTransaction(tm, context, ...errorReply(context.errorCode))
      transaction.done &= ~Done.failedLater
      answerFailure(tm, transaction, context.errorCode || -1, context.message)
      return 1
    },
  }),
} satisfies Record<string, FunctionDef<Tm>>
