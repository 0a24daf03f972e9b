/** All accounts, by their own identifiers and by local users. */
import { coreHash } from '../../base/core-hash.ts'
import type { Counter } from '../../base/statistics.ts'
import type { Database } from '../../db/database.ts'
import type { Host } from '../../runtime/host.ts'
import { RegFlag, Registration, type Account } from './registration.ts'

const SIZE_LEAST = 2
const SIZE_MOST = 14

export interface RegistrationParams {
  readonly reg_contact_addr: string
  readonly reg_random_delay: number
  readonly reg_hash_size: number
  readonly reg_active: number
}

export class Registrations {
  /** Slots by identifier, as Kamailio has them: commands and timers go through them in order, the newest of a slot first. */
  private slots: Registration[][]
  private byUuid = new Map<string, Registration>()
  private byUser = new Map<string, Registration[]>()
  private readonly host: Host
  private readonly params: RegistrationParams
  readonly total: Counter
  readonly active: Counter
  readonly disabled: Counter
  /** uac.reg_active. */
  isActive: boolean
  database: Database | undefined = undefined
  /** Columns that the table's version has. */
  columns: readonly string[] = []
  /** When the table was read anew last, in seconds since 1970; 0 for never. */
  reloadedAt = 0
  isLoading = false
  /** The table was read once. */
  isLoaded = false
  stopTimer: () => void = () => undefined

  constructor(host: Host, params: RegistrationParams) {
    this.host = host
    this.params = params
    this.slots = this.#emptySlots()
    this.total = host.statistics.counter('uac', 'regtotal')
    this.active = host.statistics.counter('uac', 'regactive')
    this.disabled = host.statistics.counter('uac', 'regdisabled')
    this.isActive = params.reg_active !== 0
  }

  #emptySlots(): Registration[][] {
    const bits = Math.min(Math.max(this.params.reg_hash_size, SIZE_LEAST), SIZE_MOST)
    return Array.from({ length: 1 << bits }, () => [])
  }

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.host.clock.now() / 1000)
  }

  add(account: Account): Registration {
    const { reg_random_delay: spread, reg_contact_addr } = this.params
    const delay = account.delay !== 0 ? account.delay : spread > 0 ? this.host.random.integer(spread) : 0
    const whole: Account = {
      ...account, contactAddress: account.contactAddress || reg_contact_addr, ha1: account.ha1 && account.ha1.toLowerCase(),
    }
    const made = new Registration(whole, delay, this.now())
    const user = whole.localUser ?? ''
    this.#slotOf(made.uuid).push(made)
    this.byUuid.set(made.uuid, made)
    const same = this.byUser.get(user)
    if (same === undefined) this.byUser.set(user, [made])
    else same.push(made)
    this.total.increment()
    return made
  }

  remove(registration: Registration): void {
    const user = registration.account.localUser ?? ''
    const without = (list: Registration[] | undefined): void => {
      const at = list?.indexOf(registration) ?? -1
      if (at >= 0) list?.splice(at, 1)
    }
    without(this.#slotOf(registration.uuid))
    without(this.byUser.get(user))
    if (this.byUser.get(user)?.length === 0) this.byUser.delete(user)
    if (this.byUuid.get(registration.uuid) === registration) this.byUuid.delete(registration.uuid)
    this.total.increment(-1)
    if (registration.has(RegFlag.online)) this.active.increment(-1)
    if (registration.has(RegFlag.disabled)) this.disabled.increment(-1)
  }

  /** Forgets all of them, and what was counted. */
  clear(): void {
    this.slots = this.#emptySlots()
    this.byUuid = new Map()
    this.byUser = new Map()
    for (const counter of [this.total, this.active, this.disabled]) counter.reset()
  }

  find(uuid: string): Registration | undefined {
    return this.byUuid.get(uuid)
  }

  /** The newest of a local user, in one domain if one is given. */
  findUser(user: string, domain?: string): Registration | undefined {
    return this.byUser.get(user)?.findLast(({ account }) => domain === undefined || account.localDomain === domain)
  }

  /** By the name and value of an attribute; undefined for none, a text for an attribute that nothing is found by. */
  findBy(attribute: string, value: string): Registration | string | undefined {
    if (attribute === 'l_uuid') return this.find(value)
    if (attribute === 'l_username') return this.findUser(value)
    for (const registration of this.all()) {
      const { remoteUser, authUser } = registration.account
      if (attribute !== 'r_username' && attribute !== 'auth_username') return `unsupported filter attribute ${attribute}`
      if ((attribute === 'r_username' ? remoteUser : authUser) === value) return registration
    }
    return undefined
  }

  *all(): Generator<Registration> {
    for (const slot of this.slots) for (let at = slot.length - 1; at >= 0; at--) {
      const registration = slot[at]
      if (registration !== undefined) yield registration
    }
  }

  #slotOf(uuid: string): Registration[] {
    const slot = this.slots[coreHash(uuid, '', this.slots.length)]
    if (slot === undefined) throw new Error('a hash is beyond the number of slots')
    return slot
  }
}
