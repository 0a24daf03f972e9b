/** Contacts as messages have them: the names and their order are Kamailio's. */
import { XavpTree } from '../../runtime/xavp.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { bytesOf, textOf, wholeOf, type JsonObject, type JsonValue } from '../dmq/api.ts'
import { socketText, NO_CONNECTION, type Contact, type ContactInfo } from '../usrloc/api.ts'
import { Action, type DmqUsrloc } from './state.ts'

const XAVPS_MAX = 64

/** `action` first, as Kamailio writes it. */
export function contactJson(state: DmqUsrloc, contact: Contact, action: number): JsonObject {
  return fieldsOf(state, contact, action, contact.record.aor)
}

function fieldsOf({ params }: DmqUsrloc, contact: Contact, action: number, aor: string | undefined): JsonObject {
  // JSON leaves out what is undefined.
  const sock = params.replicate_socket_info === 0 || contact.socketText === '' ? undefined : contact.socketText
  return {
    action, aor, ruid: contact.ruid, c: contact.uri, received: contact.received, sock, path: contact.path,
    callid: contact.callId, user_agent: contact.userAgent, instance: contact.instance, expires: contact.expires, cseq: contact.cseq,
    flags: 0, cflags: contact.cflags, q: contact.q, last_modified: contact.lastModified, methods: contact.methods >>> 0,
    reg_id: contact.regId, server_id: contact.serverId,
  }
}

/**
 * For nodes of our own kind: with what scripts keep with contacts, and without the address of record, which stands in the key. (JSON.parse
 * puts short texts into a table of V8's: with hundreds of thousands of them it grows at a stroke that takes twenty milliseconds.)
 */
export function replicaJson(state: DmqUsrloc, contact: Contact): JsonObject {
  const json = fieldsOf(state, contact, Action.update, undefined)
  return contact.xavp === undefined ? json : { ...json, xavps: valuesOf(contact.xavp) }
}

function valuesOf(tree: XavpTree): JsonObject | undefined {
  const values: Record<string, JsonValue> = {}
  let count = 0
  for (let at = tree.head; at !== undefined && count < XAVPS_MAX; at = at.next) {
    if ((typeof at.value !== 'string' && typeof at.value !== 'number') || Object.hasOwn(values, at.name)) continue
    values[at.name] = at.value
    count++
  }
  return count === 0 ? undefined : values
}

const FIELDS: ReadonlySet<string> = new Set([
  'action', 'aor', 'ruid', 'c', 'received', 'path', 'callid', 'user_agent', 'instance', 'expires', 'cseq', 'flags', 'cflags', 'q',
  'last_modified', 'methods', 'reg_id', 'server_id', 'xavps',
])

/** Tells of names that nobody knows, and reads the rest; a text says why it cannot be taken. */
export function readContact(state: DmqUsrloc, json: JsonObject): { readonly aor: string; readonly info: ContactInfo } | string {
  const { params, host } = state
  for (const name in json) {
    if (FIELDS.has(name) || (name === 'sock' && params.replicate_socket_info !== 0)) continue
    host.log.error('dmq_usrloc', 'unrecognized field in json object')
  }
  const sock = params.replicate_socket_info === 0 ? '' : textOf(json['sock'])
  const named = sock === '' ? undefined : parseSocketName(sock)
  if (sock !== '' && named === undefined) return `bad socket <${sock}>`
  const socket = named === undefined ? undefined : host.network.socketOf(named.host, named.port, named.transport)
  return {
    aor: textOf(json['aor']),
    info: {
      uri: textOf(json['c']), callId: textOf(json['callid']), cseq: wholeOf(json['cseq']), expires: wholeOf(json['expires']),
      q: wholeOf(json['q']), userAgent: textOf(json['user_agent']), received: textOf(json['received']), path: textOf(json['path']),
      socket, socketText: socket === undefined ? '' : socketText(socket), flags: 0,
      cflags: params.replicate_cflags === 0 ? 0 : wholeOf(json['cflags']), methods: wholeOf(json['methods']) | 0,
      instance: textOf(json['instance']), regId: wholeOf(json['reg_id']), ruid: textOf(json['ruid']), serverId: wholeOf(json['server_id']),
      connectionId: NO_CONNECTION, lastModified: wholeOf(json['last_modified']), xavp: xavpsOf(json['xavps']),
    },
  }
}

function xavpsOf(value: JsonValue | undefined): XavpTree | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value as JsonObject).slice(0, XAVPS_MAX)
  const tree = new XavpTree()
  for (const [name, field] of entries.reverse()) {
    if (typeof field === 'string') tree.add(bytesOf(name), bytesOf(field))
    else if (typeof field === 'number') tree.add(bytesOf(name), Math.trunc(field))
  }
  return tree.head === undefined ? undefined : tree
}
