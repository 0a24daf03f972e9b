/** The sockets that destinations are reached from. */
import { parseSocketName } from '../../runtime/socket-name.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { Attributes } from './attributes.ts'
import { fail, type Dispatcher } from './state.ts'

/** The socket by name, else by address, else the default one; `none`, with a line in the log, when there is no such socket. */
export function socketOf(
  state: Dispatcher, { sockname, socket }: Pick<Attributes, 'sockname' | 'socket'>,
): ListenSocket | undefined | 'none' {
  const { network } = state.host
  if (sockname !== '') {
    const named = network.socketNamed(sockname)
    if (named !== undefined) return named
    fail(state, `non-local socket name <${sockname}>`)
    return 'none'
  }
  if (socket === '') return state.defaultSocket
  const written = parseSocketName(socket)
  if (written === undefined) {
    fail(state, `bad socket <${socket}>`)
    return 'none'
  }
  const own = network.socketOf(written.host, written.port, written.transport)
  if (own !== undefined) return own
  fail(state, `non-local socket <${socket}>`)
  return 'none'
}
