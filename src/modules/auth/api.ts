import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { CheckedCredentials, DigestCredentials } from '../../sip/headers/digest-credentials.ts'
import type { PasswordCheck } from './authenticate.ts'
import type { ChallengeOptions } from './challenge.ts'
import type { Side } from './credentials.ts'
import type { IdentityRules } from './identity.ts'

export { AUTH_RETURNS, AuthResult } from './authenticate.ts'
export type { PasswordCheck } from './authenticate.ts'
export type { ChallengeOptions } from './challenge.ts'
export type { Side } from './credentials.ts'
export type { IdentityRules } from './identity.ts'

/** What other modules of authentication need: they look up the secret, the rest is here. */
export interface AuthApi {
  /** The realm without `realm_prefix`. */
  realm(realm: string): string
  /** Credentials of the realm that are fit to be judged; otherwise the result that the function gives (1 for ACK and the like). */
  precheck(context: RouteContext, realm: string, side: Side): CheckedCredentials | number
  /** H(user:realm:password). */
  secretOf(credentials: DigestCredentials, realm: string, password: string): string
  /** Judges the response; `secret` is H(user:realm:password). */
  judge(context: RouteContext, checked: CheckedCredentials, method: string, secret: string): number
  /** Compares the user with From, To and Request-URI: 1, -1 or -8. */
  checkIdentity(context: RouteContext, user: string, rules: IdentityRules): number
  /** Checks credentials with a password at hand. */
  authenticate(context: RouteContext, check: PasswordCheck): number
  /** Answers 401 or 407 with a challenge. */
  sendChallenge(context: RouteContext, side: Side, realm: string, flags: number): number
  /** A challenge as a header line, with the qop of the module parameter unless given. */
  challengeLine(context: RouteContext, options: Omit<ChallengeOptions, 'qop'> & { readonly qop?: string }): string
  consumeCredentials(context: RouteContext): number
}

export const authApi = apiKey<AuthApi>('auth')
