/** Messages of nodes: to the channel that they name, and the answer. */
import { addressFamily } from '../../base/address.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import type { ChannelReply } from './api.ts'
import { CHANNEL } from './comparing.ts'
import { heardFrom } from './discover.ts'
import type { DmqNode, NodeLine } from './node.ts'
import { readNodeLineFrom, takeNotification } from './notification.ts'
import { isMarkedTag } from './send.ts'
import type { Dmq } from './state.ts'

const NOT_FOUND: ChannelReply = { code: 404, reason: 'User Not Found' }
const FORBIDDEN: ChannelReply = { code: 403, reason: 'Forbidden' }
const REFUSAL_LOG_MS = 10_000

/** Takes a message; 1 where the script is to go on, 0 where it ends, -1 for what is no message of a channel. */
export function handleMessage(dmq: Dmq, context: RouteContext, goesOn: boolean): number {
  const { message } = context
  const uri = parseUri(message.uri)
  if (uri instanceof ParseError || uri.user === '') {
    dmq.host.log.error('dmq', 'error parsing msg uri')
    return -1
  }
  dmq.counters.received.increment()
  const channel = uri.user
  if (channel === dmq.params.notification_channel) introduced(dmq, context)
  else reply(dmq, context, answerOn(dmq, message, channel))
  return goesOn ? 1 : 0
}

function answerOn(dmq: Dmq, message: SipMessage, name: string): ChannelReply {
  const { sourceAddress } = message.received
  if (!dmq.nodes.isKnownAddress(sourceAddress)) return refuse(dmq, sourceAddress, name)
  const from = senderOf(dmq, message)
  if (name === CHANNEL) {
    // Only a node that is known by its address may say what is newer.
    if (from === undefined || !from.isComparing) return NOT_FOUND
    heardFrom(dmq, from)
    return dmq.comparing.channel.take(message.body(), from)
  }
  const channel = dmq.channels.get(name)
  if (channel === undefined) return NOT_FOUND
  const answer = channel.take(message.body(), from)
  if (answer.code === 400) dmq.counters.malformed.increment()
  return answer
}

function refuse(dmq: Dmq, address: string, name: string): ChannelReply {
  const { host, counters } = dmq
  counters.refused.increment()
  const now = host.clock.monotonic()
  if (now - dmq.refusalToldAtMs > REFUSAL_LOG_MS) {
    dmq.refusalToldAtMs = now
    host.log.warning('dmq', `a message on channel ${name} from ${address}, which is no node, is refused`)
  }
  return FORBIDDEN
}

/** The node that a message names as its sender, where it comes from that node's address. */
function senderOf(dmq: Dmq, message: SipMessage): DmqNode | undefined {
  const from = message.from()
  if (from === undefined || from instanceof ParseError) return undefined
  const uri = from.parsedUri()
  const { sourceAddress } = message.received
  const line = uri instanceof ParseError ? undefined : readNodeLineFrom(`${uri.scheme}:${uri.text.slice(uri.hostStart)}`, sourceAddress)
  const node = line === undefined ? undefined : dmq.nodes.find(line)
  if (node === undefined || node.isLocal) return undefined
  if (node.address !== sourceAddress) return node
  if (!node.isComparing && from.tag !== undefined && isMarkedTag(from.tag)) {
    node.isComparing = true
    dmq.comparing.soon(node)
  }
  return node
}

/** A notification: from a node, or from one that names itself as a new one. */
function introduced(dmq: Dmq, context: RouteContext): void {
  const { message } = context
  const { sourceAddress } = message.received
  const take = (in_: RouteContext): void => {
    const answer = takeNotification(dmq, message)
    senderOf(dmq, message)
    reply(dmq, in_, answer)
  }
  if (dmq.nodes.isKnownAddress(sourceAddress)) {
    take(context)
    return
  }
  const lines = linesOf(message.body(), sourceAddress)
  if (lines.some(({ host }) => host === sourceAddress)) {
    take(context)
    return
  }
  const names = lines.filter(({ host }) => addressFamily(host) === 0).slice(0, 1)
  const [named] = names
  if (named === undefined) {
    reply(dmq, context, refuse(dmq, sourceAddress, dmq.params.notification_channel))
    return
  }
  // A name has to be asked for; the script does not wait for it.
  void dmq.host.names.addresses(named.host).then(({ found }) => {
    const { context: later, release } = dmq.host.contextFor(message)
    if (found.includes(sourceAddress)) take(later)
    else reply(dmq, later, refuse(dmq, sourceAddress, dmq.params.notification_channel))
    release()
  })
}

function linesOf(body: string, source: string): readonly NodeLine[] {
  return body.split(/[\r\n]+/, 128).flatMap((text) => readNodeLineFrom(text, source) ?? [])
}

function reply(dmq: Dmq, context: RouteContext, { code, reason, contentType, body }: ChannelReply): void {
  const { message } = context
  if (body !== undefined && contentType !== undefined) message.replyBody = { text: body, contentType }
  dmq.sl?.replyInTransaction(context, code, reason)
}

/** Whether a message comes from the address of another node. */
export function isFromNode(dmq: Dmq, context: RouteContext): boolean {
  return dmq.nodes.hasAddress(context.message.received.sourceAddress)
}
