import { arg, fn, type FunctionDef } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { Done } from '../../transaction/transaction.ts'
import { transactionOf } from './server-side.ts'
import type { Tm } from './state.ts'
import type { Appended } from './written-appends.ts'
import { writtenRequest } from './written-request.ts'

const ROUTES: readonly RouteName[] = ['request', 'failure']
const RETURNS = { 1: 'written; the transaction waits for fr_timer', [-1]: 'there is no transaction, or nobody to read it' }

/** What is written, with the list of tw_append that the action names: `action` or `action/list`. */
interface Action {
  readonly name: string
  readonly appended: Appended | undefined
}

function actionOf(tm: Tm, text: string): Action | string {
  const slash = text.indexOf('/')
  if (slash < 0) return { name: text, appended: undefined }
  const appended = tm.appends.get(text.slice(slash + 1))
  return appended === undefined ? `there is no tw_append '${text.slice(slash + 1)}'` : { name: text.slice(0, slash), appended }
}

/** Writes the request, and lets its transaction wait: somebody else is to answer it, in fr_timer at most. */
function writeRequest(tm: Tm, context: RouteContext, actionText: string, write: (text: string) => true | string): number {
  const failed = (reason: string): number => {
    tm.host.log.error('tm', `the request cannot be written: ${reason}`)
    return -1
  }
  const transaction = transactionOf(tm, context)
  if (transaction === undefined) return failed('no transaction found')
  const action = actionOf(tm, actionText)
  if (typeof action === 'string') return failed(action)
  const text = writtenRequest(context, transaction, action.name, action.appended)
  if (text instanceof ParseError) return failed(text.reason)
  const written = write(text)
  if (written !== true) return failed(written)
  const branch = transaction.addBranch()
  branch.isBlind = true
  branch.request.endAfter(transaction.times.frMs)
  transaction.done |= Done.suspended
  return 1
}

const action = arg.str('action', 'What the reader is to do, told in the second line; `action/list` adds a list of tw_append.')

export const writeFunctions = {
  t_write_req: fn({
    summary: 'Writes the request with its fields to a FIFO, for another program to answer.',
    returns: RETURNS,
    routes: ROUTES,
    args: [arg.str('fifo', 'Path of the FIFO.'), action],
    run: (context, tm: Tm, path, what) => writeRequest(tm, context, what, (text) => tm.host.files.writeFifo(path, text)),
  }),
  t_write_unix: fn({
    summary: 'Sends the request with its fields as a datagram to a Unix socket, for another program to answer.',
    returns: RETURNS,
    routes: ROUTES,
    args: [arg.str('socket', 'Path of the socket.'), action],
    run: (context, tm: Tm, path, what) => writeRequest(tm, context, what, (text) => tm.host.files.sendUnix(path, text)),
  }),
} satisfies Record<string, FunctionDef<Tm>>
