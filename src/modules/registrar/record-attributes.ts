/** What is known of a contact, for the script: xavp_rcd. */
import type { RouteContext } from '../../runtime/context.ts'
import { XavpTree } from '../../runtime/xavp.ts'
import type { Contact } from '../usrloc/api.ts'
import type { Registrar } from './state.ts'

const Left = { ruid: 1, contact: 2, expires: 4, received: 8, path: 16 } as const

/** Adds to the values that are there already. */
export function noteRecord({ params, usrloc }: Registrar, { xavps }: RouteContext, contact: Contact): void {
  const { xavp_rcd, xavp_rcd_mask: left } = params
  if (xavp_rcd === undefined || xavp_rcd === '') return
  const known = xavps.xavp.get(xavp_rcd)?.value
  const fields = known instanceof XavpTree ? known : new XavpTree()
  if ((left & Left.ruid) === 0) fields.add('ruid', contact.ruid)
  if ((left & Left.received) === 0 && contact.received !== '') fields.add('received', contact.received)
  if ((left & Left.contact) === 0) fields.add('contact', contact.uri)
  if ((left & Left.expires) === 0) fields.add('expires', contact.expires - usrloc.now())
  if ((left & Left.path) === 0 && contact.path !== '') fields.add('path', contact.path)
  if (known === undefined) xavps.xavp.add(xavp_rcd, fields)
}
