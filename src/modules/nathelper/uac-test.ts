/** nat_uac_test(): signs that a message came through a NAT. */
import { addressBytes, addressOfBytes, withoutBrackets } from '../../base/address.ts'
import { differsFromSource } from '../../sip/build-via.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam, type SipUri } from '../../sip/uri.ts'
import { contactOf } from './contact.ts'
import { isPrivateAddress } from './private-networks.ts'
import { refuse, type NatHelper } from './state.ts'

const SIP_PORT = 5060
const SIPS_PORT = 5061

type Check = (state: NatHelper, message: SipMessage) => boolean

/** By their bits, in the order in which they are made. */
const CHECKS: readonly (readonly [bit: number, check: Check])[] = [
  [16, (_state, message) => message.received.sourcePort !== (message.firstVia()?.port || SIP_PORT)],
  [2, (_state, message) => isViaAnother(message)],
  [1, (state, message) => isPrivate(state, contactOf(state, message)?.uri.host)],
  [8, hasPrivateMedia],
  [4, (state, message) => isPrivate(state, message.firstVia()?.host)],
  [32, (state, message) => isPrivate(state, message.received.sourceAddress)],
  [64, (_state, { received }) => isWebSocket(received.socket.transport)],
  [128, (state, message) => {
    const contact = contactOf(state, message)
    return contact !== undefined && message.received.sourcePort !== (contact.uri.port || SIP_PORT)
  }],
  [256, hasOtherMediaAddress],
  [512, (state, message) => (message.isRequest ? goesElsewhere(state, message) : repliesElsewhere(state, message))],
]

/** 1 when one of the checks holds, else -1. */
export function testUac(state: NatHelper, message: SipMessage, bits: number): number {
  for (const [bit, check] of CHECKS) if ((bits & bit) !== 0 && check(state, message)) return 1
  return -1
}

const isWebSocket = (transport: string | undefined): boolean => transport === 'ws' || transport === 'wss'

function isPrivate({ params }: NatHelper, host: string | undefined): boolean {
  return host !== undefined && isPrivateAddress(host, params.nat_addr_mode)
}

function isViaAnother(message: SipMessage): boolean {
  const via = message.firstVia()
  return via !== undefined && differsFromSource(message, via)
}

/** A stream's address is private; what is no IPv4 address, or none at all, ends the look at its session. */
function hasPrivateMedia(state: NatHelper, message: SipMessage): boolean {
  const sdp = message.sdp()
  if (sdp instanceof ParseError) refuse(state, 'Unable to parse sdp body')
  if (sdp === undefined || sdp instanceof ParseError) return false
  for (const session of sdp.sessions) {
    for (const { connection } of session.media) {
      if (connection.family !== 4 || connection.address === '0.0.0.0') break
      if (isPrivate(state, connection.address)) return true
    }
  }
  return false
}

/** A session's own address is not where the message came from. */
function hasOtherMediaAddress(state: NatHelper, message: SipMessage): boolean {
  const sdp = message.sdp()
  if (sdp instanceof ParseError) refuse(state, 'Unable to parse sdp body')
  if (sdp === undefined || sdp instanceof ParseError) return false
  let isOther = false
  for (const { connection } of sdp.sessions) {
    if (connection === undefined) break
    const bytes = addressBytes(connection.address)
    if (bytes === undefined) {
      refuse(state, "Couldn't get sdp c line IP address")
      return false
    }
    if (addressOfBytes(bytes) !== message.received.sourceAddress) isOther = true
  }
  return isOther
}

/** What the URI itself names; `wss` is none that Kamailio's URIs know. */
function transportOf(uri: SipUri): string | undefined {
  const transport = uriParam(uri, 'transport')?.toLowerCase()
  return transport === 'wss' ? undefined : transport
}

const portOf = (uri: SipUri): number => uri.port || (transportOf(uri) === 'tls' ? SIPS_PORT : SIP_PORT)

/** The destination URI is another host or port than the Request-URI, or a WebSocket. */
function goesElsewhere(state: NatHelper, message: SipMessage): boolean {
  const uri = message.parsedUri()
  if (!message.dstUri) {
    if (uri instanceof ParseError) refuse(state, 'failed to parse the R-URI')
    return !(uri instanceof ParseError) && isWebSocket(transportOf(uri))
  }
  const destination = parseUri(message.dstUri)
  if (destination instanceof ParseError) {
    refuse(state, `failed to parse dst uri [${message.dstUri}]`)
    return false
  }
  if (isWebSocket(transportOf(destination))) return true
  if (uri instanceof ParseError) {
    refuse(state, 'failed to parse the R-URI')
    return false
  }
  return portOf(destination) !== portOf(uri) || isOtherHost(destination.host, uri.host)
}

/** The second Via names another host or port than it was received from, or a WebSocket. */
function repliesElsewhere(state: NatHelper, message: SipMessage): boolean {
  const via = message.secondVia()
  if (via === undefined) return false
  const transport = via.transport.toLowerCase()
  if (isWebSocket(transport)) return true
  const rport = Number(via.rport || 0)
  if (Number.isNaN(rport)) return refuse(state, 'invalid rport value') > 0
  if (rport !== 0 && rport !== (via.port || (transport === 'tls' ? SIPS_PORT : SIP_PORT))) return true
  return Boolean(via.receivedParam) && isOtherHost(via.receivedParam ?? '', via.host)
}

function isOtherHost(left: string, right: string): boolean {
  if (left === '') return false
  const [one, other] = [addressBytes(withoutBrackets(left)), addressBytes(withoutBrackets(right))]
  if (one === undefined && other === undefined) return right !== '' && left !== right
  return one === undefined || other === undefined || addressOfBytes(one) !== addressOfBytes(other)
}
