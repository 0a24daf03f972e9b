/** What the module pv keeps for an instance of the server. */
import type { Branch } from '../../runtime/branches.ts'
import type { Host } from '../../runtime/host.ts'
import type { PvValue } from '../../define/value.ts'

/** The names of `$var` (and `$vz`, the same variables) and `$vn`, and where a worker keeps their values. */
export class ScriptVariables {
  readonly #slots = new Map<string, number>()
  readonly #nullSlots = new Map<string, number>()
  readonly #initial: PvValue[] = []

  /** Where `$var(name)` is kept. */
  slot(name: string): number {
    return this.#slotIn(this.#slots, name, 0)
  }

  /** Where `$vn(name)` is kept. */
  nullSlot(name: string): number {
    return this.#slotIn(this.#nullSlots, name, null)
  }

  #slotIn(slots: Map<string, number>, name: string, initial: PvValue): number {
    const known = slots.get(name)
    if (known !== undefined) return known
    const slot = this.#initial.length
    slots.set(name, slot)
    this.#initial.push(initial)
    return slot
  }

  setInitial(name: string, value: string | number): void {
    this.#initial[this.slot(name)] = value
  }

  get(values: readonly PvValue[], slot: number): PvValue {
    const value = values[slot]
    return value === undefined ? (this.#initial[slot] ?? null) : value
  }

  set(values: PvValue[], slot: number, value: PvValue): void {
    while (values.length < slot) values.push(this.#initial[values.length] ?? null)
    values[slot] = value
  }

  has(name: string): boolean {
    return this.#slots.has(name)
  }

  /** All names of `$var`, the newest first. */
  names(): readonly string[] {
    return [...this.#slots.keys()].reverse()
  }
}

export interface PvState {
  readonly host: Host
  readonly script: ScriptVariables
  /** `$shv(name)`: seen by all messages. */
  readonly shared: Map<string, string | number>
  /** Names of AVPs by alias, in lower case. */
  readonly avpAliases: ReadonlyMap<string, string>
  /** `$sbranch(...)`: a destination being put together. */
  readonly staticBranch: Branch
  /** The clock as `$TV(sn)` read it last, for `$TV(un)`. */
  clockReadMs: number
}

export function emptyBranch(): Branch {
  return {
    uri: '',
    dstUri: '',
    path: '',
    q: -1,
    socket: undefined,
    flags: 0,
    instance: '',
    regId: 0,
    ruid: '',
    locationUserAgent: '',
  }
}
