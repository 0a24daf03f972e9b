/** event_route[tcp:closed], [tcp:reset] and [tcp:timeout]. */
import type { ConnectionEnd } from '../../runtime/host.ts'
import { placeholderFrom } from '../../runtime/placeholder-request.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { ReceivedFrom } from '../../sip/endpoint.ts'
import { ClosedEvent, type State } from './state.ts'

/** The route sees a made-up request from the connection's peer; the connection itself is gone, and so is `$conid`, as in Kamailio. */
export function runEndEvent(state: State, received: ReceivedFrom, end: ConnectionEnd): void {
  const { host, params, asked, routes } = state
  const wasAsked = asked.delete(received.connectionId)
  const route = routes.get(end)
  if (route === undefined || params.closed_event === ClosedEvent.never) return
  if (params.closed_event === ClosedEvent.asked && !wasAsked) return
  const message = placeholderFrom({ ...received, connectionId: 0 }, 0)
  if (message === undefined) return
  message.msgFlags |= MessageFlag.faked
  const { context, release } = host.contextFor(message)
  const running = host.runEvent(route, context)
  if (running instanceof Promise) void running.finally(release)
  else release()
}
