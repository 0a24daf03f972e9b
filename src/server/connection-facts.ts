/** Connections as RPC commands show them. */
import type { ConnectionTable } from '../net/connection-table.ts'
import type { StreamConnection } from '../net/stream-connection.ts'
import type { ConnectionFacts, ConnectionFigures } from '../runtime/host.ts'

export function connectionFacts(table: ConnectionTable, lifetimeMs: number): readonly ConnectionFacts[] {
  return [...table.all()].map((connection) => ({
    id: connection.id,
    transport: connection.transport,
    state: stateName(connection),
    secondsLeft: Math.max(0, Math.ceil((connection.lastActivityMs + lifetimeMs - table.nowMs()) / 1000)),
    remoteAddress: connection.remoteAddress,
    remotePort: connection.remotePort,
    localAddress: connection.localAddress,
    localPort: connection.localPort,
  }))
}

function stateName({ state, isOutgoing }: StreamConnection): string {
  if (state === 'connecting') return isOutgoing ? 'CONNECT' : 'ACCEPT'
  return state === 'open' ? 'CONN_OK' : 'CONN_BAD'
}

export function connectionFigures({ size, tlsSize, queuedBytes, counters }: ConnectionTable): ConnectionFigures {
  return {
    open: size,
    openTls: tlsSize,
    queuedBytes,
    counts: {
      con_reset: counters.resets,
      con_timeout: counters.idleTimeouts,
      connect_failed: counters.connectFailures,
      connect_success: counters.opened - counters.connectFailures,
      established: counters.accepted + counters.opened - counters.connectFailures,
      local_reject: counters.refusedTotal + counters.refusedPerAddress + counters.refusedUnique,
      passive_open: counters.accepted,
      send_timeout: counters.sendTimeouts,
      sendq_full: counters.queueFull,
    },
  }
}
