/** Stateless replies (Kamailio's sl): built, sent to where the request came from, and forgotten. */
import type { Counter } from '../../base/statistics.ts'
import type { RouteFunction, Host } from '../../runtime/host.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { buildLocalReply, replyTarget } from '../../sip/build-reply.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { escapeUriParam } from '../../sip/uri-escape.ts'
import { endpointText } from '../../base/address.ts'
import { productOf } from './server-header.ts'
import { createTagMaker, type TagMaker } from './to-tag.ts'

/** For this long after a failure reply, ACKs with its tag are taken for the end of that transaction. */
const ACK_WAIT_MS = 2000

export interface SlParams {
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
  return {
    host,
    params,
    tags: createTagMaker(host.random.hex(16)),
    counters,
    ackWaitUntilMs: 0,
    localResponse: undefined,
    filteredAck: undefined,
  }
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
    headers: redirectContact(sl, context, code),
    lastHeaders: sl.host.settings.sip_warning === 0 ? '' : warningHeader(sl.host, message),
  })
  if (text instanceof ParseError) {
    sl.host.log.error('sl', `no reply can be made to a request with faulty headers: ${text.reason}`)
    return -1
  }
  message.replyHeaders = undefined
  message.replyBody = undefined
  if (code >= 300) sl.ackWaitUntilMs = sl.host.clock.now() + ACK_WAIT_MS
  const sent = sl.host.network.send(text, replyTarget(message, sl.host.settings.reply_to_via !== 0))
  if (sent !== true) {
    sl.counters.get('failures')?.increment()
    sl.host.log.error('sl', `reply ${code} to ${message.received.sourceAddress} was not sent: ${sent.reason}`)
    return -1
  }
  count(sl, code)
  if (sl.localResponse !== undefined) runLocalResponse(sl, context, sl.localResponse, text)
  return 1
}

/** What sip_warning adds: where the request came from, as a Warning (RFC 3261 §20.43). */
function warningHeader(host: Host, message: SipMessage): string {
  const { socket, sourceAddress, sourcePort } = message.received
  const vias = message.vias()
  const told =
    `Noisy feedback tells:  pid=${host.identity.pid} req_src_ip=${sourceAddress} req_src_port=${sourcePort} ` +
    `in_uri=${message.requestUri} out_uri=${message.uri} via_cnt==${vias.length}`
  return `Warning: 392 ${endpointText(socket.address, socket.port)} "${told}"\r\n`
}

const RichRedirect = { flags: 1, path: 2 } as const

/** The Contact of a redirection: the Request-URI, where it was rewritten, and the branches. */
function redirectContact(sl: Sl, context: RouteContext, code: number): string {
  if (code < 300 || code > 399) return ''
  const { message, branches } = context
  const mode = sl.params.rich_redirect
  const targets: string[] = []
  if (message.newUri !== undefined) {
    targets.push(redirectTarget(mode, message.newUri, branches.requestUriQ, message.pathVector ?? '', message.branchFlags))
  }
  for (const { uri, q, path, flags } of branches.list) targets.push(redirectTarget(mode, uri, q, path, flags))
  if (targets.length === 0) {
    sl.host.log.warning('<core>', 'print_dset(): no r-uri or branches')
    return ''
  }
  return `Contact: ${targets.join(', ')}\r\n`
}

/** One contact; the mode is that of `rich_redirect`. */
function redirectTarget(mode: number, uri: string, q: number, path: string, flags: number): string {
  const route = (mode & RichRedirect.path) !== 0 && path !== '' ? escapeUriParam(path) : undefined
  return (
    `<${uri}${route === undefined ? '' : `?Route=${route}`}>${q >= 0 ? `;q=${qText(q)}` : ''}` +
    ((mode & RichRedirect.flags) !== 0 ? `;flags=${flags >>> 0}` : '')
  )
}

/** q as a header has it, from thousandths: 500 is `0.5`, 1000 is `1`. */
function qText(q: number): string {
  return q >= 1000 ? '1' : `0.${String(q).padStart(3, '0')}`.replace(/0+$/, '').replace(/\.$/, '')
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
  const reply = parseMessage(text, context.message.received, context.message.id)
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

function errorReply(error: number): readonly [code: number, text: string] {
  switch (error) {
    case -477:
      return [477, 'Unfortunately error on sending to next hop occurred']
    case -478:
      return [478, 'Unresolvable destination']
    case -479:
      return [479, 'Regretfully, we were not able to process the URI']
    case -400:
      return [400, 'Bad request']
    default:
      return [500, "I'm terribly sorry, server error occurred"]
  }
}
