import { ownText } from '../../base/own-text.ts'
import type { RpcCall } from '../../define/rpc-call.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcDef } from '../../define/rpc.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
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

/** Header lines as they came, as the command has always shown them; of CSeq no more than the number. */
function describe(tm: Tm, transaction: Transaction): RpcStruct {
  const { request } = transaction
  return new RpcStruct()
    .add('cell', `0x${transaction.label.toString(16)}`)
    .add('tindex', transaction.hashIndex)
    .add('tlabel', transaction.label)
    .add('method', request.method)
    .add('from', lineOf(request, HeaderType.from))
    .add('to', lineOf(request, HeaderType.to))
    .add('callid', lineOf(request, HeaderType.callId))
    .add('cseq', `CSeq: ${request.cseq()?.numberText ?? ''}`)
    .add('uas_request', 'yes')
    .add('tflags', transaction.options)
    .add('outgoings', transaction.branches.length)
    .add('ref_count', 1)
    .add('lifetime', Math.max(0, transaction.endOfLife - tm.layer.now()))
}

function lineOf(request: SipMessage, type: HeaderType): string {
  const header = request.header(type)
  return header === undefined ? '' : request.text.slice(header.start, header.end)
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

/** Code, reason, then what names the transaction, then the tag of To, header lines and a body. */
interface Reply {
  readonly code: number
  readonly reason: string
  readonly name: readonly string[]
  readonly toTag: string
  readonly headers: string
  readonly body: string
}

function readReply(call: RpcCall, nameWords: readonly string[]): Reply | RpcFault {
  const code = call.int(0)
  if (code === undefined) return new RpcFault(400, 'Reply code expected')
  const reason = call.text(1)
  if (reason === undefined) return new RpcFault(400, 'Reason phrase expected')
  const name: string[] = []
  for (const [index, word] of nameWords.entries()) {
    const text = call.text(index + 2)
    if (text === undefined) return new RpcFault(400, `${word} expected`)
    name.push(text)
  }
  const toTag = call.text(nameWords.length + 2)
  if (toTag === undefined) return new RpcFault(400, 'To tag expected')
  const optional = (index: number): string => (call.count > index ? call.text(index) ?? '' : '')
  return { code, reason, name, toTag, headers: optional(nameWords.length + 3), body: optional(nameWords.length + 4) }
}

function send(tm: Tm, transaction: Transaction, { code, reason, toTag, headers, body }: Reply): RpcAnswer {
  const lines = headers === '' || headers.endsWith('\r\n') ? headers : `${headers}\r\n`
  const { request } = transaction
  const before = request.replyBody
  if (body !== '') request.replyBody = { contentType: '', text: ownText(body) }
  const isSent = replyLocally(tm, transaction, { code, reason, toTag: ownText(toTag), headers: ownText(lines) })
  request.replyBody = before
  return isSent ? [] : new RpcFault(500, 'Reply failed')
}

function replyByNumbers(tm: Tm, call: RpcCall): RpcAnswer {
  const reply = readReply(call, ['Transaction ID'])
  if (reply instanceof RpcFault) return reply
  const numbers = /^(\d+):(\d+)$/.exec(reply.name[0] ?? '')
  if (numbers === null) return new RpcFault(400, 'Invalid transaction ID')
  const transaction = byNumbers(tm, numbers[1], numbers[2])
  return transaction === undefined ? new RpcFault(481, 'No such transaction') : send(tm, transaction, reply)
}

function replyByCallId(tm: Tm, call: RpcCall): RpcAnswer {
  const reply = readReply(call, ['Call-ID', 'CSeq'])
  if (reply instanceof RpcFault) return reply
  const [callId = '', cseq = ''] = reply.name
  const transaction = byCallId(tm, callId, cseq)
  return transaction === undefined ? notFound : send(tm, transaction, reply)
}

function cancel(tm: Tm, call: RpcCall): RpcAnswer {
  const callId = call.text(0)
  const cseq = callId === undefined ? undefined : call.text(1)
  if (callId === undefined || cseq === undefined) return new RpcFault(400, 'Callid and CSeq expected as parameters')
  const transaction = byCallId(tm, callId, cseq)
  if (transaction === undefined) return new RpcFault(400, 'Transaction not found')
  const pending = transaction.branches.filter(isPending)
  transaction.set(Option.canceled)
  cancelBranches(tm, pending, { reason: ownReason(487) })
  return pending.length > 0 ? ['branches remaining (waiting for timeout)'] : []
}

export const tmRpc: Readonly<Record<string, RpcDef<Tm>>> = {
  'tm.stats': { summary: 'Figures of transactions.', run: (tm) => [statistics(tm)] },
  'tm.hash_stats': {
    summary: 'How transactions are spread over the table: not kept, as in Debian\'s Kamailio.',
    run: () => new RpcFault(500, 'Hash statistics not supported (tryrecompiling with -DTM_HASH_STATS)'),
  },
  'tm.list': {
    summary: 'Transactions that live.',
    returnsArray: true,
    run: (tm) => [...tm.layer.all()].map((transaction) => describe(tm, transaction)),
  },
  'tm.clean': { summary: 'Ends transactions that outlived their time; none do here.', run: () => [] },
  'tm.cancel': {
    summary: 'Cancels a transaction: Call-ID and CSeq number.',
    run: (tm, _params, call) => cancel(tm, call),
  },
  'tm.reply': {
    summary: 'Answers a transaction: status, reason, its name as `index:label`, tag of To, header lines, body.',
    run: (tm, _params, call) => replyByNumbers(tm, call),
  },
  'tm.reply_callid': {
    summary: 'Answers a transaction: status, reason, Call-ID, CSeq number, tag of To, header lines, body.',
    run: (tm, _params, call) => replyByCallId(tm, call),
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
