/** Offers and answers: each stream gets a port of a proxy, and the description names that in place of the phone's own. */
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { descriptionBody, type DescriptionBody } from '../../sip/sdp/description-body.ts'
import type { SdpMedia } from '../../sip/sdp/media.ts'
import { callOf, nodeFor, suffixOf, type Call } from './call.ts'
import { changeStream, type ProxyPlace, type SessionEdits } from './description.ts'
import { parseFlags, type ProxyFlags } from './flags.ts'
import type { ProxyNode } from './node.ts'
import { ask } from './select-node.ts'
import { refuse, tellInstance, type RtpProxy } from './state.ts'

const ALREADY_PROXIED = -2
const NO_PROXY = -3

export interface ForceOptions {
  readonly flags: string
  readonly isOffer: boolean
  /** Written in place of what the proxy says. */
  readonly address: string | undefined
}

interface Job {
  readonly state: RtpProxy
  readonly context: RouteContext
  readonly flags: ProxyFlags
  readonly call: Call
  readonly suffix: string
  readonly creates: boolean
  readonly address: string | undefined
  readonly icePriority: number
}

/** 1 done, -1 cannot, -2 a proxy is at work already, -3 no proxy answers. */
export async function force(state: RtpProxy, context: RouteContext, options: ForceOptions): Promise<number> {
  const { message } = context
  const flags = parseFlags(options.flags, !message.isRequest)
  if (typeof flags === 'string') return refuse(state, `unknown option \`${flags}'`)
  if (flags.isLookup && !options.isOffer) return -1
  const body = descriptionBody(message)
  if (!('start' in body)) {
    for (const reason of body) refuse(state, reason)
    return refuse(state, "can't extract body from the message")
  }
  const named = callOf(state, context)
  const suffix = named === undefined ? undefined : suffixOf(state, context, flags.via, flags.hasExtraId)
  if (named === undefined || suffix === undefined) return -1
  const call = directed(named, flags, message.isRequest, options.isOffer)
  if (call === undefined) return -1
  const mark = state.params.nortpproxy_str.replace(/[\r\n]+$/, '')
  const isProxied = mark !== '' && hasLine(message.text, body, mark)
  if (isProxied && !flags.isForced) return ALREADY_PROXIED
  const icePriority = icePriorityOf(state, context)
  if (icePriority === undefined) return -1
  const job = { state, context, flags, call, suffix, icePriority, creates: options.isOffer && !flags.isLookup, address: options.address }
  const result = await changeSessions(job)
  if (result === 1 && !isProxied && mark !== '') message.edits.insert(body.end, `\r\n${mark}`)
  return result
}

/** Who offers stands first: the tags change places for answers in requests, offers in replies and lookups. */
function directed(call: Call, flags: ProxyFlags, isRequest: boolean, isOffer: boolean): Call | undefined {
  const swaps = flags.isLookup ? isRequest : isRequest !== isOffer
  if ((swaps || flags.isLookup) && call.toTag === '') return undefined
  return swaps ? { callId: call.callId, fromTag: call.toTag, toTag: call.fromTag } : call
}

function hasLine(text: string, { start, end }: DescriptionBody, line: string): boolean {
  for (let at = text.indexOf(line, start); at >= 0 && at + line.length <= end; at = text.indexOf(line, at + line.length)) {
    if (text.charAt(at - 1) === '\n' || text.charAt(at - 1) === '\r') return true
  }
  return false
}

/** 0 for no candidates; undefined, with a line in the log, when the AVP holds anything else than 0, 1 or 2. */
function icePriorityOf(state: RtpProxy, context: RouteContext): number | undefined {
  if (state.icePriority === undefined) return 0
  const value = state.icePriority.get(context) ?? 2
  if (value === 0 || value === 1 || value === 2) return value
  refuse(state, `invalid ice candidate priority value ${value}`)
  return undefined
}

