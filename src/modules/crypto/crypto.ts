import { arg, defineModule, fn, param, SetupError, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { tmApi } from '../tm/api.ts'
import { deriveKey, saltOf } from './aes.ts'
import { CallIds } from './call-id.ts'
import { passingOf, watchForRoute } from './network.ts'
import { decryptText, encryptText, signText, type Crypto } from './texts.ts'

const SALT_LENGTH_MIN = 8

const text = arg.str('text', 'The text.')
const key = arg.str('key', 'Any text is a key, or base64 with key_derivation 0.')
const result = arg.writable('result', 'Variable for the result.')

interface State extends Crypto {
  readonly params: { readonly register_callid: number; readonly register_evcb: number }
}

const inRoute = (summary: string, run: (passing: NonNullable<ReturnType<typeof passingOf.get>>) => number): FunctionDef<State> => fn({
  summary,
  returns: { 1: 'yes', [-1]: 'no, or the route is another one' },
  routes: 'any',
  args: [],
  run: (context: RouteContext) => {
    const passing = passingOf.get(context)
    return passing === undefined ? -1 : run(passing)
  },
})

export default defineModule({
  name: 'crypto',
  summary: 'Encrypts, decrypts and signs texts, and all that comes and goes.',
  area: 'security',
  params: {
    salt: param.str('k8hTm4aZ', 'What goes into keys beside the secret, 8 characters at least.'),
    register_callid: param.int(0, '1: Call-IDs of own requests are UUIDs by SHA-1.'),
    register_evcb: param.int(0, '1: event_route[crypto:netio] sees all that comes and goes.'),
    kevcb_netio: param.str('', 'KEMI function in place of event_route[crypto:netio].'),
    netio_key: param.str('', 'Key for what comes and goes.'),
    key_derivation: param.int(1, '1: keys are any text; 0: keys are 16 or 32 bytes in base64.'),
    init_vector: param.str('', 'With key_derivation 0: 16 bytes in base64; of chance when it is not set.'),
  },
  setup(host, params): State | SetupError {
    if (params.salt !== '' && params.salt.length < SALT_LENGTH_MIN) return new SetupError('salt parameter must be at least 8 characters')
    if (params.register_evcb !== 0 && params.netio_key === '') return new SetupError('crypto netio key parameter is not set')
    const salt = saltOf(params.salt)
    const netioKey = params.register_evcb === 0 ? undefined : deriveKey(params.netio_key, salt)
    return { host, params, salt, derivesKeys: params.key_derivation !== 0, initVector: params.init_vector, netioKey }
  },
  start(state, host) {
    watchForRoute(state)
    if (state.params.register_callid === 0) return
    const callIds = new CallIds(host.random)
    host.api(tmApi)?.useCallIds(() => callIds.next())
  },
  reloaded: watchForRoute,
  functions: {
    crypto_aes_encrypt: fn({
      summary: 'Encrypts a text (AES-CBC, base64).',
      routes: 'any',
      args: [text, key, result],
      run: (context, state: State, plain, secret, into) => encryptText(state, context, plain, secret, into),
    }),
    crypto_aes_decrypt: fn({
      summary: 'Decrypts what crypto_aes_encrypt() gave.',
      returns: { 1: 'decrypted', [-1]: 'it was not encrypted with that key' },
      routes: 'any',
      args: [text, key, result],
      run: (context, state: State, encrypted, secret, into) => decryptText(state, context, encrypted, secret, into),
    }),
    crypto_hmac_sha256: fn({
      summary: 'Signs a text (HMAC with SHA-256, base64url without padding).',
      routes: 'any',
      args: [text, key, result],
      run: (context, _state: State, plain, secret, into) => signText(context, plain, secret, into),
    }),
    crypto_netio_in: inRoute('In event_route[crypto:netio]: whether something came.', ({ isOut }) => (isOut ? -1 : 1)),
    crypto_netio_out: inRoute('In event_route[crypto:netio]: whether something leaves.', ({ isOut }) => (isOut ? 1 : -1)),
    crypto_netio_encrypt: inRoute('In event_route[crypto:netio]: it is encrypted as it leaves.', (passing) => {
      passing.encrypts = true
      return 1
    }),
    crypto_netio_decrypt: inRoute('In event_route[crypto:netio]: it is decrypted before it is read.', (passing) => {
      passing.decrypts = true
      return 1
    }),
  },
  events: { 'crypto:netio': 'Something comes or leaves, with register_evcb.' },
})
