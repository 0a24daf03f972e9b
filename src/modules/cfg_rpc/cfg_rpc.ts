import { defineModule } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { cfgRpc } from './rpc.ts'

export default defineModule({
  name: 'cfg_rpc',
  summary: 'Shows and changes parameters while the server runs.',
  area: 'operations',
  setup: (host): Host => host,
  rpc: cfgRpc,
})
