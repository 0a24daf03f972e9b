import { SetupError } from '../../define/define.ts'
import { parseAvpName, type AvpName } from '../../runtime/avp.ts'
import type { Host } from '../../runtime/host.ts'
import { digestAlgorithm, type DigestAlgorithm } from '../../sip/digest.ts'
import { qopOf } from '../../sip/headers/digest-credentials.ts'
import type { SlApi } from '../sl/api.ts'
import { createNonceMemory } from './nonce-memory.ts'
import type { NonceRules } from './nonce.ts'
import type { AuthParams } from './params.ts'

export interface Auth {
  readonly host: Host
  readonly params: AuthParams
  readonly algorithm: DigestAlgorithm
  readonly nonces: NonceRules
  readonly challengeAvp: AvpName
  sl: SlApi | undefined
}

const RANDOM_SECRET_BYTES = 16
const CHECKS_SECRET_MIN = 16

export function createAuth(host: Host, params: AuthParams): Auth | SetupError {
  if (!host.hasModule('sl')) return new SetupError('cannot bind to SL API')
  const challengeAvp = params.challenge_attr.startsWith('$') ? parseAvpName(params.challenge_attr.slice(1)) : 'it must begin with $'
  if (typeof challengeAvp === 'string') return new SetupError(`Invalid value of challenge_attr module parameter: ${challengeAvp}`)
  const counts = countsNonces(host, params)
  if (counts instanceof SetupError) return counts
  const once = params.one_time_nonce !== 0
  const memory = createNonceMemory(host, params, counts, once)
  if (memory instanceof SetupError) return memory
  const algorithm = params.algorithm === '' || params.algorithm === 'MD5' || params.algorithm === 'SHA-256'
    ? digestAlgorithm(params.algorithm) : undefined
  if (algorithm === undefined) return new SetupError('Invalid algorithm provided. Possible values are "", "MD5" or "SHA-256"')
  const nonces: NonceRules = {
    ...secretsOf(host, params), expireSeconds: params.nonce_expire, driftSeconds: params.nonce_auth_max_drift, counts, once, memory,
  }
  return { host, params, algorithm, nonces, challengeAvp, sl: undefined }
}

/** Whether nc is counted, which needs a qop. */
function countsNonces(host: Host, params: AuthParams): boolean | SetupError {
  const qop = qopOf(params.qop)
  if (qop === 'other') return new SetupError('Unsupported qop parameter value')
  if (params.nonce_count === 0) {
    if (qop !== 'none') host.log.info('auth', 'qop set, but nonce-count (nonce_count) support disabled')
    return false
  }
  if (qop === 'none') host.log.warning('auth', 'nonce-count support enabled, but qop not set')
  return qop !== 'none'
}

/** A given secret is divided where there are extra checks: its second half is for their hash. */
function secretsOf(host: Host, params: AuthParams): { readonly secret: string; readonly checksSecret: string } {
  if (params.secret === '') return { secret: host.random.hex(RANDOM_SECRET_BYTES), checksSecret: host.random.hex(RANDOM_SECRET_BYTES) }
  const hasChecks = params.auth_checks_register !== 0 || params.auth_checks_no_dlg !== 0 || params.auth_checks_in_dlg !== 0
  if (!hasChecks) return { secret: params.secret, checksSecret: '' }
  const half = params.secret.length - Math.floor(params.secret.length / 2)
  const checksSecret = params.secret.slice(half)
  if (checksSecret.length < CHECKS_SECRET_MIN) {
    host.log.warning('auth', 'consider a longer secret when extra auth checks are enabled (the config secret is divided in 2!)')
  }
  return { secret: params.secret.slice(0, half), checksSecret }
}
