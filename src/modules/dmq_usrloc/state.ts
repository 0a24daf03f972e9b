import type { Host } from '../../runtime/host.ts'
import type { DmqApi, Replica } from '../dmq/api.ts'
import type { Contact, LocationTable, UsrlocApi } from '../usrloc/api.ts'
import type { DmqUsrlocParams } from './params.ts'

export const CHANNEL = 'usrloc'
export const JSON_TYPE = 'application/json'

/** Values of `action` in messages. */
export const Action = { none: 0, update: 1, remove: 2, sync: 3 } as const

export interface DmqUsrloc {
  readonly host: Host
  readonly params: DmqUsrlocParams
  readonly dmq: DmqApi
  readonly usrloc: UsrlocApi
  readonly table: LocationTable
  readonly replica: Replica
  /** While a change comes from another node: it is not told on. */
  isApplying: boolean
  /** Where a contact's key may change: what it was. */
  readonly pathKeys: WeakMap<Contact, string> | undefined
  /** Nodes that all contacts are being sent to. */
  readonly sending: Set<string>
}
