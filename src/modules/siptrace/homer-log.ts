import { addressBytes } from '../../base/address.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { sendCopy } from './destination.ts'
import { packHepLog, type HepEnd } from './hep.ts'
import type { SipTrace } from './trace.ts'

const UDP = 17

function endOf(address: string, port: number): HepEnd {
  const bytes = addressBytes(address) ?? new Uint8Array(4)
  return { protocol: UDP, family: bytes.length === 16 ? 6 : 4, address: bytes, port }
}

/** hlog(): a line of text to Homer, found by the Call-ID where nothing else is given. */
export function logToHomer(state: SipTrace, { message }: RouteContext, text: string, correlationId?: string): number {
  const { host, params, duplicate } = state
  const id = correlationId ?? message.header(HeaderType.callId)?.body
  if (id === undefined) {
    host.log.error('siptrace', 'cannot parse Call-Id header')
    return -1
  }
  if (duplicate === undefined) {
    host.log.error('siptrace', 'hlog() needs the parameter duplicate_uri')
    return -1
  }
  const isSent = sendCopy(state, duplicate, (socket, target) => packHepLog({
    from: endOf(socket.address, socket.port), to: endOf(target.address, target.port),
    atMs: host.clock.now(), captureId: params.hep_capture_id, payload: text,
  }, params.auth_key, id))
  return isSent ? 1 : -1
}
