/** Connections as RPC commands show them. */
import type { ConnectionTable } from '../net/connection-table.ts'
import type { StreamConnection } from '../net/stream-connection.ts'
import type { ConnectionEnd, ConnectionFacts, ConnectionFigures } from '../runtime/host.ts'

export function connectionFacts(table: ConnectionTable): readonly ConnectionFacts[] {
  return [...table.all()].map((connection) => factsOf(table, connection))
}

export function factsOf(table: ConnectionTable, connection: StreamConnection): ConnectionFacts {
  return {
    id: connection.id,
    transport: connection.transport,
    state: stateName(connection),
    secondsLeft: table.secondsLeft(connection),
    remoteAddress: connection.remoteAddress,
    remotePort: connection.remotePort,
    localAddress: connection.localAddress,
    localPort: connection.localPort,
    balancer: connection.balancer,
  }
}

/** Why a connection ended, as event routes are told. */
export function endOf({ closeReason }: StreamConnection, detail: string): ConnectionEnd {
  if (detail === 'ETIMEDOUT' || closeReason === 'send timeout') return 'timeout'
  return closeReason === 'reset by the peer' ? 'reset' : 'closed'
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
