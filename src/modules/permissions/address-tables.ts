/** Addresses, subnets and names by group, as they are looked up for each request. */
import { addressBytes, addressFamily, addressOfBytes } from '../../base/address.ts'
import { coreHash } from '../../base/core-hash.ts'

/** Kamailio's number of slots: dumps are ordered by them. */
const SLOTS = 128

export interface AddressRow {
  readonly group: number
  /** A numeric address, IPv6 with or without brackets, or a name. */
  readonly address: string
  readonly mask: number
  readonly port: number
  readonly tag: string | undefined
}

export interface AddressEntry {
  readonly group: number
  /** In canonical form, IPv6 without brackets. */
  readonly address: string
  readonly port: number
  readonly tag: string | undefined
}

export interface SubnetEntry extends AddressEntry {
  readonly bytes: Uint8Array
  readonly mask: number
}

export interface DomainEntry {
  readonly group: number
  readonly name: string
  readonly port: number
  readonly tag: string | undefined
}

export interface Match {
  readonly group: number
  readonly tag: string | undefined
}

export interface NamedSlot<T> {
  readonly slot: number
  readonly entry: T
}

/** One generation of the tables: a reload makes a new one. */
export class AddressTables {
  readonly #subnetsMax: number
  /** By canonical address, the newest first. */
  readonly #addresses = new Map<string, AddressEntry[]>()
  readonly #domains = new Map<string, DomainEntry[]>()
  /** In the order they were added, for dumps. */
  readonly #addressOrder: NamedSlot<AddressEntry>[] = []
  readonly #domainOrder: NamedSlot<DomainEntry>[] = []
  /** By group, then as they were added. */
  readonly subnets: SubnetEntry[] = []

  constructor(subnetsMax: number) {
    this.#subnetsMax = subnetsMax
  }

  /** `full` when a subnet has no room, `invalid` for a prefix that is too long. */
  add({ group, address, mask, port, tag }: AddressRow): 'added' | 'full' | 'invalid' {
    const bytes = addressBytes(address)
    if (bytes === undefined) {
      const entry = { group, name: address, port, tag }
      unshift(this.#domains, address, entry)
      this.#domainOrder.push({ slot: coreHash(address, '', SLOTS), entry })
      return 'added'
    }
    const bits = bytes.length * 8
    const canonical = addressOfBytes(bytes)
    if (mask < 0 || mask > bits) return 'invalid'
    if (mask === 0 || mask === bits) {
      const entry = { group, address: canonical, port, tag }
      unshift(this.#addresses, canonical, entry)
      this.#addressOrder.push({ slot: coreHash(String.fromCharCode(...bytes.subarray(0, 4)), '', SLOTS), entry })
      return 'added'
    }
    if (this.subnets.length >= this.#subnetsMax) return 'full'
    const behind = this.subnets.findIndex((other) => other.group > group)
    this.subnets.splice(behind < 0 ? this.subnets.length : behind, 0, { group, address: canonical, bytes, port, tag, mask })
    return 'added'
  }

  /** The entry of a group (or of any) for an address or name; exact addresses come before subnets. */
  find(address: string, port: number, group: number | undefined): Match | undefined {
    const family = addressFamily(address)
    if (family === 0) return this.#findDomain(address, port, group)
    const bytes = family === 4 ? undefined : addressBytes(address)
    return this.findAddress(bytes === undefined ? address : addressOfBytes(bytes), port, group)
  }

  /** The same for an address in canonical form. */
  findAddress(address: string, port: number, group: number | undefined): Match | undefined {
    const exact = this.#addresses.get(address)?.find((entry) => isFor(entry, port, group))
    if (exact !== undefined || this.subnets.length === 0) return exact
    const bytes = addressBytes(address)
    return bytes === undefined ? undefined : this.subnets.find((subnet) => isFor(subnet, port, group) && isWithin(bytes, subnet))
  }

  /** A name found in any group leaves no tag, as in Kamailio. */
  #findDomain(name: string, port: number, group: number | undefined): Match | undefined {
    const found = this.#domains.get(name)?.find((entry) => isFor(entry, port, group))
    return found === undefined || group !== undefined ? found : { group: found.group, tag: undefined }
  }

  /** In the order of Kamailio's dumps: by slot, the newest first. */
  get addresses(): readonly NamedSlot<AddressEntry>[] {
    return bySlot(this.#addressOrder)
  }

  get domains(): readonly NamedSlot<DomainEntry>[] {
    return bySlot(this.#domainOrder)
  }
}

function bySlot<T>(entries: readonly NamedSlot<T>[]): readonly NamedSlot<T>[] {
  return entries.toReversed().sort((left, right) => left.slot - right.slot)
}

function unshift<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [entry])
  else list.unshift(entry)
}

function isFor(entry: { readonly group: number; readonly port: number }, port: number, group: number | undefined): boolean {
  return (group === undefined || entry.group === group) && (entry.port === 0 || entry.port === port)
}

function isWithin(bytes: Uint8Array, { bytes: network, mask }: SubnetEntry): boolean {
  if (bytes.length !== network.length) return false
  const whole = mask >> 3
  for (let at = 0; at < whole; at++) if (bytes[at] !== network[at]) return false
  const rest = mask & 7
  return rest === 0 || ((bytes[whole] ?? 0) ^ (network[whole] ?? 0)) >> (8 - rest) === 0
}
