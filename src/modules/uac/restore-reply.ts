/** From and To of replies, as they stood in the request that came. */
import type { RouteContext } from '../../runtime/context.ts'
import type { AvpName } from '../../runtime/avp.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { Transaction } from '../../transaction/transaction.ts'
import type { Uac } from './state.ts'

/** Display name and URI as written, with the bracket behind them if there is one; parameters come next. */
export function partyText(text: string, address: NameAddr): string {
  return text.slice(address.start, partyEnd(text, address))
}

function partyEnd(text: string, { uriEnd }: NameAddr): number {
  let at = uriEnd
  while (/\s/.test(text.charAt(at))) at++
  return text.charAt(at) === '>' ? at + 1 : uriEnd
}

export function editReplies(uac: Uac, context: RouteContext): void {
  uac.tm.editReplies(context, (transaction, reply) => restoreReply(uac, transaction, reply))
}

function restoreReply(uac: Uac, transaction: Transaction, reply: SipMessage): void {
  const { request } = transaction
  if ((request.msgFlags & MessageFlag.useUacFrom) !== 0) {
    const problem = 'failed to find/parse FROM hdr'
    restore(uac, transaction, reply, { request: request.from(), reply: reply.from(), avp: uac.fromAvp, problem })
  }
  if ((request.msgFlags & MessageFlag.useUacTo) !== 0) {
    const problem = 'failed to parse TO hdr'
    restore(uac, transaction, reply, { request: request.to(), reply: reply.to(), avp: uac.toAvp, problem })
  }
}

type Address = NameAddr | ParseError | undefined

interface Restoring {
  readonly request: Address
  readonly reply: Address
  readonly avp: AvpName | undefined
  readonly problem: string
}

function restore(uac: Uac, transaction: Transaction, reply: SipMessage, { request: came, reply: comes, avp, problem }: Restoring): void {
  if (comes === undefined || comes instanceof ParseError || came === undefined || came instanceof ParseError) {
    uac.host.log.error('uac', problem)
    return
  }
  const kept = avp === undefined ? null : transaction.attributes?.avps.get(avp) ?? null
  const text = typeof kept === 'string' && kept !== '' ? kept : partyText(transaction.request.text, came)
  reply.edits.replace(comes.start, partyEnd(reply.text, comes), text)
}
