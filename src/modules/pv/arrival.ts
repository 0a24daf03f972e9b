import type { RouteContext } from '../../runtime/context.ts'

/**
 * When the message's time was first asked for, in milliseconds since 1970. Kamailio reads the clock then and keeps the
 * reading for the message, so that all times of a message agree.
 */
export function arrivalMs(context: RouteContext): number {
  const message = context.message
  if (message.timeMs === 0) message.timeMs = context.host.clock.now()
  return message.timeMs
}
