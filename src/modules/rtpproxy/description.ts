/** The edits of a description: ports, addresses, a=rtcp and relay candidates. */
import type { SipMessage } from '../../sip/message.ts'
import { sdpWords } from '../../sip/sdp/line.ts'
import type { SdpMedia } from '../../sip/sdp/media.ts'
import type { SdpSession } from '../../sip/sdp/session.ts'

/** Where a proxy takes a stream. */
export interface ProxyPlace {
  readonly port: number
  readonly address: string
  readonly family: 4 | 6
}

export interface SessionEdits {
  readonly session: SdpSession
  /** Each address of the session changes once, whatever its streams say. */
  isCommonChanged: boolean
  isOriginChanged: boolean
}

export interface StreamOptions {
  readonly changesCommon: boolean
  /** 0 for no relay candidates. */
  readonly icePriority: number
}

export function changeStream(message: SipMessage, edits: SessionEdits, stream: SdpMedia, place: ProxyPlace, options: StreamOptions): void {
  if (stream.port.text !== '0') replaceText(message, stream.port.start, stream.port.end, String(place.port))
  changeRtcpPort(message, stream, place.port + 1)
  if (options.icePriority > 0) addCandidates(message, stream, place, options.icePriority)
  changeConnection(message, edits, stream, place, options.changesCommon)
  if (!edits.isOriginChanged) changeOrigin(message, edits.session, place)
  edits.isOriginChanged = true
}

function replaceText({ text, edits }: SipMessage, start: number, end: number, replacement: string): void {
  if (text.slice(start, end) !== replacement) edits.replace(start, end, replacement)
}

function changeRtcpPort(message: SipMessage, stream: SdpMedia, port: number): void {
  const rtcp = stream.attributes('rtcp').at(-1)
  const digits = rtcp === undefined ? null : /^[0-9]+/.exec(rtcp.value)
  if (rtcp === undefined || digits === null) return
  const start = rtcp.line.valueEnd - rtcp.value.length
  replaceText(message, start, start + digits[0].length, String(port))
}

/** In front of the phone's own candidates. */
function addCandidates(message: SipMessage, stream: SdpMedia, { address, port }: ProxyPlace, priority: number): void {
  const [first] = stream.attributes('candidate')
  if (first === undefined) return
  const foundation = address.replace(/[^0-9]/g, '')
  const highest = priority === 2 ? 16777215 : 2197815295
  message.edits.insert(first.line.start,
    `a=candidate:${foundation} 2 UDP ${highest - 1} ${address} ${port + 1} typ relay\r\n` +
    `a=candidate:${foundation} 1 UDP ${highest} ${address} ${port} typ relay\r\n`)
}

function changeConnection(message: SipMessage, edits: SessionEdits, stream: SdpMedia, place: ProxyPlace, changesCommon: boolean): void {
  const common = edits.session.connection
  const isOwn = stream.connection !== common
  if (isOwn || !edits.isCommonChanged) {
    const { address, addressStart, addressEnd, family } = stream.connection
    changeAddress(message, { address, start: addressStart, end: addressEnd, family }, place)
    if (!isOwn) edits.isCommonChanged = true
  }
  if (!changesCommon || common === undefined || edits.isCommonChanged) return
  const { address, addressStart, addressEnd, family } = common
  changeAddress(message, { address, start: addressStart, end: addressEnd, family }, place)
  edits.isCommonChanged = true
}

function changeOrigin(message: SipMessage, { origin }: SdpSession, place: ProxyPlace): void {
  const words = sdpWords(message.text, origin.valueStart, origin.valueEnd)
  const type = words[4]
  const address = words[5]
  if (address === undefined || (type?.text !== 'IP4' && type?.text !== 'IP6')) return
  changeAddress(message, { address: address.text, start: address.start, end: address.end, family: type.text === 'IP4' ? 4 : 6 }, place)
}

interface OldAddress {
  readonly address: string
  readonly start: number
  readonly end: number
  readonly family: 4 | 6
}

/** The address, and with another family its digit in `IP4` too. An address on hold stays. */
function changeAddress(message: SipMessage, { address, start, end, family }: OldAddress, place: ProxyPlace): void {
  const isNone = family === 6 ? /^[0:]+$/.test(address) : address === '0.0.0.0'
  if ((family === place.family && isNone) || address === place.address) return
  if (family === place.family) {
    message.edits.replace(start, end, place.address)
    return
  }
  let digit = start - 1
  while (digit > 0 && !/[46]/.test(message.text.charAt(digit))) digit--
  message.edits.replace(digit, end, `${place.family} ${place.address}`)
}
