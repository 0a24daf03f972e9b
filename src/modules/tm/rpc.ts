import { RpcFault, RpcStruct, type RpcDef } from '../../define/rpc.ts'
import { Option, type Transaction } from '../../transaction/transaction.ts'
import { cancelBranches, isPending } from './cancel.ts'
import { ownReason, repeatReply, replyLocally } from './server-side.ts'
import type { Tm } from './state.ts'
import { localRequestRpc } from './uac-rpc.ts'

type Params = readonly (string | number)[]

function statistics(tm: Tm): RpcStruct {
  const { counters, layer } = tm
  const completed = (digit: number): number => counters.completed[digit]?.value ?? 0
  return new RpcStruct()
    .add('current', layer.size)
    .add('waiting', layer.waitingCount)
    .add('total', counters.total)
    .add('total_local', counters.total - counters.server.value)
    .add('rpl_received', counters.received.value)
    .add('rpl_generated', counters.generated.value)
    .add('rpl_sent', counters.sent.value)
    .add('6xx', completed(6))
    .add('5xx', completed(5))
    .add('4xx', completed(4))
    .add('3xx', completed(3))
    .add('2xx', completed(2))
    .add('created', counters.total)
    .add('freed', counters.total - layer.size)
    .add('delayed_free', 0)
}

function describe(tm: Tm, transaction: Transaction): RpcStruct {
  const { request } = transaction
  return new RpcStruct()
    .add('tindex', transaction.hashIndex)
    .add('tlabel', transaction.label)
    .add('method', request.method)
    .add('from', request.from() === undefined ? '' : headerText(request.header(2)?.body))
    .add('to', headerText(request.header(3)?.body))
    .add('callid', request.callId() ?? '')
    .add('cseq', request.cseq()?.numberText ?? '')
    .add('uas_request', 'yes')
    .add('tflags', transaction.options)
    .add('outgoings', transaction.branches.length)
    .add('ref_count', 1)
    .add('lifetime', Math.max(0, transaction.endOfLife - tm.layer.now()))
}

function headerText(text: string | undefined): string {
  return text ?? ''
}

const notFound = new RpcFault(404, 'Transaction not found')

function byCallId(tm: Tm, callId: string, cseq: string): Transaction | undefined {
  for (const transaction of tm.layer.all()) {
    const { request } = transaction
    if (request.callId() === callId && request.cseq()?.numberText === cseq) return transaction
  }
  return undefined
}

function byNumbers(tm: Tm, index: string | number | undefined, label: string | number | undefined): Transaction | undefined {
  const found = tm.layer.byLabel(Number(label))
  return found?.hashIndex === Number(index) ? found : undefined
}

function answer(tm: Tm, transaction: Transaction | undefined, code: number, reason: string): RpcFault | readonly [] {
  if (transaction === undefined) return notFound
  return replyLocally(tm, transaction, { code, reason }) ? [] : new RpcFault(500, 'Reply failed')
}

export const tmRpc: Readonly<Record<string, RpcDef<Tm>>> = {
  'tm.stats': { summary: 'Figures of transactions.', run: (tm) => [statistics(tm)] },
  'tm.hash_stats': {
    summary: 'How transactions are spread over the table.',
    run: ({ layer }) => [
      new RpcStruct()
        .add('hash_size', 65_536)
        .add('crt_transactions', layer.size)
        .add('crt_target', layer.size)
        .add('min_slot', 0)
        .add('max_slot', 1),
    ],
  },
  'tm.list': {
    summary: 'Transactions that live.',
    returnsArray: true,
    run: (tm) => [...tm.layer.all()].map((transaction) => describe(tm, transaction)),
  },
  'tm.clean': { summary: 'Ends transactions that outlived their time; none do here.', run: () => [] },
  'tm.cancel': {
    summary: 'Cancels a transaction: Call-ID and CSeq number.',
    run: (tm, params: Params) => {
      const transaction = byCallId(tm, String(params[0] ?? ''), String(params[1] ?? ''))
      if (transaction === undefined) return notFound
      transaction.set(Option.canceled)
      cancelBranches(tm, transaction.branches.filter(isPending), { reason: ownReason(487) })
      return []
    },
  },
  'tm.reply': {
    summary: 'Answers a transaction: status, reason, its name as `index:label`, tag of To, header lines, body.',
    run: (tm, params: Params) => {
      const [code, reason, name] = params
      const [index, label] = String(name ?? '').split(':')
      return answer(tm, byNumbers(tm, index, label), Number(code), String(reason ?? ''))
    },
  },
  'tm.reply_callid': {
    summary: 'Answers a transaction: status, reason, Call-ID, CSeq number, tag of To, header lines, body.',
    run: (tm, [code, reason, callId, cseq]: Params) =>
      answer(tm, byCallId(tm, String(callId ?? ''), String(cseq ?? '')), Number(code), String(reason ?? '')),
  },
  'tm.retransmit_reply': {
    summary: 'Sends the last reply of a transaction again: index and label.',
    run: (tm, [index, label]: Params) => {
      const transaction = byNumbers(tm, index, label)
      return transaction !== undefined && repeatReply(transaction) ? [] : notFound
    },
  },
  'tm.retransmit_reply_callid': {
    summary: 'Sends the last reply of a transaction again: Call-ID and CSeq number.',
    run: (tm, [callId, cseq]: Params) => {
      const transaction = byCallId(tm, String(callId ?? ''), String(cseq ?? ''))
      return transaction !== undefined && repeatReply(transaction) ? [] : notFound
    },
  },
  ...localRequestRpc,
}
