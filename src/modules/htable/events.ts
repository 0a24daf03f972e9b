/** Event routes: when the server has started, and when an item has expired. */
import type { RouteFunction } from '../../runtime/host.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import { placeholderFrom } from '../../runtime/placeholder-request.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { HashTable, Item } from './hash-table.ts'
import { secondsNow, type Htable } from './state.ts'

export const STARTED = 'htable:mod-init'
export const EXPIRED = 'htable:expired:'

/** Items that are looked at before messages have a turn. */
const PIECE = 5000

/** The message that these routes see, from where Kamailio's seems to come. */
function eventMessage({ host }: Htable, number: number): SipMessage | undefined {
  const [socket] = host.network.sockets
  const message = socket && placeholderFrom({ socket, sourceAddress: '1.0.0.127', sourcePort: 5060, connectionId: 0 }, number)
  if (message !== undefined) message.msgFlags |= MessageFlag.faked
  return message
}

/** Runs event_route[htable:mod-init], before the first message. */
export async function runStarted(state: Htable): Promise<void> {
  const route = state.host.routes.event(STARTED)
  const message = route && eventMessage(state, 0)
  if (route === undefined || message === undefined) return
  const { context, release } = state.host.contextFor(message)
  try {
    await runTopRoute(context, route)
  } finally {
    release()
  }
}

export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Takes out what has expired, in pieces, so that messages are not kept waiting. */
export async function sweep(state: Htable): Promise<void> {
  let seen = 0
  for (const table of state.tables.values()) {
    if (table.definition.autoexpire === 0) continue
    const route = state.host.routes.event(EXPIRED + table.definition.name)
    for (let slot = 0; slot < table.definition.slots; slot++) {
      seen += 1 + table.slot(slot).length
      for (const item of expiredItems(state, table, slot)) {
        if (route !== undefined) await runExpired(state, route, item)
        table.remove(item)
      }
      if (seen < PIECE) continue
      seen = 0
      await pause()
    }
  }
}

function expiredItems(state: Htable, table: HashTable, slot: number): readonly Item[] {
  const items = table.slot(slot)
  if (items.length === 0) return items
  const now = secondsNow(state)
  return items.filter((item) => table.isExpired(item, now))
}

function runExpired(state: Htable, route: RouteFunction, item: Item): void | Promise<void> {
  const message = eventMessage(state, ++state.timer.messages)
  return message && state.timer.run(route, message, (context) => state.expired.set(context, item))
}
