/** Names of contacts that no other has, on this server or another: `uloc-SERVER-TIME-PROCESS-COUNT`, hexadecimal. */
import { hexadecimal } from '../../base/hex.ts'
import type { Host } from '../../runtime/host.ts'

export type RuidMaker = () => string

/** `kind` is four letters; the server's number stands in it unless it is 0. */
export function createRuidMaker(host: Host, kind: string): RuidMaker {
  const { server_id } = host.settings
  const { pid, startedAtMs } = host.identity
  const server = server_id === 0 ? '' : `${hexadecimal(server_id)}-`
  const prefix = `${kind}-${server}${hexadecimal(Math.floor(startedAtMs / 1000))}-${hexadecimal(pid)}-`
  let count = 0
  return () => prefix + hexadecimal(++count)
}
