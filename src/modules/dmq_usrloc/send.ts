/** Plain messages to other nodes: changes as they are made, and all contacts for one that asks. */
import type { DmqNode } from '../dmq/api.ts'
import type { Contact } from '../usrloc/api.ts'
import { contactJson } from './contact-json.ts'
import { Action, CHANNEL, JSON_TYPE, type DmqUsrloc } from './state.ts'

const MSG_SIZE_MAX = 60_000
const MSG_CONTACTS_MAX = 150
/** Messages that wait for a node while all contacts are sent to it. */
const WAITING_MAX = 64
const WAIT_MS = 5
/** Contacts that are sent before messages have a turn. */
const PIECE = 100

/** Tells nodes that compare nothing of a contact; the others hear of it by themselves. */
export function sendContact(state: DmqUsrloc, contact: Contact, action: number): void {
  const { dmq } = state
  if (!dmq.hasPlainNodes) return
  dmq.broadcast({ channel: CHANNEL, body: JSON.stringify(contactJson(state, contact, action)), contentType: JSON_TYPE }, true)
}

/** All contacts, for a node that has none; one that compares finds out by itself. */
export function sendAll(state: DmqUsrloc, node: DmqNode | undefined): void {
  if (node?.isComparing === true) return
  const name = node?.key ?? ''
  if (state.sending.has(name)) return
  state.sending.add(name)
  void sendInPieces(state, node).catch((error: unknown) => {
    state.host.log.error('dmq_usrloc', `sending all contacts failed: ${error instanceof Error ? error.message : String(error)}`)
  }).finally(() => state.sending.delete(name))
}

async function sendInPieces(state: DmqUsrloc, node: DmqNode | undefined): Promise<void> {
  const { table, params } = state
  const pauseMs = Math.max(0, params.batch_usleep) / 1000
  const group = new Group(state, node)
  let sent = 0
  let seen = 0
  for (let slot = 0; slot < table.size; slot++) {
    for (const contact of contactsOf(state, slot)) {
      group.add(contact)
      seen++
      sent++
      while (group.isWaiting) await pause(state, WAIT_MS)
      if (params.batch_size <= 0 || pauseMs <= 0 || sent % params.batch_size !== 0) continue
      group.flush()
      await pause(state, pauseMs)
    }
    if (seen < PIECE) continue
    seen -= PIECE
    await pause(state, 0)
  }
  group.flush()
}

const pause = ({ host }: DmqUsrloc, ms: number): Promise<void> => new Promise((resolve) => host.clock.after(ms, resolve))

/** Those of a slot as it is now: it may change while they are sent. */
function contactsOf({ table, usrloc }: DmqUsrloc, slot: number): readonly Contact[] {
  const contacts: Contact[] = []
  const now = usrloc.now()
  for (let record = table.firstOf(slot); record !== undefined; record = record.next) {
    for (let at = record.contacts; at !== undefined; at = at.next) if (at.isValid(now)) contacts.push(at)
  }
  return contacts
}

/** Contacts that go into one message. */
class Group {
  readonly #state: DmqUsrloc
  readonly #node: DmqNode | undefined
  #text = ''
  #count = 0

  constructor(state: DmqUsrloc, node: DmqNode | undefined) {
    this.#state = state
    this.#node = node
  }

  get isWaiting(): boolean {
    return (this.#node?.outbox.waiting ?? 0) >= WAITING_MAX
  }

  add(contact: Contact): void {
    const { params } = this.#state
    const text = JSON.stringify(contactJson(this.#state, contact, Action.update))
    const most = Math.min(params.batch_msg_contacts, MSG_CONTACTS_MAX)
    if (most <= 1) {
      this.#send(text)
      return
    }
    if (this.#count > 0 && this.#text.length + text.length > Math.min(params.batch_msg_size, MSG_SIZE_MAX)) this.flush()
    this.#count++
    this.#text += `${this.#count === 1 ? '' : ','}"${this.#count}":${text}`
    if (this.#count >= most) this.flush()
  }

  flush(): void {
    if (this.#count === 0) return
    const text = `{"multi":{${this.#text}}}`
    this.#count = 0
    this.#text = ''
    this.#send(text)
  }

  #send(body: string): void {
    const { dmq } = this.#state
    const message = { channel: CHANNEL, body, contentType: JSON_TYPE }
    if (this.#node === undefined) dmq.broadcast(message, true)
    else dmq.send(message, this.#node)
  }
}