async function changeSessions(job: Job): Promise<number> {
  const { state, context, icePriority } = job
  const sdp = context.message.sdp()
  if (sdp === undefined || sdp instanceof ParseError) return refuse(state, 'Unable to parse sdp')
  let number = 0
  const options = { text: job.flags.options, bridges: job.flags.bridges }
  for (const session of sdp.sessions) {
    const edits: SessionEdits = { session, isCommonChanged: false, isOriginChanged: false }
    for (const stream of session.media) {
      if (icePriority > 0 && stream.attributes('remote-candidates').length > 0) break
      number++
      const place = await placeFor(job, stream, number, options)
      if (typeof place === 'number') return place
      changeStream(context.message, edits, stream, place, { changesCommon: job.flags.changesCommon, icePriority })
    }
  }
  return 1
}

/** Asks proxies one after the other for a port for the stream; a number is the result of the function. */
async function placeFor(
  job: Job, stream: SdpMedia, number: number, options: { text: string; bridges: boolean },
): Promise<ProxyPlace | number> {
  const { state, context, flags, call } = job
  const isIpv6 = stream.connection.family === 6
  if (options.bridges) options.text += isIpv6 ? 'EI' : 'IE'
  options.bridges = false
  if (isIpv6) options.text += '6'
  const { sourceAddress } = context.message.received
  const address = flags.trustsAddress ? stream.connection.address : sourceAddress
  for (;;) {
    const node = await nodeFor(state, context, call.callId)
    if (node === undefined) return NO_PROXY
    tellInstance(state, context, node)
    const answer = await ask(state, node, commandFor(job, node, stream, number, options.text, address))
    const family = flags.trustsAddress ? stream.connection.family : sourceAddress.includes(':') ? 6 : 4
    if (answer !== undefined) return placeOf(job, stream, answer, family)
  }
}

function commandFor(job: Job, node: ProxyNode, stream: SdpMedia, number: number, options: string, address: string): string {
  const { state, call, flags, creates, suffix } = job
  if (flags.repacketize !== '' && !node.canRepacketize) {
    state.host.log.warning('rtpproxy', 're-packetization is requested but is not supported by the selected RTP proxy node')
  }
  const repacketize = node.canRepacketize ? flags.repacketize : ''
  const payloads = node.canPlay && /^RTP\/S?AVPF?$/i.test(stream.transport.text) ? payloadList(stream) : ''
  const { timeout_socket } = state.params
  const tags = call.toTag === '' ? '' : ` ${call.toTag};${number}${creates && timeout_socket !== '' ? ` ${timeout_socket}` : ''}`
  const head = `${creates ? 'U' : 'L'}${options}${repacketize}${payloads} ${call.callId}${suffix}`
  return `${head} ${address} ${stream.port.text} ${call.fromTag};${number}${tags}`
}

function payloadList({ payloads }: SdpMedia): string {
  const numbers = payloads.map(({ text }) => text.replace(/[^0-9]+/g, ',')).join(',').replace(/,+/g, ',').replace(/^,|,$/g, '')
  return payloads.length === 0 ? '' : `c${numbers}`
}

/** `port [address [family]]`. */
function placeOf({ state, context, flags, address }: Job, stream: SdpMedia, answer: string, family: 4 | 6): ProxyPlace | number {
  const words = answer.split(/[ \t\r\n]+/).filter((word) => word !== '')
  const [first, second, third] = words
  if (first === undefined) return refuse(state, 'no reply from rtp proxy')
  const port = Number.parseInt(first, 10) || 0
  if (port <= 0 || port > 65535) {
    if (port !== 0 || !flags.isLookup) refuse(state, `incorrect port ${port} in reply from rtp proxy`)
    return -1
  }
  const newFamily = second === undefined ? family : third?.startsWith('6') === true ? 6 : 4
  const isOnHold = isNullAddress(stream.connection.address, stream.connection.family)
  const proxyAddress = isOnHold ? newFamily === 6 ? '::' : '0.0.0.0' : address ?? second ?? context.message.received.socket.address
  return { port, address: proxyAddress, family: newFamily }
}

export function isNullAddress(address: string, family: 4 | 6): boolean {
  return family === 6 ? /^[0:]+$/.test(address) : address === '0.0.0.0'
}
