import type { RouteContext } from '../../runtime/context.ts'

/**
 * When the message came, in milliseconds since 1970. Messages that did not come from the network get the time of the
 * first question, so that all times of a message agree.
 */
export function arrivalMs(context: RouteContext): number {
  const message = context.message
  if (message.receivedAtMs === 0) message.receivedAtMs = context.host.clock.now()
  return message.receivedAtMs
}
