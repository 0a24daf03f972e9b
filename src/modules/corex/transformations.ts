import type { TransformationDef } from '../../define/define.ts'
import type { Settings } from '../../runtime/settings.ts'

/** A socket as it is written, `[proto:]host[:port]`; empty for what is not given. */
interface WrittenSocket {
  readonly protocol: string
  readonly host: string
  readonly port: string
}

const DIGITS = /^[0-9]+$/

/** Undefined when the text is no socket. */
function parse(text: string): WrittenSocket | undefined {
  const bracket = text.indexOf('[')
  if (bracket >= 0) {
    const close = text.indexOf(']', bracket)
    const rest = close < 0 ? '' : text.slice(close + 1)
    if (rest !== '' && !(rest.startsWith(':') && DIGITS.test(rest.slice(1)))) return undefined
    if (bracket > 0 && text.charAt(bracket - 1) !== ':') return undefined
    const host = text.slice(bracket, close < 0 ? undefined : close + 1)
    return { protocol: text.slice(0, Math.max(bracket - 1, 0)), host, port: rest.slice(1) }
  }
  const [first = '', second, third, ...more] = text.split(':')
  if (more.length > 0) return undefined
  if (second === undefined) return { protocol: '', host: first, port: '' }
  if (third !== undefined) return first !== '' && DIGITS.test(third) ? { protocol: first, host: second, port: third } : undefined
  if (DIGITS.test(second)) return { protocol: '', host: first, port: second }
  return second === '' ? undefined : { protocol: first, host: second, port: '' }
}

/** Only transports that the server has are taken. */
function hasTransport(protocol: string, settings: Settings): boolean {
  switch (protocol.toLowerCase()) {
    case '':
    case 'udp':
      return true
    case 'tcp':
      return settings.disable_tcp === 0
    case 'tls':
      return settings.enable_tls !== 0
    default:
      return false
  }
}

const part = (summary: string, read: (socket: WrittenSocket) => string | null): TransformationDef => ({
  summary,
  params: [],
  bind: (_params, _env, raw) =>
    raw !== ''
      ? 'the transformation takes no parameters'
      : (value, { host: { log, settings } }) => {
          const socket = value === null || value === '' ? undefined : parse(String(value))
          if (socket === undefined) return null
          if (hasTransport(socket.protocol, settings)) return read(socket)
          log.error('corex', `bad protocol in ${value}\n`)
          return null
        },
})

export const sockTransformations: Readonly<Record<string, TransformationDef>> = {
  'sock.host': part('Address of a socket.', ({ host }) => host),
  'sock.port': part('Port of a socket as written.', ({ port }) => port),
  'sock.proto': part('Transport of a socket as written.', ({ protocol }) => protocol),
  'sock.touri': part('A SIP URI of a socket.', ({ protocol, host, port }) => {
    if (host === '') return null
    return `sip:${host}${port === '' ? '' : `:${port}`}${protocol === '' ? '' : `;transport=${protocol}`}`
  }),
}
