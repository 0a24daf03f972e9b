import { arg, fn, form, type FunctionDef } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { wholeFilled, wholeNumber, wholeOrFormat } from '../../runtime/whole-argument.ts'
import { AUTH_RETURNS, AuthResult, authenticate } from './authenticate.ts'
import { challengeIntoVariable, sendChallenge } from './challenge.ts'
import { consumeCredentials, firstCredentials, hasCredentials, needsNoCredentials, type Side } from './credentials.ts'
import { checkIdentity } from './identity.ts'
import type { Auth } from './state.ts'

const REQUEST: readonly RouteName[] = ['request']
const CHALLENGING: readonly RouteName[] = ['request', 'failure', 'onreply']

const challengeArgs = [
  wholeFilled('realm', 'Realm of the challenge.'),
  wholeNumber('flags', 'Bits: 1 qop=auth, 2 qop=auth-int, 4 no 500 when it fails, 16 stale=true.'),
] as const

const passwordArgs = [
  wholeOrFormat('realm', 'Realm of the credentials.'),
  wholeOrFormat('passwd', 'Password, or H(user:realm:password) with flag 1.'),
  wholeNumber('flags', 'Bits: 1 passwd is a hash; 2, 4, 8 put a challenge into $digest_challenge on failure: no qop, auth, auth-int.'),
] as const

const challenging = (summary: string, side: (context: RouteContext) => Side | undefined): FunctionDef<Auth> =>
  fn({
    summary,
    returns: { 1: 'sent', [-1]: 'no realm or flags; 500 was sent', [-3]: 'not sent', [-4]: 'neither was 500' },
    routes: CHALLENGING,
    args: challengeArgs,
    run: (context, auth: Auth, realm, flags) => {
      const where = side(context)
      return where === undefined ? 1 : sendChallenge(auth, context, where, realm, flags)
    },
  })

interface Given {
  readonly side: Side
  readonly realm: string | undefined
  readonly password: string | undefined
  readonly flags: number | undefined
  readonly method: string | undefined
}

/** What is wrong with the arguments, in the order in which Kamailio looks at them. */
function problemOf({ realm, password, flags, method }: Given): string | undefined {
  if (realm === undefined) return 'failed to get realm value'
  if (realm === '') return 'invalid realm value - empty content'
  if (password === undefined) return 'failed to get passwd value'
  if (password === '') return 'invalid password value - empty content'
  if (flags === undefined) return 'invalid flags value'
  if (method === undefined) return 'failed to get method value'
  return method === '' ? 'invalid method value - empty content' : undefined
}

/** `moreProblem` is what is wrong with further arguments. */
function withGiven(auth: Auth, context: RouteContext, given: Given, moreProblem?: string): number {
  const problem = problemOf(given) ?? moreProblem
  const { side, realm, password, flags, method } = given
  if (problem === undefined && realm !== undefined && password !== undefined && flags !== undefined && method !== undefined) {
    return authenticate(auth, context, { side, realm, password, flags, method })
  }
  auth.host.log.error('auth', problem ?? 'invalid parameters')
  return AuthResult.error
}

const sideOf = ({ message }: RouteContext): Side => (message.method === 'REGISTER' ? 'www' : 'proxy')

const withPassword = form({
  routes: REQUEST,
  args: passwordArgs,
  run: (context, auth: Auth, realm, password, flags) =>
    withGiven(auth, context, { side: 'www', realm, password, flags, method: context.message.method }),
})

export const authFunctions: Readonly<Record<string, FunctionDef<Auth>>> = {
  www_challenge: challenging('Answers 401 with a challenge.', () => 'www'),
  proxy_challenge: challenging('Answers 407 with a challenge.', () => 'proxy'),
  auth_challenge: challenging('Answers a REGISTER with 401 and other requests but ACK and CANCEL with 407, and a challenge.', (context) =>
    context.message.method === 'ACK' || context.message.method === 'CANCEL' ? undefined : sideOf(context)),
  pv_www_authenticate: {
    summary: 'Checks the credentials in Authorization with a password of the script.',
    returns: AUTH_RETURNS,
    forms: [
      withPassword,
      form({
        routes: REQUEST,
        kemi: 'pv_www_authenticate_method',
        args: [...passwordArgs, wholeOrFormat('method', 'Method that the response is for.')],
        run: (context, auth: Auth, realm, password, flags, method) =>
          withGiven(auth, context, { side: 'www', realm, password, flags, method }),
      }),
    ],
  },
  pv_www_authorize: { summary: 'An older name of pv_www_authenticate().', returns: AUTH_RETURNS, forms: [withPassword] },
  pv_proxy_authenticate: fn({
    summary: 'Checks the credentials in Proxy-Authorization with a password of the script.',
    returns: AUTH_RETURNS,
    aliases: ['pv_proxy_authorize'],
    routes: REQUEST,
    args: passwordArgs,
    run: (context, auth: Auth, realm, password, flags) =>
      withGiven(auth, context, { side: 'proxy', realm, password, flags, method: context.message.method }),
  }),
  pv_auth_check: fn({
    summary: 'Checks credentials as pv_www_authenticate() for REGISTER and as pv_proxy_authenticate() for others.',
    returns: AUTH_RETURNS,
    routes: REQUEST,
    args: [...passwordArgs, wholeNumber('checks', '1: the user must be the one of From, and of To in a REGISTER.')],
    run: (context, auth: Auth, realm, password, flags, checks) => {
      const { message } = context
      if (message.method === 'ACK' || message.method === 'CANCEL') return AuthResult.ok
      const given = { side: sideOf(context), realm, password, flags, method: message.method }
      const result = withGiven(auth, context, given, checks === undefined ? 'invalid checks value' : undefined)
      return result === AuthResult.ok && ((checks ?? 0) & 1) !== 0 ? withOwnUser(auth, context) : result
    },
  }),
  auth_get_www_authenticate: fn({
    summary: 'Puts a challenge for 401, a whole header line, into a variable.',
    routes: REQUEST,
    args: [...challengeArgs, arg.writable('pvdest', 'Where it goes.')],
    run: (context, auth: Auth, realm, flags, target) => challengeIntoVariable(auth, context, realm, flags, target),
  }),
  has_credentials: fn({
    summary: 'Tells whether there are credentials of that realm, in Proxy-Authorization or Authorization.',
    routes: REQUEST,
    args: [arg.str('realm', 'Realm.')],
    run: ({ message }, auth: Auth, realm) => hasCredentials(auth, message, realm),
  }),
  consume_credentials: fn({
    summary: 'Takes the credentials that were checked out of the request.',
    routes: REQUEST,
    args: [],
    run: ({ message }, auth: Auth) => consumeCredentials(auth, message),
  }),
}

/** The user of the first Proxy-Authorization, else of the first Authorization, must be the one that From or To names. */
function withOwnUser(auth: Auth, context: RouteContext): number {
  const { message } = context
  const checked = firstCredentials(message)
  if (checked === undefined) return needsNoCredentials(message.method) ? AuthResult.ok : AuthResult.error
  return checkIdentity(context, checked.user, { comparesHosts: auth.params.use_domain !== 0, skipsForwarded: false })
}
