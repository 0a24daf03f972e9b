import { defineModule, SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { dmqApi } from '../dmq/api.ts'
import { usrlocApi, type Contact } from '../usrloc/api.ts'
import { createReplica, keyOfContact, noteContact, noteRemoval } from './keeper.ts'
import { dmqUsrlocParams, type DmqUsrlocParams } from './params.ts'
import { sendContact } from './send.ts'
import { Action, CHANNEL, JSON_TYPE, type DmqUsrloc } from './state.ts'
import { takeMessage } from './take.ts'

const DB_ONLY = 3
const MATCHING_BY_PATH = 2
/** Contacts that are looked at before messages have a turn. */
const PIECE = 2000
const LOADING_MS = 1000

interface Module {
  readonly params: DmqUsrlocParams
  state: DmqUsrloc | undefined
}

export default defineModule({
  name: 'dmq_usrloc',
  summary: 'Copies the contacts of usrloc to other servers, and keeps them the same.',
  area: 'data',
  params: dmqUsrlocParams,
  setup: (_host: Host, params): Module => ({ params, state: undefined }),
  start(module, host) {
    if (module.params.enable === 0) return undefined
    const { params } = module
    const [dmq, usrloc] = [host.api(dmqApi), host.api(usrlocApi)]
    if (dmq === undefined) {
      // Kamailio starts then, too, and copies nothing.
      host.log.error('dmq_usrloc', 'cannot load dmq api')
      host.log.error('dmq_usrloc', 'Error in dmq_usrloc_initialize()')
      return undefined
    }
    if (usrloc === undefined) return new SetupError('cannot find usrloc api')
    if (params.batch_msg_size > 60_000) host.log.error('dmq_usrloc', `batch_msg_size too high[${params.batch_msg_size}] setting to [60000]`)
    if (params.batch_msg_contacts > 150) {
      host.log.error('dmq_usrloc', `batch_msg_contacts too high[${params.batch_msg_contacts}] setting to [150]`)
    }
    const state: DmqUsrloc = {
      host, params, dmq, usrloc, table: usrloc.table(params.usrloc_domain), isApplying: false, sending: new Set(),
      pathKeys: usrloc.matchingMode === MATCHING_BY_PATH ? new WeakMap() : undefined,
      replica: createReplica(() => state, params.usrloc_domain, usrloc.now()),
    }
    module.state = state
    dmq.addChannel({
      name: CHANNEL,
      take: (body, from) => takeMessage(state, body, from),
      joined() {
        if (params.sync !== 0) dmq.broadcast({ channel: CHANNEL, body: `{"action":${Action.sync}}`, contentType: JSON_TYPE })
      },
    })
    // Contacts that are in the database alone are not looked at: their servers share it.
    if (usrloc.dbMode !== DB_ONLY) dmq.addReplica(state.replica)
    follow(state)
    return undefined
  },
  ready({ state }) {
    if (state === undefined || state.usrloc.dbMode === DB_ONLY) return
    void noteAll(state).catch((error: unknown) => {
      state.host.log.error('dmq_usrloc', `contacts of the database: ${error instanceof Error ? error.message : String(error)}`)
    })
  },
})

/** What changes here is told to others. */
function follow(state: DmqUsrloc): void {
  const { usrloc, table, params, replica } = state
  const changed = (contact: Contact): void => {
    noteContact(state, contact, contact.lastModified || usrloc.now(), false)
    sendContact(state, contact, Action.update)
  }
  const isLocal = (name: string): boolean => name === table.name && !state.isApplying
  usrloc.on('insert', (contact, { name }) => {
    if (isLocal(name)) changed(contact)
  })
  usrloc.on('update', (contact, { name }) => {
    if (isLocal(name)) changed(contact)
  })
  usrloc.on('delete', (contact, { name }) => {
    if (!isLocal(name)) return
    // Nodes that compare have to know, or would give it back.
    noteRemoval(state, contact, false)
    if (params.usrloc_delete !== 0) sendContact(state, contact, Action.remove)
  })
  usrloc.on('expire', (contact, { name }) => {
    if (name !== table.name) return
    const known = replica.get(keyOfContact(state, contact))
    // It ended before its time: its connection is gone, or pings were not answered.
    if (known !== undefined && (known.expires === 0 || known.expires > usrloc.now())) noteRemoval(state, contact, false)
    else if (known !== undefined) replica.end(known.key, usrloc.now())
    if (params.usrloc_delete_expired !== 0) sendContact(state, contact, Action.remove)
  })
}

/** Contacts that were in the database before; large tables are read on while the server answers. */
async function noteAll(state: DmqUsrloc): Promise<void> {
  const { host, table } = state
  while (table.loading !== undefined) {
    await notePresent(state)
    await new Promise<void>((resolve) => host.clock.after(LOADING_MS, resolve))
  }
  await notePresent(state)
}

async function notePresent(state: DmqUsrloc): Promise<void> {
  const { table, usrloc, host, replica } = state
  let seen = 0
  for (const record of table.records()) {
    for (let at = record.contacts; at !== undefined; at = at.next) {
      if (!at.isValid(usrloc.now()) || replica.get(keyOfContact(state, at)) !== undefined) continue
      noteContact(state, at, at.lastModified, true)
      if (++seen % PIECE === 0) await new Promise<void>((resolve) => host.clock.after(0, resolve))
    }
  }
}
