/** Pings of contacts by the timer (ka_mode), and their replies. */
import { withBrackets } from '../../base/address.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { isTransport, queryOfUri } from '../../runtime/forward.ts'
import type { Location } from '../../runtime/host.ts'
import type { TransportName } from '../../sip/endpoint.ts'
import { parseNameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam } from '../../sip/uri.ts'
import type { Contact } from './contact.ts'
import type { AorRecord } from './record.ts'
import type { Usrloc } from './state.ts'

/** Bits of ka_mode. */
const Ping = { nat: 2, udp: 4 } as const
const FILTER_SERVER = 1
/** A contact that does not answer expires so many seconds later. */
const GRACE_S = 10

export function pingContacts(usrloc: Usrloc, record: AorRecord): void {
  const count = ++usrloc.pingCount
  let branch = 0
  for (let at = record.contacts; at !== undefined; at = at.next) {
    if (!isToBePinged(usrloc, at) || isSilent(usrloc, at)) continue
    const target = targetOf(usrloc, at)
    if (target === undefined) continue
    branch++
    const contact = at
    const number = branch
    if (target instanceof Promise) void target.then((location) => sendPing(usrloc, record, contact, location, count, number))
    else sendPing(usrloc, record, contact, target, count, number)
  }
}

function isToBePinged({ params, host, natFlag }: Usrloc, contact: Contact): boolean {
  if ((params.ka_filter & FILTER_SERVER) !== 0 && contact.serverId !== host.settings.server_id) return false
  return (params.ka_mode & Ping.nat) === 0 || (natFlag !== 0 && (contact.cflags & natFlag) !== 0)
}

/** True for a contact that has not answered for too long: it is about to expire, and pinged no more. */
function isSilent(usrloc: Usrloc, contact: Contact): boolean {
  const now = usrloc.now()
  if (usrloc.keepaliveTimeout <= 0 || contact.lastKeepalive + usrloc.keepaliveTimeout >= now) return false
  if (contact.expires <= now + GRACE_S) return false
  contact.expires = now + GRACE_S
  return true
}

/** Where the contact is: where its registration came from, its path, or its own address. */
function targetOf(usrloc: Usrloc, contact: Contact): Location | Promise<Location> | undefined {
  const { log, network } = usrloc.host
  const uri = parseUri(contact.received || firstOfPath(contact.path) || contact.uri)
  if (uri instanceof ParseError) {
    log.error('usrloc', 'cannot parse next hop uri')
    return undefined
  }
  const wanted = uriParam(uri, 'transport')?.toLowerCase()
  if ((usrloc.params.ka_mode & Ping.udp) !== 0 && wanted !== undefined && wanted !== '' && wanted !== 'udp') return undefined
  const query = queryOfUri(uri)
  return network.locate({ ...query, port: query.port || 5060, transport: isTransport(wanted) ? wanted : 'udp' })
}

function firstOfPath(path: string): string {
  const first = path === '' ? undefined : parseNameAddr(path, 0, endOfFirst(path))
  return first === undefined || first instanceof ParseError ? '' : first.uri
}

function endOfFirst(path: string): number {
  const close = path.indexOf('>')
  return close < 0 ? path.length : close + 1
}

function sendPing(usrloc: Usrloc, record: AorRecord, contact: Contact, { targets }: Location, count: number, branch: number): void {
  const { host } = usrloc
  const [target] = targets
  if (target === undefined) {
    host.log.error('usrloc', 'cannot resolve destination')
    return
  }
  const { transport, address, port } = target
  const socket = contact.socket ?? host.network.findSocket(transport, address.includes(':') ? 6 : 4, address)
  if (socket === undefined) {
    host.log.error('usrloc', 'cannot get sending socket')
    return
  }
  const via = socket.advertise ?? { host: socket.address, port: socket.port }
  const sentBy = `${withBrackets(via.host)}:${via.port || socket.port}`
  const text = pingText(usrloc, record, contact, transport, sentBy, `${hex(count)}.${hex(branch)}`)
  const sent = host.network.send(text, { transport, address, port, socket, connectionId: Math.max(0, contact.connectionId) })
  if (sent !== true) host.log.error('usrloc', `a ping to ${address}:${port} was not sent: ${sent.reason}`)
}

