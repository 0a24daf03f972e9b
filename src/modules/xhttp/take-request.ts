/** HTTP requests on their way to event_route[xhttp:request]. */
import { withBrackets } from '../../base/address.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { isHttpVersion, withFirstHeader } from '../../sip/parse-foreign.ts'
import type { State } from './state.ts'

/** Requests of one connection that may wait for the one before them; one more ends the connection. */
const WAITING_MAX = 100

/** False for what is not HTTP, and for URLs that url_skip and url_match leave out. */
export function takeRequest(state: State, request: SipMessage): boolean {
  if (!isHttpVersion(request.version) || state.route === undefined) return false
  const url = request.requestUri
  if (state.skip?.test(url) === true || state.match?.test(url) === false) return false
  const message = request.firstVia() === undefined ? withVia(request) : request
  if (message instanceof ParseError) {
    state.host.log.error('xhttp', `no Via can be added to a request: ${message.reason}`)
    return true
  }
  const waiting = state.waiting.get(message.received.connectionId)
  if (waiting === undefined) run(state, message)
  else if (waiting.length < WAITING_MAX) waiting.push(message)
  else {
    state.host.log.error('xhttp', `more than ${WAITING_MAX} requests of one connection wait for their answers: it is closed`)
    state.host.network.closeConnection(message.received.connectionId)
  }
  return true
}

/** Answers go by Via, and HTTP has none. */
function withVia(request: SipMessage): SipMessage | ParseError {
  const { socket, sourceAddress, sourcePort } = request.received
  return withFirstHeader(request, `Via: SIP/2.0/${socket.transport.toUpperCase()} ${withBrackets(sourceAddress)}:${sourcePort}\r\n`)
}

/** Runs the route. The answers of one connection come in the order of its requests (RFC 9112 §9.3.2). */
function run(state: State, message: SipMessage): void {
  const running = runRoute(state, message)
  if (running === undefined) return
  const { connectionId } = message.received
  state.waiting.set(connectionId, [])
  void running.then(() => runWaiting(state, connectionId))
}

async function runWaiting(state: State, connectionId: number): Promise<void> {
  const queue = state.waiting.get(connectionId) ?? []
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (!state.host.network.hasConnection(connectionId)) break
    await runRoute(state, next)
  }
  state.waiting.delete(connectionId)
}

function runRoute({ host, route }: State, message: SipMessage): Promise<void> | undefined {
  if (route === undefined) return undefined
  const { context, release } = host.contextFor(message)
  const running = host.runEvent(route, context)
  if (running instanceof Promise) return running.finally(release)
  release()
  return undefined
}
