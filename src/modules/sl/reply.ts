/** Stateless replies (Kamailio's sl): built, sent to where the request came from, and forgotten. */
import type { Counter } from '../../base/statistics.ts'
import type { RouteFunction, Host } from '../../runtime/host.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { redirectContact } from '../../runtime/redirect-contact.ts'
import { productOf } from '../../runtime/server-header.ts'
import { errorReply } from '../../runtime/error-reply.ts'
import { warningHeader } from '../../runtime/warning-header.ts'
import { buildLocalReply, replyTarget } from '../../sip/build-reply.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { TmApi } from '../tm/api.ts'
import { parseForeign } from '../../sip/parse-foreign.ts'
import type { SlWatcher } from './api.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { createTagMaker, type TagMaker } from '../../sip/to-tag.ts'

/** For this long after a failure reply, ACKs with its tag are taken for the end of that transaction. */
const ACK_WAIT_MS = 2000

export interface SlParams {
  readonly bind_tm: number
  readonly default_code: number
  readonly default_reason: string
  readonly rich_redirect: number
}

export interface Sl {
  readonly host: Host
  readonly params: SlParams
  readonly tags: TagMaker
  readonly counters: ReadonlyMap<string, Counter>
  /** ACKs are filtered up to this time. */
  ackWaitUntilMs: number
  localResponse: RouteFunction | undefined
  filteredAck: RouteFunction | undefined
  readonly watchers: SlWatcher[]
  /** Transactions, where module tm is loaded and bind_tm is on. */
  tm: TmApi | undefined
}

/** Counter names and the codes they count; the first that fits is taken. */
const COUNTERS = [
  '200_replies', '202_replies', '2xx_replies', '300_replies', '301_replies', '302_replies', '3xx_replies', '400_replies',
  '401_replies', '403_replies', '404_replies', '407_replies', '408_replies', '483_replies', '4xx_replies', '500_replies',
  '5xx_replies', '6xx_replies', '1xx_replies', 'xxx_replies', 'sent_replies', 'sent_err_replies', 'received_ACKs', 'failures',
] as const

export const counterNames: Readonly<Record<string, string>> = Object.fromEntries(
  COUNTERS.map((name) => [name, `Stateless: ${name.replaceAll('_', ' ')}.`]),
)

export function createSl(host: Host, params: SlParams): Sl {
  const counters = new Map(COUNTERS.map((name) => [name as string, host.statistics.counter('sl', name)]))
  for (const counter of counters.values()) counter.isKept = true
  return {
    host,
    params,
    tags: createTagMaker(host.random.hex(16)),
    counters,
    ackWaitUntilMs: 0,
    localResponse: undefined,
    filteredAck: undefined,
    watchers: [],
    tm: undefined,
  }
}

/** send_reply(): within the transaction when there is one. */
export function sendReplyByTransaction(sl: Sl, context: RouteContext, code: number, reason: string): number {
  const transaction = sl.tm?.transactionOf(context)
  if (sl.tm === undefined || transaction === undefined) return sendReply(sl, context, code, reason)
  return sl.tm.reply(context, transaction, code, reason) ? 1 : -1
}

/** Sends one reply. 1 when it left, -1 when it cannot be sent: to an ACK, to what may not be answered, by no socket. */
export function sendReply(sl: Sl, context: RouteContext, code: number, reason: string): number {
  const { message } = context
  if (!message.isRequest || message.method === 'ACK') return -1
  if ((message.msgFlags & MessageFlag.noReply) !== 0) return -2
  const text = buildLocalReply(message, {
    code,
    reason,
    toTag: code >= 180 ? sl.tags.tagFor(message) : '',
    server: productOf(sl.host),
    headers: code >= 300 && code <= 399 ? redirectContact(context, sl.params.rich_redirect) : '',
    lastHeaders: sl.host.settings.sip_warning === 0 ? '' : warningHeader(sl.host, message),
  })
  if (text instanceof ParseError) {
    sl.host.log.error('sl', `no reply can be made to a request with faulty headers: ${text.reason}`)
    return -1
  }
  if (code >= 300) sl.ackWaitUntilMs = sl.host.clock.now() + ACK_WAIT_MS
  const target = replyTarget(message, sl.host.settings.reply_to_via !== 0)
  for (const watcher of sl.watchers) watcher.replyReady(context, code, text, target)
  const sent = sl.host.network.send(text, target)
  if (sent !== true) {
    sl.counters.get('failures')?.increment()
    sl.host.log.error('sl', `reply ${code} to ${message.received.sourceAddress} was not sent: ${sent.reason}`)
    return -1
  }
  count(sl, code)
  if (sl.localResponse !== undefined) runLocalResponse(sl, context, sl.localResponse, text)
  return 1
}

function count(sl: Sl, code: number): void {
  const hundred = Math.floor(code / 100)
  const exact = sl.counters.get(`${code}_replies`)
  const group = exact ?? sl.counters.get(hundred >= 1 && hundred <= 6 ? `${hundred}xx_replies` : 'xxx_replies')
  group?.increment()
  sl.counters.get('sent_replies')?.increment()
}

/** event_route[sl:local-response] sees the reply just sent. */
function runLocalResponse(sl: Sl, context: RouteContext, route: RouteFunction, text: string): void {
  const { received, id } = context.message
  const parsed = parseMessage(text, received, id)
  // An answer to an HTTP request is read as a request whose method is its version, as in Kamailio.
  const reply = parsed instanceof ParseError ? parseForeign(text, received, id) : parsed
  if (reply instanceof ParseError) return
  const { message } = context
  context.message = reply
  const finish = (): void => {
    context.message = message
  }
  const running = sl.host.runEvent(route, context)
  if (running instanceof Promise) void running.then(finish)
  else finish()
}

/**
 * True for an ACK to a failure reply of this server: it ends there. RFC 3261 §17.1.1.3: the ACK has the reply's tag.
 */
export function isAckToOwnReply(sl: Sl, message: SipMessage): boolean {
  if (message.method !== 'ACK' || sl.ackWaitUntilMs <= sl.host.clock.now()) return false
  const to = message.to()
  if (to === undefined || to instanceof ParseError || to.tag === undefined) return false
  return sl.tags.isOwn(to.tag, message)
}

/** The reply for what went wrong last. */
export function sendErrorReply(sl: Sl, context: RouteContext): number {
  const [code, text] = errorReply(context.errorCode)
  const reason = `${text} (${Math.abs(context.errorCode) || 1}/SL)`
  const result = sendReply(sl, context, code, reason)
  if (result > 0) {
    sl.counters.get('sent_err_replies')?.increment()
    sl.host.log.error('sl', `sl_reply_error(): stateless error reply used: ${reason}`)
  }
  return result
}