function pingText(usrloc: Usrloc, record: AorRecord, contact: Contact, transport: TransportName, sentBy: string, counts: string): string {
  const { params, host } = usrloc
  const nowMs = host.clock.now()
  const seconds = Math.floor(nowMs / 1000)
  const microseconds = Math.floor((nowMs - seconds * 1000) * 1000)
  const method = params.ka_method
  const to = record.aor.includes('@') ? record.aor : `${record.aor}@${params.ka_domain}`
  const tag = `${contact.ruid}-${hex(record.hash)}-${hex(seconds)}-${hex(microseconds)}-${counts}`
  const [first = '', second = ''] = counts.split('.')
  return `${method} ${contact.uri} SIP/2.0\r\n` +
    `Via: SIP/2.0/${transport.toUpperCase()} ${sentBy};branch=z9hG4bKx.${parseInt(first, 16)}.${parseInt(second, 16)}.0\r\n` +
    (contact.path === '' ? '' : `Route: ${contact.path}\r\n`) +
    `From: <${params.ka_from}>;tag=${tag}\r\n` +
    `To: <sip:${to}>\r\n` +
    `Call-ID: ksrulka-${host.random.hex(4)}-${hex(host.identity.pid)}-${counts}\r\n` +
    `CSeq: 80 ${method}\r\nContent-Length: 0\r\n\r\n`
}

const hex = (value: number): string => (value >>> 0).toString(16)

/** `ruid-hash-seconds-microseconds-counts` */
const TAG = /^(.+)-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)-[^-]*$/i

/** A reply to a ping: the contact is alive. */
export function takePingReply(usrloc: Usrloc, context: RouteContext): void {
  const { message } = context
  const { params, host } = usrloc
  if (params.ka_mode === 0 || !message.isCSeqOf(params.ka_method) || message.secondVia() !== undefined) return
  const from = message.from()
  if (from === undefined || from instanceof ParseError || from.uri !== params.ka_from) return
  const found = TAG.exec(from.tag ?? '')
  if (found === null) return
  const [, ruid = '', hash = '', seconds = '', microseconds = ''] = found
  const roundTrip = Math.round(host.clock.now() * 1000 - parseInt(seconds, 16) * 1e6 - parseInt(microseconds, 16))
  answered(usrloc, parseInt(hash, 16), ruid, roundTrip)
  logReply(usrloc, context, ruid, roundTrip)
}

/** Notes that a contact has answered a ping. */
export function answered(usrloc: Usrloc, hash: number, ruid: string, roundTrip: number): void {
  for (const table of usrloc.tables) {
    const contact = table.byRuid(hash, ruid)
    if (contact === undefined) continue
    contact.lastKeepalive = usrloc.now()
    contact.roundTrip = roundTrip
    return
  }
}

function logReply({ params, host, pingLog }: Usrloc, context: RouteContext, ruid: string, roundTrip: number): void {
  if (params.ka_loglevel === 255 || pingLog === undefined) return
  const time = `${Math.floor(roundTrip / 1e6)}.${String(roundTrip % 1e6).padStart(6, '0')}`
  const text = `keepalive roundtrip: ${time} sec - ruid [${ruid}]${pingLog.evaluate(context)}`
  const { log } = host
  if (params.ka_loglevel >= 3) log.debug('usrloc', text)
  else if (params.ka_loglevel === 2) log.info('usrloc', text)
  else if (params.ka_loglevel === 1) log.notice('usrloc', text)
  else if (params.ka_loglevel === 0) log.warning('usrloc', text)
  else log.error('usrloc', text)
}
