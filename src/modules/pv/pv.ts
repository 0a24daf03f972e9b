import { defineModule } from '../../define/define.ts'
import { pvFunctions } from './functions.ts'
import { pvKemi } from './kemi.ts'
import { pvParams } from './params.ts'
import { setUp } from './setup.ts'
import { sharedRpc } from './shared-rpc.ts'
import type { PvState } from './state.ts'
import { pvTransformations } from './transformations.ts'
import { pvVariables } from './variables.ts'

export default defineModule<typeof pvParams, PvState>({
  name: 'pv',
  summary: 'Variables of scripts, and what can be done with their values.',
  area: 'core',
  params: pvParams,
  setup: (host, params) => setUp(host, params),
  functions: pvFunctions,
  kemi: pvKemi,
  variables: pvVariables,
  transformations: pvTransformations,
  rpc: sharedRpc,
})
