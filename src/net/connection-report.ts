/** What is counted about connections, and what the log says when one ends. */
import type { Log } from '../base/log.ts'
import { endpointText } from '../base/address.ts'
import type { StreamConnection } from './stream-connection.ts'

/** How often something happened since the start. */
export interface ConnectionCounters {
  accepted: number
  opened: number
  closed: number
  messagesReceived: number
  messagesSent: number
  bytesSent: number
  pings: number
  refusedTotal: number
  refusedPerAddress: number
  refusedUnique: number
  badFraming: number
  queueFull: number
  sendTimeouts: number
  connectFailures: number
  idleTimeouts: number
  messageTimeouts: number
  resets: number
}

export function newConnectionCounters(): ConnectionCounters {
  return {
    accepted: 0, opened: 0, closed: 0, messagesReceived: 0, messagesSent: 0, bytesSent: 0, pings: 0,
    refusedTotal: 0, refusedPerAddress: 0, refusedUnique: 0, badFraming: 0, queueFull: 0, sendTimeouts: 0,
    connectFailures: 0, idleTimeouts: 0, messageTimeouts: 0, resets: 0,
  }
}

/** Counts and logs the end of a connection. The answer says why something that was taken for sending was not sent. */
export function reportClosed(
  connection: StreamConnection,
  detail: string,
  counters: ConnectionCounters,
  log: Log,
): string | undefined {
  const reason = connection.closeReason ?? 'closed here'
  const peer = `${connection.transport} ${endpointText(connection.remoteAddress, connection.remotePort)}`
  counters.closed++
  switch (reason) {
    case 'bad framing':
    case 'bad PROXY header':
      counters.badFraming++
      log.error('<core>', `bad request from ${peer}: ${detail || reason}, closing`)
      return undefined
    case 'connect failed':
    case 'connect timeout':
      counters.connectFailures++
      log.error('<core>', `connect to ${peer} failed: ${detail || 'timeout'}`)
      return detail || 'connect timeout'
    case 'send timeout':
      counters.sendTimeouts++
      log.error('<core>', `${peer} does not read what is sent, closing`)
      return reason
    case 'idle':
      counters.idleTimeouts++
      return undefined
    case 'message timeout':
    case 'no first message':
      counters.messageTimeouts++
      log.info('<core>', `${reason}: closing ${peer}`)
      return undefined
    case 'reset by the peer':
      counters.resets++
      log.error('<core>', `connection with ${peer} broke: ${detail}`)
      return undefined
    default:
      return undefined
  }
}
