/** Contact URIs that a module has rewritten: later readers of the same message see the new one, as the next hop will. */
import type { SipMessage } from '../message.ts'
import { MessageNote } from '../message-note.ts'
import type { NameAddr } from './name-addr.ts'

class ContactRewrites extends MessageNote {
  /** By where the old URI starts. */
  readonly uris = new Map<number, string>()
}

function noteOf(message: SipMessage): ContactRewrites | undefined {
  for (let note = message.notes; note !== undefined; note = note.nextNote) if (note instanceof ContactRewrites) return note
  return undefined
}

/** Keeps the URI for later readers; the change itself is an edit of its own. */
export function noteContactRewrite(message: SipMessage, contact: NameAddr, uri: string): void {
  let note = noteOf(message)
  if (note === undefined) {
    note = new ContactRewrites()
    message.addNote(note)
  }
  note.uris.set(contact.uriStart, uri)
}

/** The URI of a contact as it is now; undefined when nobody has rewritten it. */
export function rewrittenContact(message: SipMessage, contact: NameAddr): string | undefined {
  return message.notes === undefined ? undefined : noteOf(message)?.uris.get(contact.uriStart)
}
