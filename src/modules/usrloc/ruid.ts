/** Names of contacts that no other has, on this server or another: `uloc-SERVER-TIME-PROCESS-COUNT`, hexadecimal. */
import type { Host } from '../../runtime/host.ts'

export type RuidMaker = () => string

/** `kind` is four letters; the server's number stands in it unless it is 0. */
export function createRuidMaker(host: Host, kind: string): RuidMaker {
  const { server_id } = host.settings
  const { pid, startedAtMs } = host.identity
  const server = server_id === 0 ? '' : `${hex(server_id)}-`
  const prefix = `${kind}-${server}${hex(Math.floor(startedAtMs / 1000))}-${hex(pid)}-`
  let count = 0
  return () => prefix + hex(++count)
}

function hex(value: number): string {
  return (value >>> 0).toString(16)
}
