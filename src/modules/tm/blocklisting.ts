/** Who gets on the blocklist because of tm (blst_* parameters), and who looks at it. */
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import type { Tm } from './state.ts'

/** True for a branch whose destination is listed, where its method looks. */
export function isBlocklisted({ host, params }: Tm, { request, transaction }: ClientBranch): boolean {
  const { target } = request
  if (target === undefined || !host.blocklist.has(target)) return false
  if ((transaction.request.methodId & params.blst_methods_lookup) === 0) return false
  host.log.info('tm', `${target.transport}:${target.address}:${target.port} is on the blocklist`)
  return true
}

/** Nobody replied at all. */
export function listSilent({ host, params }: Tm, { request, transaction }: ClientBranch): void {
  if (request.target === undefined || (transaction.request.methodId & params.blst_methods_add) === 0) return
  host.blocklist.add(request.target)
}

/** A 503: for as long as its Retry-After says, within blst_503_min_timeout and blst_503_max_timeout. */
export function listUnavailable({ host, params }: Tm, reply: SipMessage): void {
  if (params.blst_503 === 0) return
  const told = /^\d{1,9}/.exec(reply.value(HeaderType.retryAfter) ?? '')?.[0]
  const seconds = told === undefined
    ? params.blst_503_def_timeout
    : Math.min(Math.max(Number(told), params.blst_503_min_timeout), params.blst_503_max_timeout)
  const { socket, sourceAddress, sourcePort } = reply.received
  if (seconds > 0) host.blocklist.add({ transport: socket.transport, address: sourceAddress, port: sourcePort }, seconds)
}
