/** The system's errors in words that say what to do. */
import { endpointText } from '../base/address.ts'

const SYSTEM_TEXT: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EAFNOSUPPORT: 'address of another family',
  ECONNREFUSED: 'nobody listens there',
  EBADF: 'the socket is closed',
  EINVAL: 'invalid address or port',
  EMSGSIZE: 'message too long for one packet',
  ENETUNREACH: 'network is unreachable',
  EHOSTUNREACH: 'no route to host',
  ENOBUFS: 'too many packets wait to be sent',
  EPERM: 'operation not permitted (a firewall rule?)',
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'ports below 1024 need root or CAP_NET_BIND_SERVICE',
  EADDRINUSE: 'another program listens there: stop it, or listen elsewhere',
  EADDRNOTAVAIL: 'list the own ones with `ip address`, or set ip_free_bind=yes when it comes later',
}

export function systemText(code: string): string {
  return SYSTEM_TEXT[code] ?? code
}

/** `cannot listen on udp:127.0.0.1:5060: address already in use (another program listens there: ...)` */
export function listenFailure(transport: string, address: string, port: number, code: string): string {
  const advice = ADVICE[code] === undefined ? '' : ` (${ADVICE[code]})`
  return `cannot listen on ${transport}:${endpointText(address, port)}: ${systemText(code)}${advice}`
}

/** The `code` of an error that Node threw or emitted. */
export function codeOf(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
  return isCoded ? String(error.code) : 'UNKNOWN'
}
