import type { SelectDef, SelectStep } from '../../define/select.ts'
import type { PvValue } from '../../define/value.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import type { Transaction } from '../../transaction/transaction.ts'
import { transactionOf } from './server-side.ts'
import type { Tm } from './state.ts'

type Read = (transaction: Transaction) => PvValue

const about = (read: Read) => (context: RouteContext, tm: Tm): PvValue => {
  const transaction = transactionOf(tm, context)
  return transaction === undefined ? null : read(transaction)
}

const plain = (path: string, summary: string, read: Read): SelectDef<Tm> => ({ path, summary, bind: () => about(read) })

const ofBranch = (path: string, summary: string, read: (branch: ClientBranch) => PvValue): SelectDef<Tm> => ({
  path,
  summary,
  bind: (steps: readonly SelectStep[]) => {
    const index = steps[1]?.index
    return typeof index === 'number'
      ? about((transaction) => {
          const branch = transaction.branches[index]
          return branch === undefined ? null : read(branch)
        })
      : 'write the number of the branch: @tm.uac[0]'
  },
})

function branchReply({ reply }: ClientBranch): PvValue {
  return reply === undefined || reply === 'faked' ? null : reply.text
}

export const tmSelects: readonly SelectDef<Tm>[] = [
  plain('tm.method', 'Method of the transaction.', ({ request }) => request.method),
  plain('tm.uas.status', 'Status of the last reply sent upstream.', ({ status }) => String(status)),
  plain('tm.uas.request', 'The request as it came.', ({ request }) => request.text),
  plain('tm.uas.req', 'The request as it came.', ({ request }) => request.text),
  plain('tm.uas.response', 'The last reply sent upstream.', ({ response }) => (response.text === '' ? null : response.text)),
  plain('tm.uas.resp', 'The last reply sent upstream.', ({ response }) => (response.text === '' ? null : response.text)),
  plain('tm.uas.local_to_tag', 'The tag that To has in replies.', ({ toTag }) => (toTag === '' ? null : toTag)),
  plain('tm.uac.count', 'Number of branches.', ({ branches }) => String(branches.length)),
  plain('tm.uac.relayed', 'Number of the branch whose reply was passed on.', ({ relayedBranch }) => String(relayedBranch)),
  {
    path: 'tm.uac.last_status',
    summary: 'In reply routes: status of the last reply of the branch.',
    bind: () => (context, tm) => {
      const branch = context.message.isRequest ? undefined : tm.layer.branchOf(context.message)
      return branch === undefined ? null : String(branch.lastStatus)
    },
  },
  ofBranch('tm.uac.status', 'Status of the last reply of a branch.', ({ lastStatus }) => String(lastStatus)),
  ofBranch('tm.uac.uri', 'Request-URI of a branch.', ({ uri }) => uri),
  ofBranch('tm.uac.request', 'The request as it was sent to a branch.', ({ request }) => request.text),
  ofBranch('tm.uac.req', 'The request as it was sent to a branch.', ({ request }) => request.text),
  ofBranch('tm.uac.response', 'The last final reply of a branch.', branchReply),
  ofBranch('tm.uac.resp', 'The last final reply of a branch.', branchReply),
]
