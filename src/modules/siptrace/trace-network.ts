/** trace_mode: every message as it comes from the network and as it left. */
import { Flow } from '../../runtime/context.ts'
import { ContextValue } from '../../runtime/context-value.ts'
import type { ReceivedFrom, Target } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { bracketedEndText, socketText } from './address-text.ts'
import { sendHep, sendPlain, TraceMode, writeRows, type SipTrace, type Traced } from './trace.ts'
import { attributesOf } from './trace-current.ts'
import { withXHeaders } from './x-headers.ts'

/** What event_route[siptrace:msg] runs on, for $siptrace(...). */
export const tracedOf = new ContextValue<Traced>()

export function watchNetwork(state: SipTrace): void {
  state.host.network.observe({
    incoming(text, from) {
      if (!state.isOn) return
      const { socket, sourceAddress, sourcePort } = from
      mirror(state, from, {
        text, direction: 'in', fromIp: bracketedEndText(socket.transport, sourceAddress, sourcePort),
        toIp: bracketedEndText(socket.transport, socket.address, socket.port),
      })
    },
    outgoing(text, target) {
      if (!state.isOn) return
      const socket = socketFor(state, target)
      if (socket === undefined) return
      const received = { socket, sourceAddress: target.address, sourcePort: target.port, connectionId: target.connectionId }
      mirror(state, received, {
        text, direction: 'out', fromIp: socketText(socket), toIp: bracketedEndText(socket.transport, target.address, target.port),
      })
    },
  })
}

function socketFor({ host }: SipTrace, { socket, transport, address }: Target): ReceivedFrom['socket'] | undefined {
  return socket ?? host.network.findSocket(transport, address.includes(':') ? 6 : 4, address)
}

function mirror(state: SipTrace, received: ReceivedFrom, seen: Pick<Traced, 'text' | 'direction' | 'fromIp' | 'toIp'>): void {
  const traced = { ...seen, callId: '', method: '', status: '', fromTag: '', toTag: '', atMs: state.host.clock.now(), isReply: false }
  if (state.event === undefined) {
    copy(state, received, traced)
    return
  }
  const isMarked = (state.params.trace_mode & TraceMode.copies) !== 0 && state.params.xheaders_write !== 0
  const text = isMarked ? withXHeaders(state, traced) : traced.text
  const message = text === undefined ? undefined : parse(text, received)
  if (text === undefined || message === undefined) return
  const { context, release } = state.host.contextFor(message)
  const shown = { ...traced, text }
  tracedOf.set(context, shown)
  let isDropped = false
  const asked = state.event
  // The flow is put back behind the route: what it was is looked at as the route ends.
  const running = state.host.runEvent((inner) => {
    const result = asked(inner)
    const look = (value: number): number => {
      isDropped = (inner.flow & Flow.drop) !== 0
      return value
    }
    return result instanceof Promise ? result.then(look) : look(result)
  }, context)
  const goOn = (): void => {
    release()
    if (!isDropped) copy(state, received, shown)
  }
  if (running instanceof Promise) void running.then(goOn)
  else goOn()
}

const parse = (text: string, received: ReceivedFrom): SipMessage | undefined => {
  const message = parseMessage(text, received, 0)
  return message instanceof ParseError ? undefined : message
}

function copy(state: SipTrace, received: ReceivedFrom, traced: Traced): void {
  const mode = state.params.trace_mode
  if ((mode & TraceMode.hep) !== 0) sendHep(state, traced, undefined, '')
  if ((mode & TraceMode.rows) !== 0) keepRow(state, received, traced)
  if ((mode & TraceMode.copies) !== 0) sendPlain(state, traced.text, undefined)
}

function keepRow(state: SipTrace, received: ReceivedFrom, traced: Traced): void {
  const message = parse(traced.text, received)
  const attributes = message === undefined ? undefined : attributesOf(state, message)
  if (message === undefined || attributes === undefined) return
  const status = message.isRequest ? '' : message.statusText
  writeRows(state, { ...traced, ...attributes, status, isReply: !message.isRequest }, undefined)
}
