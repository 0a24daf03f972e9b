/** The PROXY protocol, versions 1 and 2: a load balancer tells whose connection it passes on (`tcp_accept_haproxy`). */
import { addressFamily, ipv4Text, ipv6Text } from '../base/address.ts'

export interface ProxyHeader {
  /** Bytes that the header takes. */
  readonly length: number
  /** Absent when the balancer speaks for itself (health checks). */
  readonly source: { readonly address: string; readonly port: number } | undefined
}

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'
const LINE_BYTES_MAX = 107
/** A version 2 header has 16 bytes, then addresses and extensions; more than this is refused. */
export const HEADER_BYTES_MAX = 1024

/** Reads the header at the start of a connection (one character a byte). */
export function readProxyHeader(text: string): ProxyHeader | 'incomplete' | 'bad' {
  if (text.startsWith(SIGNATURE)) return readBinary(text)
  if (text.length < SIGNATURE.length && SIGNATURE.startsWith(text)) return 'incomplete'
  return readLine(text)
}

function readLine(text: string): ProxyHeader | 'incomplete' | 'bad' {
  const prefix = 'PROXY '
  if (!text.startsWith(prefix.slice(0, text.length))) return 'bad'
  const end = text.indexOf('\r\n')
  if (end < 0) return text.length < LINE_BYTES_MAX ? 'incomplete' : 'bad'
  if (end + 2 > LINE_BYTES_MAX) return 'bad'
  const [, family, source = '', , port = ''] = text.slice(0, end).split(' ')
  if (family === 'UNKNOWN') return { length: end + 2, source: undefined }
  const wanted = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : undefined
  const number = Number(port)
  if (addressFamily(source) !== wanted || !/^\d{1,5}$/.test(port) || number > 65535) return 'bad'
  return { length: end + 2, source: { address: source, port: number } }
}

function readBinary(text: string): ProxyHeader | 'incomplete' | 'bad' {
  if (text.length < 16) return 'incomplete'
  const byte = (index: number): number => text.charCodeAt(index) & 0xff
  const word = (index: number): number =>
    ((byte(index) << 24) | (byte(index + 1) << 16) | (byte(index + 2) << 8) | byte(index + 3)) >>> 0
  const port = (index: number): number => (byte(index) << 8) | byte(index + 1)
  const command = byte(12)
  const family = byte(13)
  const rest = port(14)
  const length = 16 + rest
  if (length > HEADER_BYTES_MAX || (command !== 0x20 && command !== 0x21)) return 'bad'
  if (text.length < length) return 'incomplete'
  if (command === 0x20) return { length, source: undefined }
  if (family === 0x11 && rest >= 12) return { length, source: { address: ipv4Text(word(16)), port: port(24) } }
  if (family === 0x21 && rest >= 36) {
    return { length, source: { address: ipv6Text(word(16), word(20), word(24), word(28)), port: port(48) } }
  }
  return family === 0 ? { length, source: undefined } : 'bad'
}
