/** event_route[usrloc:contact-expired] */
import { placeholderRequest } from '../../runtime/placeholder-request.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { Contact, LocationTable } from '../usrloc/api.ts'
import { profileOf } from './profiles.ts'
import type { Registrar } from './state.ts'

/** The profile that shows the contact. */
const PROFILE = 'exp'

export function runExpired(registrar: Registrar, contact: Contact, table: LocationTable): void {
  const { host, expiredRoute, timer, profiles } = registrar
  if (expiredRoute === undefined || timer === undefined) return
  const message = placeholderRequest(host)
  if (message === undefined) return
  const profile = profileOf(table, contact.record.aor, 0, contact, true)
  void timer.run(expiredRoute, message, (context) => {
    context.routeType = RouteMask.request
    profiles.set(PROFILE, profile)
  })
}
