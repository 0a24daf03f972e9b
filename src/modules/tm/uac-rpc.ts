/** tm.t_uac_*: requests that an RPC command asks for. */
import type { RpcCall } from '../../define/rpc-call.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcDef } from '../../define/rpc.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Tm } from './state.ts'
import { partsOf } from './uac-functions.ts'
import { sendLocalRequest } from './uac.ts'

interface Manner {
  /** Answers when the final reply is there, rather than at once. */
  readonly waits: boolean
  /** The ACK to a 2xx is left to the caller. */
  readonly withoutAck: boolean
}

/** Method, Request-URI, next hop, socket, header lines, body; a dot stands for none. */
async function sendByRpc(tm: Tm, manner: Manner, call: RpcCall): Promise<RpcAnswer> {
  const given: string[] = []
  for (let index = 0; index < 5; index++) {
    const text = call.text(index)
    if (text === undefined) return new RpcFault(400, `too few parameters (${index === 0 ? 0 : -index}/5)`)
    given.push(text)
  }
  const [method = '', uri = '', nextHop = '', socketText = '', headers = ''] = given
  const body = call.count > 5 ? call.text(5) ?? '' : ''
  if (parseUri(uri) instanceof ParseError) return new RpcFault(400, `Invalid request uri "${uri}"`)
  const hop = nextHop === '' || nextHop === '.' ? undefined : nextHop
  if (hop !== undefined && parseUri(hop) instanceof ParseError) return new RpcFault(400, `Invalid next-hop uri "${hop}"`)
  const name = parseSocketName(socketText)
  const socket = name === undefined ? undefined : tm.host.network.socketOf(name.host, name.port, name.transport)
  if (socketText !== '' && socketText !== '.' && socket === undefined) return new RpcFault(400, `No local socket for "${socketText}"`)
  if (!/^(?:t|to)\s*:/im.test(headers)) return new RpcFault(400, /:/.test(headers) ? 'To missing' : 'Invalid headers')
  const parts = partsOf(tm, method, uri, headers)
  if (typeof parts === 'string') return new RpcFault(400, /^From/.test(parts) ? 'From missing' : 'Invalid headers')
  let finish: (answer: RpcAnswer) => void = () => undefined
  const done = new Promise<RpcAnswer>((resolve) => {
    finish = resolve
  })
  const sent = await sendLocalRequest(tm, {
    method, uri, nextHop: hop, socket, body: body === '.' ? '' : body, ...parts, isAckedByCaller: manner.withoutAck,
    onFinal: (status, reply) => finish([describe(status, reply)]),
  })
  if (sent <= 0) return new RpcFault(500, 'UAC error')
  return manner.waits ? done : []
}

function describe(status: number, reply: SipMessage | undefined): RpcStruct {
  const struct = new RpcStruct().add('code', status).add('reason', reply === undefined ? 'Request Timeout' : reply.reason)
  if (reply !== undefined) struct.add('message', reply.text)
  return struct
}

const sending = (summary: string, manner: Manner): RpcDef<Tm> => ({ summary, run: (tm, _params, call) => sendByRpc(tm, manner, call) })

const USAGE = 'method, Request-URI, next hop, socket, header lines, body'

export const localRequestRpc: Readonly<Record<string, RpcDef<Tm>>> = {
  'tm.t_uac_start': sending(`Sends a request: ${USAGE}.`, { waits: false, withoutAck: false }),
  'tm.t_uac_start_noack': sending(`Sends a request, without ACK to a 2xx: ${USAGE}.`, { waits: false, withoutAck: true }),
  'tm.t_uac_wait': sending(`Sends a request and waits for its final reply: ${USAGE}.`, { waits: true, withoutAck: false }),
  'tm.t_uac_wait_noack': sending(`Sends a request without ACK, and waits for its reply: ${USAGE}.`, { waits: true, withoutAck: true }),
  'tm.t_uac_wait_block': sending(`As tm.t_uac_wait: ${USAGE}.`, { waits: true, withoutAck: false }),
  'tm.t_uac_wait_block_noack': sending(`As tm.t_uac_wait_noack: ${USAGE}.`, { waits: true, withoutAck: true }),
}
