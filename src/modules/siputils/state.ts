import { SetupError } from '../../define/define.ts'
import type { AvpName } from '../../runtime/avp.ts'
import type { Host } from '../../runtime/host.ts'
import { createChargingVectors, type ChargingVectors } from './charging-vector.ts'
import type { SipUtilsParams } from './params.ts'
import { remotePartyAvp } from './remote-party.ts'

export interface SipUtils {
  readonly host: Host
  readonly params: SipUtilsParams
  readonly rpidAvp: AvpName | undefined
  readonly vectors: ChargingVectors
  /** Separates the parts of a packed contact. */
  readonly separator: string
}

export function setUp(host: Host, params: SipUtilsParams): SipUtils | SetupError {
  if (!host.hasModule('sl')) return new SetupError('cannot bind to SL API')
  const rpidAvp = remotePartyAvp(params.rpid_avp)
  if (typeof rpidAvp === 'string') return new SetupError(rpidAvp)
  const separator = params.contact_flds_separator.charAt(0) || '*'
  return { host, params, rpidAvp, vectors: createChargingVectors(host), separator }
}
