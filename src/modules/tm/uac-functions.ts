import { arg, fn, type FunctionDef } from '../../define/define.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import type { SipMessage } from '../../sip/message.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { Tm } from './state.ts'
import { newFromTag, sendLocalRequest, type LocalRequest } from './uac.ts'

type HeaderParts = Pick<LocalRequest, 'to' | 'from' | 'callId' | 'cseq' | 'headers'>

/** From, To, Call-ID and CSeq out of given header lines, and the rest of them; a text says what is missing. */
export function partsOf(tm: Tm, method: string, uri: string, headers: string): HeaderParts | string {
  const socket = tm.host.network.sockets[0]
  if (socket === undefined) return 'there is no socket'
  const lines = headers.replace(/\r?\n/g, '\r\n').replace(/^(?:\r\n)+|(?:\r\n)+$/g, '')
  const text = `${method} ${uri} SIP/2.0\r\n${lines === '' ? '' : `${lines}\r\n`}\r\n`
  const message = parseMessage(text, { socket, sourceAddress: socket.address, sourcePort: socket.port, connectionId: 0 }, 0)
  if (message instanceof ParseError) return message.reason
  const all = message.headers()
  if (message.error !== undefined) return message.error.reason
  const from = message.value(HeaderType.from)
  const to = message.value(HeaderType.to)
  if (from === undefined || to === undefined) return `${from === undefined ? 'From' : 'To'} is missing`
  let rest = ''
  for (const header of all) if (!OWN.has(header.type)) rest += text.slice(header.start, header.end)
  const callId = message.callId()
  return { to, from: withTag(tm, message, from), headers: rest, callId, cseq: message.cseq()?.number }
}

const OWN: ReadonlySet<number> = new Set([
  HeaderType.from, HeaderType.to, HeaderType.callId, HeaderType.cseq, HeaderType.via, HeaderType.contentLength, HeaderType.maxForwards,
])

function withTag(tm: Tm, message: SipMessage, from: string): string {
  const address = message.from()
  const isTagged = address !== undefined && !(address instanceof ParseError) && address.tag !== undefined
  return isTagged ? from : `${from};tag=${newFromTag(tm)}`
}

/** What was dropped counts as sent, and the log tells. */
function outcome(tm: Tm, result: number): number {
  if (result <= 0) tm.host.log.error('tm', 't_uac_send(): UAC error')
  return result < 0 ? -1 : 1
}

export const uacFunctions = {
  t_uac_send: fn({
    summary: 'Sends a request of this server.',
    returns: { 1: 'sent', [-1]: 'not sent' },
    routes: 'any',
    mayWait: true,
    args: [
      arg.str('method', 'Method.'), arg.str('ruri', 'Request-URI.'), arg.str('nexthop', 'URI to send it to; empty for the Request-URI.'),
      arg.str('socket', 'Listening socket to send from; empty for any.'), arg.str('headers', 'Header lines, with From and To.'),
      arg.str('body', 'Body.'),
    ],
    run: (_context, tm: Tm, method, uri, nextHop, socketText, headers, body) => {
      const parts = partsOf(tm, method, uri, headers)
      if (typeof parts === 'string') {
        tm.host.log.error('tm', `t_uac_send(): ${parts}`)
        return -1
      }
      const name = parseSocketName(socketText)
      const socket = name === undefined ? undefined : tm.host.network.socketOf(name.host, name.port, name.transport)
      const sent = sendLocalRequest(tm, { method, uri, nextHop: nextHop === '' ? undefined : nextHop, socket, body, ...parts })
      return sent instanceof Promise ? sent.then((result) => outcome(tm, result)) : outcome(tm, sent)
    },
  }),
  t_use_uac_headers: fn({
    summary: 'Uses the headers that uac_replace_from() and the like keep, in requests made here.',
    routes: 'any',
    args: [],
    run: (context) => {
      context.message.msgFlags |= MessageFlag.useUacFrom | MessageFlag.useUacTo
      return 1
    },
  }),
} satisfies Record<string, FunctionDef<Tm>>
