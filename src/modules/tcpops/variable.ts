import type { BoundVariable, PvValue } from '../../define/define.ts'
import type { ConnectionFacts } from '../../runtime/host.ts'
import type { State } from './state.ts'

/** Address and port are those of a balancer that speaks the PROXY protocol: empty and 0 where there is none, as in Kamailio. */
const parts: Readonly<Record<string, (connection: ConnectionFacts) => PvValue>> = {
  c_si: ({ balancer }) => balancer?.address ?? '',
  c_sp: ({ balancer }) => balancer?.port ?? 0,
  conid: ({ id }) => id,
}

/** `$tcp(c_si)`, `$tcp(c_sp)`, `$tcp(conid)`: of the message's connection. */
export function connectionPart(inner: string | undefined): BoundVariable<State> | string {
  const name = inner ?? ''
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined
  if (part === undefined) return `$tcp(${name}) is none of c_si, c_sp and conid`
  return {
    get({ message, host }) {
      const { connectionId } = message.received
      const connection = connectionId === 0 ? undefined : host.network.connection(connectionId)
      return connection === undefined ? null : part(connection)
    },
  }
}
