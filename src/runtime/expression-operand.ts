/** What SER compared before there were variables: `method == INVITE`, `src_ip == 10.0.0.0/8`, `uri == myself`. */
import ipaddr from 'ipaddr.js'
import type { TextMatcher } from '../define/arg.ts'
import { ParseError } from '../sip/parse-error.ts'
import { parseUri, type SipUri } from '../sip/uri.ts'
import type { RouteContext } from './context.ts'
import type { RegexCache } from './regex.ts'

/** Numbers of transports and address families in comparisons (`proto == TCP`, `af == INET6`). */
const protocols: Readonly<Record<string, number>> = { '*': 0, udp: 1, tcp: 2, tls: 3, sctp: 4, ws: 5, wss: 6 }
const FAMILY_4 = 2
const FAMILY_6 = 10

export function protocolNumber(word: string): number {
  return protocols[word.toLowerCase()] ?? 0
}

/** The text of `method`, `uri`, `from_uri`, `to_uri`, `status`; undefined when there is none that can be read. */
export function operandText(context: RouteContext, name: string): string | undefined {
  const { message } = context
  switch (name) {
    case 'method': {
      if (message.isRequest) return message.method
      const cseq = message.cseq()
      return cseq?.method
    }
    case 'uri':
      return message.uri
    case 'status':
      return message.isRequest ? message.uri : String(message.status)
    case 'from_uri':
    case 'to_uri': {
      const address = name === 'from_uri' ? message.from() : message.to()
      return address === undefined || address instanceof ParseError ? undefined : address.uri
    }
    default:
      return undefined
  }
}

/** Are two texts the same without regard to the case of ASCII letters? */
export function isSameText(left: string | undefined, right: string | undefined): boolean {
  if (left === right) return left !== undefined
  if (left === undefined || right === undefined || left.length !== right.length) return false
  for (let at = 0; at < left.length; at++) {
    if (lower(left.charCodeAt(at)) !== lower(right.charCodeAt(at))) return false
  }
  return true
}

function lower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code
}

export function matchesOperand(text: string | undefined, matcher: TextMatcher): boolean {
  return text !== undefined && matcher.test(text)
}

/** `method =~ $x`: a wrong pattern matches nothing, without a word. */
export function matchesOperandBy(text: string | undefined, patterns: RegexCache, pattern: string): boolean {
  const matcher = patterns.get(pattern)
  return text !== undefined && typeof matcher !== 'string' && matcher.test(text)
}

/** The number of `src_port`, `proto`, `af`, `msg:len` ... */
export function operandNumber(context: RouteContext, name: string): number {
  const { message } = context
  const { received } = message
  switch (name) {
    case 'src_port': return received.sourcePort
    case 'dst_port': return received.socket.port
    case 'proto': return protocolNumber(received.socket.transport)
    case 'af': return received.socket.family === 4 ? FAMILY_4 : FAMILY_6
    case 'msg:len': return context.sending?.text.length ?? message.text.length
    case 'snd_port': return context.sending?.socket.port ?? 0
    case 'to_port': return context.sending?.port ?? 0
    case 'snd_proto': return context.sending ? protocolNumber(context.sending.socket.transport) : 0
    case 'snd_af': return context.sending ? (context.sending.socket.family === 4 ? FAMILY_4 : FAMILY_6) : 0
    default: return 0
  }
}

/** The numeric address of `src_ip`, `dst_ip`, and in onsend_route of `snd_ip` and `to_ip`. */
export function operandAddress(context: RouteContext, name: string): string | undefined {
  const { received } = context.message
  switch (name) {
    case 'src_ip': return received.sourceAddress
    case 'dst_ip': return received.socket.address
    case 'snd_ip': return context.sending?.socket.address
    case 'to_ip': return context.sending?.address
    default: return undefined
  }
}

/** A network ready for comparisons. */
export interface Network {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6
  readonly bits: number
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::1`, `[2001:db8::]/32`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const host = (slash < 0 ? text : text.slice(0, slash)).replace(/^\[|\]$/g, '')
  // ipaddr.js takes short forms such as `10` that Kamailio does not.
  if (!host.includes(':') && !/^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/.test(host)) return undefined
  if (!ipaddr.isValid(host)) return undefined
  const address = ipaddr.parse(host)
  const all = address.kind() === 'ipv4' ? 32 : 128
  if (slash < 0) return { address, bits: all }
  const mask = text.slice(slash + 1)
  if (/^[0-9]+$/.test(mask)) return Number(mask) <= all ? { address, bits: Number(mask) } : undefined
  const bits = ipaddr.isValid(mask) ? ipaddr.parse(mask).prefixLengthFromSubnetMask() : null
  return bits === null ? undefined : { address, bits }
}

export function isInNetwork(address: string | undefined, network: Network): boolean {
  if (address === undefined || !ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  const own = network.address
  if (parsed instanceof ipaddr.IPv4) return own instanceof ipaddr.IPv4 && parsed.match(own, network.bits)
  return own instanceof ipaddr.IPv6 && parsed.match(own, network.bits)
}

/**
 * Is an address the one that a text stands for: an address, a network, or a host's name? A name that has to be looked
 * up is answered by a promise.
 */
export function isAddressOf(
  context: RouteContext,
  address: string | undefined,
  text: string | undefined,
): boolean | Promise<boolean> {
  if (address === undefined || text === undefined || text === '') return false
  const network = parseNetwork(text)
  if (network !== undefined) return isInNetwork(address, network)
  // The port keeps SRV records out: Kamailio asks for addresses of the name alone.
  const found = context.host.network.locate({ host: text, port: 5060, transport: 'udp', isSips: false })
  if (found instanceof Promise) return found.then((location) => hasAddress(location.targets, address))
  return hasAddress(found.targets, address)
}

function hasAddress(targets: readonly { readonly address: string }[], address: string): boolean {
  return targets.some((target) => target.address === address)
}

/** `uri == myself`, `src_ip == myself` ... */
export function isOwn(context: RouteContext, name: string): boolean {
  const { network } = context.host
  if (name.endsWith('_ip')) {
    const address = operandAddress(context, name)
    return address !== undefined && network.isMyself(address, 0)
  }
  const uri = name === 'uri' ? context.message.parsedUri() : uriOf(operandText(context, name))
  return uri !== undefined && !(uri instanceof ParseError) && network.isMyself(uri.host, portOf(uri))
}

function uriOf(text: string | undefined): SipUri | ParseError | undefined {
  return text === undefined ? undefined : parseUri(text)
}

function portOf(uri: SipUri): number {
  if (uri.port !== 0) return uri.port
  return uri.scheme === 'sips' ? 5061 : 5060
}
