/** Copies of requests to all other nodes (dmq_t_replicate). */
import { ownBranch } from '../../runtime/branches.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { isTransport } from '../../runtime/forward.ts'
import type { TmApi } from '../tm/api.ts'
import { isFromNode } from './handle.ts'
import type { DmqNode } from './node.ts'
import type { Dmq } from './state.ts'

/** 0 as in Kamailio, which ends the script; -1 when the request came from a node, or could not be copied. */
export async function replicate(dmq: Dmq, context: RouteContext, skipsLoopTest: boolean): Promise<number> {
  const { tm, nodes, socket } = dmq
  if (tm === undefined || (!skipsLoopTest && isFromNode(dmq, context))) return -1
  if (socket !== undefined) context.message.forceSocket = socket
  let isFirst = true
  for (const node of nodes.all.filter(({ isLocal, status }) => !isLocal && status === 'active')) {
    if (!isFirst) context.branches.append(ownBranch(context), context.host.settings.max_branches)
    isFirst = false
    if (await copyTo(tm, context, node) < 0) {
      dmq.host.log.error('dmq', 'error calling t_replicate')
      return -1
    }
  }
  return 0
}

function copyTo(tm: TmApi, context: RouteContext, { address, port, transport }: DmqNode): number | Promise<number> {
  return tm.relay(context, {
    host: address, port: Number(port) || 0, transport: isTransport(transport) ? transport : undefined, replicates: true,
  })
}
