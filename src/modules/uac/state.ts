import type { VariableHandle } from '../../define/define.ts'
import type { AvpName } from '../../runtime/avp.ts'
import type { Worker } from '../../runtime/context.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { RrApi } from '../rr/api.ts'
import type { TmApi } from '../tm/api.ts'
import type { Credential } from './credentials.ts'
import type { UacParams } from './params.ts'
import type { Registrations } from './registrations.ts'
import type { UacRequest } from './uac-request.ts'

export type RestoreMode = 'none' | 'manual' | 'auto'

/** Variables that uac_auth() takes credentials from. */
export interface AuthVariables {
  readonly realm: VariableHandle
  readonly user: VariableHandle
  readonly password: VariableHandle
}

/** The state of the module. */
export interface Uac {
  readonly host: Host
  readonly tm: TmApi
  readonly params: UacParams
  readonly restoreMode: RestoreMode
  readonly fromAvp: AvpName | undefined
  readonly toAvp: AvpName | undefined
  /** The one given last comes first. */
  readonly credentials: readonly Credential[]
  /** `$uac_req` of each worker. */
  readonly requests: WeakMap<Worker, UacRequest>
  /** Undefined where no database is named. */
  readonly registrations: Registrations | undefined
  /** There from `start` on. */
  defaultSocket: ListenSocket | undefined
  rr: RrApi | undefined
  authVariables: AuthVariables | undefined
  replyRoute: RouteFunction | undefined
}
