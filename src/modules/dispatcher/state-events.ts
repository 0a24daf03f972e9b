/** event_route[dispatcher:dst-down] and [dispatcher:dst-up]. */
import type { RouteContext } from '../../runtime/context.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import type { Dispatcher } from './state.ts'

/** What made a state change, as `$dsv(code)`, `$dsv(reason)` and `$dsv(flags)` tell it. */
export interface Outcome {
  readonly code: number
  readonly reason: string | null
  /** 1 when a reply came. */
  readonly flags: number
}

/** The script said so. */
export const BY_SCRIPT: Outcome = { code: 820, reason: null, flags: 0 }

export const events = {
  'dispatcher:dst-down': 'A destination gets no more calls.',
  'dispatcher:dst-up': 'A destination gets calls again.',
}

const TEXT =
  'OPTIONS sip:you@kamailio.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <sip:you@kamailio.org>;tag=123\r\n' +
  'To: <sip:you@kamailio.org>\r\nCall-ID: 123\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'

/** Runs the event route on the message of the script, or else on a request made up for the destination. */
export function runStateEvent(
  state: Dispatcher, isUp: boolean, uri: string, outcome: Outcome, context: RouteContext | undefined,
): void | Promise<void> {
  const { host, outcomes, params } = state
  // A function of a KEMI script stands in its place.
  if (params.event_callback !== '' && host.scriptEngine === undefined) return
  const route = host.routes.event(isUp ? 'dispatcher:dst-up' : 'dispatcher:dst-down')
  if (route === undefined) return
  const message = context === undefined ? madeUp(state, uri) : undefined
  const made = message === undefined ? undefined : host.contextFor(message)
  const own = made?.context ?? context
  if (own === undefined) return
  outcomes.set(own, outcome)
  own.returnCode = 0
  const ended = (): void => {
    outcomes.delete(own)
    made?.release()
  }
  const running = host.runEvent(route, own)
  if (running instanceof Promise) return running.finally(ended)
  ended()
}

/** With the source that Kamailio's has. */
function madeUp(state: Dispatcher, uri: string): SipMessage | undefined {
  const [socket] = state.host.network.sockets
  if (socket === undefined) return undefined
  const received = { socket, sourceAddress: '1.0.0.127', sourcePort: 5060, connectionId: 0 }
  const message = parseMessage(TEXT, received, ++state.eventCount)
  if (message instanceof ParseError) return undefined
  message.msgFlags |= MessageFlag.faked
  message.setUri(uri)
  return message
}
