/** event_route[network:msg]: the script sees, and may change, the bytes that come and go. */
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { VariableHandle } from '../../define/define.ts'
import type { ReceivedFrom, Target } from '../../sip/endpoint.ts'
import { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'

export interface NetworkIo {
  incoming(text: string, from: ReceivedFrom): string | undefined
  outgoing(text: string, target: Target): string | undefined
}

/** True when the running event route sees bytes that came. */
export function isIncoming(context: RouteContext): boolean {
  return context.sending === undefined
}

/** The filters for both directions; `result` is the variable with the changed bytes. */
export function createNetworkIo(host: Host, result: VariableHandle | undefined, minimum: number): NetworkIo {
  const run = (text: string, received: ReceivedFrom, target: Target | undefined): string => {
    const route = host.routes.event('network:msg')
    if (route === undefined || text.length < minimum) return text
    const { context, release } = host.contextFor(rawMessage(text, received))
    context.packet = { text, received }
    const socket = target?.socket ?? received.socket
    if (target !== undefined) context.sending = { text, socket, address: target.address, port: target.port }
    const running = host.runEvent(route, context)
    // A route that waits cannot change bytes that are on their way already.
    if (running instanceof Promise) {
      void running.finally(release)
      return text
    }
    const changed = result?.get(context)
    release()
    return typeof changed === 'string' ? changed : text
  }
  return {
    incoming: (text, from) => run(text, from, undefined),
    outgoing(text, target) {
      const socket = target.socket ?? host.network.sockets[0]
      if (socket === undefined) return text
      return run(text, { socket, sourceAddress: socket.address, sourcePort: socket.port, connectionId: target.connectionId }, target)
    },
  }
}

/** Bytes as a message whose `$mb` is all of them. */
function rawMessage(text: string, received: ReceivedFrom): SipMessage {
  const message = new SipMessage(text, received, 0, true, text.length)
  message.msgFlags |= MessageFlag.faked
  return message
}
