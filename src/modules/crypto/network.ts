/** event_route[crypto:netio]: the script decides what is encrypted as it leaves and decrypted as it comes. */
import { ContextValue } from '../../runtime/context-value.ts'
import type { RouteFunction } from '../../runtime/host.ts'
import { placeholderFrom } from '../../runtime/placeholder-request.ts'
import type { ReceivedFrom, Target } from '../../sip/endpoint.ts'
import { decrypt, encrypt } from './aes.ts'
import type { Crypto } from './texts.ts'

interface Passing {
  readonly isOut: boolean
  encrypts: boolean
  decrypts: boolean
}

/** What a running event route is about. */
export const passingOf = new ContextValue<Passing>()

/** Runs the route; undefined where it waits: bytes on their way cannot. */
function ask(
  { host }: Crypto, route: RouteFunction, text: string, received: ReceivedFrom, target: Target | undefined,
): Passing | undefined {
  const message = placeholderFrom(received, 0)
  if (message === undefined) return undefined
  const { context, release } = host.contextFor(message)
  const passing: Passing = { isOut: target !== undefined, encrypts: false, decrypts: false }
  passingOf.set(context, passing)
  context.packet = { text, received }
  if (target !== undefined) context.sending = { text, socket: received.socket, address: target.address, port: target.port }
  const running = host.runEvent(route, context)
  if (running instanceof Promise) {
    void running.finally(release)
    return undefined
  }
  release()
  return passing
}

const watched = new WeakSet<Crypto>()

/** Looks at all bytes from the first time that there is such a route. */
export function watchForRoute(crypto: Crypto): void {
  const { host, netioKey } = crypto
  const current = (): RouteFunction | undefined => host.routes.event('crypto:netio')
  if (netioKey === undefined || current() === undefined || watched.has(crypto)) return
  watched.add(crypto)
  host.network.intercept({
    incoming(text, from) {
      const route = current()
      if (route === undefined || ask(crypto, route, text, from, undefined)?.decrypts !== true) return text
      const plain = decrypt(netioKey, Buffer.from(text, 'latin1'))
      if (plain === undefined) host.log.error('crypto', 'AES decryption failed')
      return plain?.toString('latin1') ?? text
    },
    outgoing(text, target) {
      const route = current()
      const socket = target.socket ?? host.network.sockets[0]
      if (route === undefined || socket === undefined) return text
      const received = { socket, sourceAddress: socket.address, sourcePort: socket.port, connectionId: target.connectionId }
      if (ask(crypto, route, text, received, target)?.encrypts !== true) return text
      return encrypt(netioKey, Buffer.from(text, 'latin1')).toString('latin1')
    },
  })
}
