/** The core's own RPC commands. */
import type { RpcDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { blocklistRpc } from './rpc/blocklist.ts'
import { dnsRpc } from './rpc/dns.ts'
import { echoRpc } from './rpc/echo.ts'
import { networkRpc } from './rpc/network.ts'
import { processRpc } from './rpc/process.ts'
import { systemRpc } from './rpc/system.ts'

export const coreRpc: Readonly<Record<string, RpcDef<Host>>> = {
  ...systemRpc,
  ...echoRpc,
  ...processRpc,
  ...networkRpc,
  ...dnsRpc,
  ...blocklistRpc,
}
