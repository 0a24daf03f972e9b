/** All variables of the module, by name. */
import type { VariableDef } from '../../define/define.ts'
import { avpVariables } from './avp-variables.ts'
import { branchVariables } from './branch-variables.ts'
import { flagVariables } from './flag-variables.ts'
import { fromToVariables } from './from-to-variables.ts'
import { headerVariables } from './header-variables.ts'
import { identityVariables } from './identity-variables.ts'
import { messageVariables } from './message-variables.ts'
import { networkVariables } from './network-variables.ts'
import { scriptVariables } from './script-variables.ts'
import type { PvState } from './state.ts'
import { systemVariables } from './system-variables.ts'
import { timeVariables } from './time-variables.ts'
import { uriVariables } from './uri-variables.ts'
import { viaVariables } from './via-variables.ts'
import { xavpVariables } from './xavp-variables.ts'

export const pvVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  ...scriptVariables,
  ...avpVariables,
  ...xavpVariables,
  ...messageVariables,
  ...uriVariables,
  ...fromToVariables,
  ...headerVariables,
  ...identityVariables,
  ...viaVariables,
  ...networkVariables,
  ...branchVariables,
  ...flagVariables,
  ...timeVariables,
  ...systemVariables,
}
