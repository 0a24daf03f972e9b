import type { TransformationDef } from '../../define/define.ts'
import { parseSocketName, type SocketName } from '../../runtime/socket-name.ts'
import { withBrackets } from '../../sip/uri.ts'

/** A part of a socket's text; an empty text for what is no socket. */
const part = (summary: string, read: (socket: SocketName) => string): TransformationDef => ({
  summary,
  params: [],
  bind: () => (value) => {
    if (typeof value !== 'string') return ''
    const socket = parseSocketName(value)
    return socket === undefined ? '' : read(socket)
  },
})

export const sockTransformations: Readonly<Record<string, TransformationDef>> = {
  'sock.host': part('Address of a socket.', (socket) => withBrackets(socket.host)),
  'sock.port': part('Port of a socket.', (socket) => String(socket.port)),
  'sock.proto': part('Transport of a socket.', (socket) => socket.transport ?? ''),
  'sock.touri': part('A SIP URI of a socket.', ({ host, port, transport }) => {
    return `sip:${withBrackets(host)}${port === 0 ? '' : `:${port}`}${transport === undefined ? '' : `;transport=${transport}`}`
  }),
}
