/** Event routes that tell of nodes, as later versions of Kamailio have them. */
import { runTopRoute } from '../../runtime/flow.ts'
import type { RouteFunction } from '../../runtime/host.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import type { DmqNode, NodeStatus } from './node.ts'
import type { Dmq } from './state.ts'

/** A node is there, away, or given up for now. The message of the route has the node's address as its Request-URI. */
export function tellOfNode(dmq: Dmq, node: DmqNode, before: NodeStatus): void {
  const { up, down, disabled } = dmq.events
  if (node.status === 'active') run(dmq, up, node)
  else if (node.status === 'disabled') run(dmq, disabled, node)
  else if (before === 'active') run(dmq, down, node)
}

function run({ host, socket }: Dmq, route: RouteFunction | undefined, node: DmqNode): void {
  if (route === undefined || socket === undefined) return
  const uri = node.uriFor('node')
  const text = `OPTIONS ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <${uri}>;tag=1\r\nTo: <${uri}>\r\n` +
    'Call-ID: dmq\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'
  const message = parseMessage(text, { socket, sourceAddress: node.address, sourcePort: Number(node.port) || 5060, connectionId: 0 }, 0)
  if (message instanceof ParseError) return
  message.msgFlags |= MessageFlag.faked
  const { context, release } = host.contextFor(message)
  const failed = (error: unknown): void => {
    host.log.error('dmq', `event_route of ${uri}: ${error instanceof Error ? error.message : String(error)}`)
  }
  try {
    const running = runTopRoute(context, route)
    if (running instanceof Promise) void running.then(() => undefined, failed).finally(release)
    else release()
  } catch (error) {
    failed(error)
    release()
  }
}
