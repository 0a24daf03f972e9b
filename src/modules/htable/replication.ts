/** Tables that are kept the same on several servers (dmqreplicate). */
import {
  BAD_REQUEST, dmqApi, OK, parseBody, SERVER_ERROR, textOf, wholeOf, type ChannelReply, type DmqApi, type DmqNode, type JsonObject,
  type JsonValue,
} from '../dmq/api.ts'
import { Action, CHANNEL, Follower, JSON_TYPE, valueJson } from './follower.ts'
import type { HashTable } from './hash-table.ts'
import { removeItem, setExpiry, setItem } from './items.ts'
import { removeMatching } from './match.ts'
import type { Htable } from './state.ts'

/** Bytes of a message that holds many items. */
const CELLS_BYTES_MAX = 60_000
/** Messages that wait for a node while all items are sent to it. */
const WAITING_MAX = 64
const WAIT_MS = 5

/** Begins; a text says why it cannot. */
export function replicateTables(state: Htable): string | undefined {
  const { params, host } = state
  if (params.enable_dmq === 0) return undefined
  const dmq = host.api(dmqApi)
  if (dmq === undefined) return 'failed to initialize dmq integration'
  for (const table of state.tables.values()) {
    if (table.definition.dmqreplicate === 0) continue
    const follower = new Follower(state, table, dmq)
    table.follower = follower
    dmq.addReplica(follower.replica)
  }
  dmq.addChannel({
    name: CHANNEL,
    take: (body, from) => take(state, dmq, body, from),
    joined() {
      if (params.dmq_init_sync !== 0) dmq.broadcast({ channel: CHANNEL, body: `{"action":${Action.sync}}`, contentType: JSON_TYPE })
    },
  })
  return undefined
}

/** A message of another server. */
function take(state: Htable, dmq: DmqApi, body: string, from: DmqNode | undefined): ChannelReply {
  const { log } = state.host
  if (body === '') return BAD_REQUEST
  const json = parseBody(body)
  if (json === undefined) {
    log.error('htable', `invalid json doc [[${body}]]`)
    return BAD_REQUEST
  }
  const { cells } = json
  if (cells !== undefined) return takeCells(state, cells)
  if (Object.keys(json).length === 0) return BAD_REQUEST
  for (const name of Object.keys(json)) {
    if (FIELDS.includes(name)) continue
    log.error('htable', 'unrecognized field in json object')
    return BAD_REQUEST
  }
  const action = wholeOf(json['action'])
  if (action === Action.sync) {
    sendAll(state, dmq, from)
    return OK
  }
  if (act(state, json, action)) return OK
  log.error('htable', 'failed to replay action')
  return SERVER_ERROR
}

const FIELDS: readonly string[] = ['action', 'htname', 'cname', 'type', 'strval', 'intval', 'mode']

function tableNamed(state: Htable, value: JsonValue | undefined): HashTable | undefined {
  const name = textOf(value)
  if (name === '') state.host.log.warning('htable', 'invalid name parameter')
  const table = state.tables.get(name)
  if (table === undefined) state.host.log.error('htable', 'unable to get table')
  return table
}

/** Does what was done there; false when that is not possible. */
function act(state: Htable, json: JsonObject, action: number): boolean {
  const table = tableNamed(state, json['htname'])
  if (table === undefined) return false
  const key = textOf(json['cname'])
  return asApplied(table, () => {
    switch (action) {
      case Action.set: return setItem(state, table, key, valueOf(json))
      case Action.expire:
        setExpiry(state, table, key, wholeOf(json['intval']))
        return true
      case Action.remove:
        removeItem(table, key)
        return true
      case Action.removeRegex: return removeMatching(state, table, partOf(json), 're', textOf(json['strval']))
      case Action.removeStart: return removeMatching(state, table, partOf(json), 'sw', textOf(json['strval']))
      default:
        state.host.log.error('htable', 'unrecognized action')
        return false
    }
  })
}

const partOf = ({ mode }: JsonObject): 'key' | 'value' => (wholeOf(mode) === 0 ? 'key' : 'value')
const valueOf = (json: JsonObject): string | number => (wholeOf(json['type']) === 2 ? textOf(json['strval']) : wholeOf(json['intval']) | 0)

function asApplied<R>({ follower }: HashTable, work: () => R): R {
  if (!(follower instanceof Follower)) return work()
  follower.isApplying = true
  try {
    return work()
  } finally {
    follower.isApplying = false
  }
}

function takeCells(state: Htable, cells: JsonValue): ChannelReply {
  if (!Array.isArray(cells)) return BAD_REQUEST
  for (const cell of cells as readonly JsonValue[]) {
    if (typeof cell !== 'object' || cell === null || Array.isArray(cell)) return BAD_REQUEST
    const json = cell as JsonObject
    const table = tableNamed(state, json['htname'])
    if (table === undefined) return SERVER_ERROR
    const expires = wholeOf(json['expire'])
    const key = textOf(json['cname'])
    asApplied(table, () => {
      if (!setItem(state, table, key, valueOf(json))) return
      const item = table.find(key)
      if (item === undefined || expires === 0 || table.definition.autoexpire === 0) return
      item.expires = expires
      table.follower?.expire(key, 0, true)
    })
  }
  return OK
}

const sendings = new WeakMap<Htable, Set<string>>()

/** All items of all tables, for a server that has none; one that compares finds out by itself. */
function sendAll(state: Htable, dmq: DmqApi, node: DmqNode | undefined): void {
  if (node?.isComparing === true) return
  const name = node?.key ?? ''
  const underway = sendings.get(state) ?? new Set<string>()
  sendings.set(state, underway)
  if (underway.has(name)) return
  underway.add(name)
  void sendInPieces(state, dmq, node).catch((error: unknown) => {
    state.host.log.error('htable', `sending all items failed: ${error instanceof Error ? error.message : String(error)}`)
  }).finally(() => underway.delete(name))
}

async function sendInPieces(state: Htable, dmq: DmqApi, node: DmqNode | undefined): Promise<void> {
  let text = ''
  const flush = (): void => {
    const message = { channel: CHANNEL, body: `{"cells":[${text}]}`, contentType: JSON_TYPE }
    text = ''
    if (node === undefined) dmq.broadcast(message, true)
    else dmq.send(message, node)
  }
  for (const table of state.tables.values()) {
    if (table.definition.dmqreplicate === 0) continue
    for (let slot = 0; slot < table.definition.slots; slot++) {
      for (const item of [...table.slot(slot)]) {
        const cell = JSON.stringify({ htname: table.definition.name, cname: item.key, ...valueJson(item.value), expire: item.expires })
        if (text !== '' && text.length + cell.length > CELLS_BYTES_MAX) {
          flush()
          while ((node?.outbox.waiting ?? 0) >= WAITING_MAX) await new Promise<void>((resolve) => state.host.clock.after(WAIT_MS, resolve))
        }
        text += text === '' ? cell : `,${cell}`
      }
    }
  }
  flush()
}
