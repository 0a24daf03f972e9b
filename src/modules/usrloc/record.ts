/** An address of record with its contacts, in the order in which they are tried. */
import type { Contact } from './contact.ts'

export class AorRecord {
  readonly aor: string
  /** Of the address, as Kamailio computes it: temporary GRUUs hold it. All 32 bits, as a signed number. */
  readonly hash: number
  contacts: Contact | undefined = undefined
  /** Neighbours in the slot of the table. */
  next: AorRecord | undefined = undefined
  previous: AorRecord | undefined = undefined

  constructor(aor: string, hash: number) {
    this.aor = aor
    this.hash = hash
  }

  /** Whether a contact of that name is here. */
  has(ruid: string): boolean {
    for (let at = this.contacts; at !== undefined; at = at.next) if (at.ruid === ruid) return true
    return false
  }

  /** Puts a contact behind those of the same or a higher q; the newest first with `newestFirst`. */
  insert(contact: Contact, newestFirst: boolean): void {
    let before: Contact | undefined
    let at = newestFirst ? undefined : this.contacts
    while (at !== undefined && at.q >= contact.q) {
      before = at
      at = at.next
    }
    this.#link(before, contact)
  }

  remove(contact: Contact): void {
    let before: Contact | undefined
    for (let at = this.contacts; at !== undefined && at !== contact; at = at.next) before = at
    if (before === undefined) this.contacts = contact.next
    else before.next = contact.next
    contact.next = undefined
  }

  /**
   * Moves a contact that was registered anew: in front with `newestFirst`. Else Kamailio leaves it where its neighbours
   * have it between them in rising order, and puts it behind those of a lower q that stand in front.
   */
  reposition(contact: Contact, newestFirst: boolean): void {
    const previous = this.#before(contact)
    if (newestFirst) {
      if (previous === undefined) return
      this.remove(contact)
      this.#link(undefined, contact)
      return
    }
    const { next, q } = contact
    if ((previous === undefined || q <= previous.q) && (next === undefined || q >= next.q)) return
    this.remove(contact)
    let before: Contact | undefined
    for (let at = this.contacts; at !== undefined && at.q < q; at = at.next) before = at
    this.#link(before, contact)
  }

  #before(contact: Contact): Contact | undefined {
    let before: Contact | undefined
    for (let at = this.contacts; at !== undefined && at !== contact; at = at.next) before = at
    return before
  }

  #link(before: Contact | undefined, contact: Contact): void {
    if (before === undefined) {
      contact.next = this.contacts
      this.contacts = contact
    } else {
      contact.next = before.next
      before.next = contact
    }
  }
}
