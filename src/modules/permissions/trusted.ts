/** allow_trusted(): whether a peer may do without credentials. */
import { LogLevel } from '../../base/log.ts'
import { isDbError, type DbValue } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { URI_BYTES_MAX } from '../../sip/rewrite-uri.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { giveTag, type Permissions } from './state.ts'
import { patternOf, transportOf, TrustedTable, type Pattern, type PeerTransport, type TrustedPeer } from './trusted-table.ts'

/** The source of the message and its own From. */
export function allowSender(state: Permissions, context: RouteContext): number | Promise<number> {
  const { sourceAddress, socket } = context.message.received
  const from = fromUri(state, context)
  return from === undefined ? -1 : allowTrusted(state, context, { source: sourceAddress, transport: socket.transport, from })
}

/** An address and a transport that the script gives, and perhaps a URI in place of From's. */
export function allowPeer(
  state: Permissions, context: RouteContext, source: string, transportName: string, uri: string | undefined,
): number | Promise<number> {
  const from = uri ?? fromUri(state, context)
  if (from === undefined) return -1
  const transport = transportOf(transportName)
  if (transport === undefined || transport === 'none') return refuse(state, `unknown protocol ${transportName}`)
  return allowTrusted(state, context, { source, transport, from })
}

function fromUri(state: Permissions, { message }: RouteContext): string | undefined {
  const from = message.from()
  if (from === undefined || from instanceof ParseError) return undefined
  if (from.uri.length <= URI_BYTES_MAX) return from.uri
  refuse(state, 'message has From URI too large')
  return undefined
}

interface Sender {
  readonly source: string
  readonly transport: PeerTransport
  readonly from: string
}

function allowTrusted(state: Permissions, context: RouteContext, sender: Sender): number | Promise<number> {
  if (state.params.db_mode !== 0) {
    const { trusted } = state
    if (trusted === undefined) return refuse(state, 'no connection to database')
    return match(state, context, sender, trusted.of(sender.source).filter((peer) => peer.source === sender.source))
  }
  const { database, params } = state
  if (database === undefined) return refuse(state, 'no connection to database')
  const asked = database.select({
    table: params.trusted_table,
    columns: [params.proto_col, params.from_col, params.ruri_col, params.tag_col],
    where: [{ column: params.source_col, value: sender.source }],
    orderBy: params.priority_col,
  })
  return asked.then((answer) => {
    if (isDbError(answer)) return refuse(state, `failed to query database: ${answer.reason}`)
    const peers = answer.rows.map(([proto = null, from = null, requestUri = null, tag = null]) =>
      peerOf([sender.source, proto, from, requestUri, tag, 0]))
    return match(state, context, sender, peers.filter((peer) => peer !== undefined))
  })
}

/** 1, or with peer_tag_mode how many matched; -1 for none. */
function match(state: Permissions, context: RouteContext, { transport, from }: Sender, peers: readonly TrustedPeer[]): number {
  const { message } = context
  const requestUri = message.isRequest ? message.requestUri : message.statusText
  if (requestUri.length > URI_BYTES_MAX) return refuse(state, 'message has Request URI too large')
  let count = 0
  for (const peer of peers) {
    if (peer.transport !== 'any' && transport !== 'any' && peer.transport !== transport) continue
    if (!isMatched(state, peer.from, from) || !isMatched(state, peer.requestUri, requestUri)) continue
    giveTag(state, context, peer.tag)
    if (state.params.peer_tag_mode === 0) return 1
    count++
  }
  return count === 0 ? -1 : count
}

function isMatched(state: Permissions, pattern: Pattern | undefined, text: string): boolean {
  if (pattern === undefined) return true
  if (pattern.matcher !== undefined) return pattern.matcher.test(text)
  refuse(state, 'invalid regular expression')
  return false
}

function refuse(state: Permissions, reason: string): number {
  state.host.log.error('permissions', reason)
  return -1
}

/** A row as a peer; undefined for what is none. */
function peerOf([source, proto, from, requestUri, tag, priority]: readonly DbValue[]): TrustedPeer | undefined {
  const transport = typeof proto === 'string' ? transportOf(proto) : undefined
  if (typeof source !== 'string' || transport === undefined) return undefined
  const text = (value: DbValue | undefined): string | null => (value === null || value === undefined ? null : String(value))
  return {
    source, transport,
    from: patternOf(text(from)),
    requestUri: patternOf(text(requestUri)),
    tag: text(tag) ?? undefined,
    priority: Number(priority ?? 0),
  }
}

/** Reads the table anew; a text says why that failed, and the old one stays. */
export async function loadTrusted(state: Permissions): Promise<string | undefined> {
  const { database, params } = state
  if (database === undefined) return 'db_url not set'
  if (params.db_mode === 0) return 'in-memory hash table not initialized'
  const table = new TrustedTable()
  const answer = await database.select({
    table: params.trusted_table,
    columns: [params.source_col, params.proto_col, params.from_col, params.ruri_col, params.tag_col, params.priority_col],
  })
  if (isDbError(answer)) return `failed to query database: ${answer.reason}`
  for (const row of answer.rows) {
    const peer = peerOf(row)
    if (peer === undefined) {
      state.host.log.write({ level: LogLevel.crit, origin: 'permissions: ', text: 'unknown protocol' })
      return 'hash table problem'
    }
    if (peer.transport !== 'none') table.add(peer)
  }
  state.trusted = table
  return undefined
}
