/** uac_auth(): answers the challenge of the reply that the failure route is about. */
import type { RouteContext } from '../../runtime/context.ts'
import { headersEnd } from '../../sip/build-request.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { challengeOf } from './challenge.ts'
import { authorizationLine, type Credential } from './credentials.ts'
import type { Uac } from './state.ts'

/** Bits of the mode. */
const HASHED = 1

/** 1 when the credentials stand in the request, which is to be sent again. Other realms than the given ones get none. */
export function uacAuth(uac: Uac, context: RouteContext, mode: number): number {
  const { transaction, message } = context
  const branch = transaction?.armed.winner
  if (!transaction || branch === undefined) return fail(uac, 'no current transaction found')
  const { reply, lastStatus, uri } = branch
  if (reply === undefined) return fail(uac, 'empty reply on picked branch')
  if (reply === 'faked') return fail(uac, 'cannot process a FAKED reply')
  const challenge = challengeOf(reply, lastStatus)
  if (!('realm' in challenge)) return fail(uac, ...challenge)
  const credential = fromVariables(uac, context, challenge.realm) ?? uac.credentials.find(({ realm }) => realm === challenge.realm)
  if (credential === undefined) {
    uac.host.log.info('uac', `no credential for realm "${challenge.realm}"`)
    return -1
  }
  const { user, password } = credential
  const line = authorizationLine({
    code: lastStatus, method: message.method, uri, user, password, isHashed: (mode & HASHED) !== 0, challenge,
  })
  message.setUri(uri)
  message.edits.insert(headersEnd(message), line)
  transaction.request.msgFlags |= MessageFlag.uacAuth
  return 1
}

function fail({ host }: Uac, ...problems: readonly string[]): -1 {
  for (const problem of problems) host.log.error('uac', problem)
  return -1
}

/** The credentials that the script has put into variables; an empty realm there stands for any. */
function fromVariables({ authVariables }: Uac, context: RouteContext, realm: string): Credential | undefined {
  if (authVariables === undefined) return undefined
  const text = (value: string | number | null): string => (value === null ? '' : String(value))
  const wanted = text(authVariables.realm.get(context))
  if (wanted !== '' && wanted !== realm) return undefined
  const user = text(authVariables.user.get(context))
  const password = text(authVariables.password.get(context))
  return user === '' || password === '' ? undefined : { user, realm, password }
}
