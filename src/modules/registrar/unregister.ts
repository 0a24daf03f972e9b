/** unregister(): contacts go, without a REGISTER. */
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import type { Contact, LocationTable } from '../usrloc/api.ts'
import { aorOf, type Aor } from './aor.ts'
import { markMemoryOnly } from './save-contacts.ts'
import type { Registrar } from './state.ts'

const DB_ONLY = 3
const Unregistered = { done: 1, noAddress: -1, failed: -2, notFound: -3 } as const

function addressOf(registrar: Registrar, uri: string): Aor | undefined {
  const aor = aorOf(registrar, uri)
  if (!('status' in aor)) return aor
  registrar.host.log.error('registrar', 'failed to extract Address Of Record')
  return undefined
}

/** All contacts of an address. */
export function unregister(registrar: Registrar, context: RouteContext, table: LocationTable, uri: string): number | Promise<number> {
  const aor = addressOf(registrar, uri)
  if (aor === undefined) return Unregistered.noAddress
  const to = context.message.to()
  if (to === undefined || to instanceof ParseError || parseUri(to.uri) instanceof ParseError) {
    registrar.host.log.error('registrar', 'failed to extract Address Of Record')
    return Unregistered.noAddress
  }
  return registrar.usrloc.change(table, aor.text, (change) => {
    markMemoryOnly(change, 0)
    change.removeAll()
  }, (_, failure) => {
    if (failure === undefined) return Unregistered.done
    registrar.host.log.error('registrar', 'failed to remove record from usrloc')
    registrar.host.log.error('registrar', `error unregistering user [${aor.text}]`)
    return Unregistered.failed
  })
}

/** One contact by its own name. */
export function unregisterRuid(registrar: Registrar, table: LocationTable, uri: string, ruid: string): number | Promise<number> {
  if (uri === '') return deleteRow(registrar, table, ruid)
  const aor = addressOf(registrar, uri)
  if (aor === undefined) return Unregistered.noAddress
  return registrar.usrloc.change<boolean, number>(table, aor.text, (change) => {
    let contact: Contact | undefined = change.record?.contacts
    while (contact !== undefined && contact.ruid !== ruid) contact = contact.next
    if (contact === undefined) return false
    change.remove(contact)
    return true
  }, (isFound, failure) => {
    if (!isFound) registrar.host.log.warning('registrar', 'AOR/Contact not found')
    else if (failure !== undefined) registrar.host.log.warning('registrar', 'could not delete contact')
    return !isFound ? Unregistered.notFound : failure === undefined ? Unregistered.done : Unregistered.failed
  })
}

async function deleteRow({ host, usrloc }: Registrar, table: LocationTable, ruid: string): Promise<number> {
  if (usrloc.dbMode !== DB_ONLY) {
    host.log.error('usrloc', 'delete_urecord_by_ruid currently available only in db_mode=3')
    host.log.error('registrar', 'could not delete contact')
    return Unregistered.failed
  }
  const deleted = await usrloc.deleteByRuid(table, ruid)
  if (deleted === undefined) {
    host.log.error('registrar', 'could not delete contact')
    return Unregistered.failed
  }
  if (deleted > 0) return Unregistered.done
  host.log.warning('registrar', 'contact not found')
  return Unregistered.notFound
}
