import type { RouteContext } from '../../runtime/context.ts'
import { AuthResult, type Side } from '../auth/api.ts'
import type { AuthDb } from './state.ts'
import { findSubscriber, loadVariables } from './subscriber.ts'

export interface DatabaseCheck {
  readonly side: Side
  readonly realm: string
  readonly table: string
  readonly method: string
  /** What to do when they are right, with the user. */
  readonly andThen?: (user: string) => number
}

/** Checks credentials with the secret of a table. Waits for the database only where credentials are fit to be judged. */
export function authenticate(state: AuthDb, context: RouteContext, check: DatabaseCheck): number | Promise<number> {
  const { auth } = state
  if (auth === undefined) return AuthResult.error
  const checked = auth.precheck(context, check.realm, check.side)
  if (typeof checked === 'number') return checked
  const { credentials } = checked
  const realm = auth.realm(check.realm)
  return findSubscriber(state, credentials, realm, check.table).then((found) => {
    if (found === 'error') return AuthResult.error
    if (found === 'unknown') return AuthResult.unknownUser
    const loadsAlways = state.params.force_generate_avps !== 0
    if (loadsAlways) loadVariables(state, context, found.columns, found.values)
    const secret = state.params.calculate_ha1 === 0 ? found.secret : auth.secretOf(credentials, realm, found.secret)
    const result = auth.judge(context, checked, check.method, secret)
    if (result !== AuthResult.ok) return result
    if (!loadsAlways) loadVariables(state, context, found.columns, found.values)
    return check.andThen?.(credentials.user) ?? result
  })
}
