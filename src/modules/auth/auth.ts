import { defineModule, SetupError } from '../../define/define.ts'
import { slApi } from '../sl/api.ts'
import { authApi } from './api.ts'
import { authenticate, judge, resultOf, secretOf } from './authenticate.ts'
import { challengeLine, sendChallenge } from './challenge.ts'
import { consumeCredentials, precheck, withoutPrefix } from './credentials.ts'
import { authFunctions } from './functions.ts'
import { checkIdentity } from './identity.ts'
import { authParams } from './params.ts'
import { createAuth } from './state.ts'

export default defineModule({
  name: 'auth',
  summary: 'Digest authentication: challenges, nonces, and credentials checked with passwords of the script.',
  area: 'security',
  params: authParams,
  setup(host, params) {
    const auth = createAuth(host, params)
    if (auth instanceof SetupError) return auth
    host.provide(authApi, {
      realm: (realm) => withoutPrefix(auth, realm),
      precheck(context, realm, side) {
        const found = precheck(auth, context, realm, side)
        return typeof found === 'string' ? resultOf(found) : found
      },
      secretOf: (credentials, realm, password) => secretOf(auth, credentials, realm, password),
      judge: (context, checked, method, secret) => judge(auth, context, checked, method, secret),
      checkIdentity,
      authenticate: (context, check) => authenticate(auth, context, check),
      sendChallenge: (context, side, realm, flags) => sendChallenge(auth, context, side, realm, flags),
      challengeLine: (context, options) => challengeLine(auth, context, { qop: params.qop, ...options }, context.message),
      consumeCredentials: (context) => consumeCredentials(auth, context.message),
    })
    return auth
  },
  start(auth, host) {
    auth.sl = host.api(slApi)
  },
  functions: authFunctions,
})
