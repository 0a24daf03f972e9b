/** The forms of module ctl's `binrpc` parameter. */

export type BinrpcPlace =
  | { readonly transport: 'unixs' | 'unixd'; readonly path: string }
  | { readonly transport: 'tcp' | 'udp'; readonly host: string; readonly port: number }

export const BINRPC_PORT = 2049

/** `[protocol:]path` or `[protocol:]address[:port]`; a text says what is wrong. */
export function parsePlace(text: string): BinrpcPlace | string {
  const match = /^(?:(unixd|unixs|unix|udp|tcp):(?:\/\/(?=[^/]))?)?(.*)$/.exec(text)
  const [, protocol, rest = ''] = match ?? []
  if (rest === '') return `"${text}" names no place to listen`
  if (protocol === 'unixd') return { transport: 'unixd', path: rest }
  if (protocol === 'unix' || protocol === 'unixs') return { transport: 'unixs', path: rest }
  if (protocol === undefined && (rest.includes('/') || !/[:*]|^\d+$/.test(rest))) return { transport: 'unixs', path: rest }
  return parseAddress(protocol === 'tcp' ? 'tcp' : 'udp', rest, text)
}

function parseAddress(transport: 'tcp' | 'udp', rest: string, text: string): BinrpcPlace | string {
  if (/^\d+$/.test(rest)) return withPort(transport, '*', Number(rest), text)
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::(\d+))?$/i.exec(rest)
  if (match === null) return `"${text}" is no address and port`
  return withPort(transport, match[1] ?? '', match[2] === undefined ? BINRPC_PORT : Number(match[2]), text)
}

function withPort(transport: 'tcp' | 'udp', host: string, port: number, text: string): BinrpcPlace | string {
  if (port < 1 || port > 65535) return `"${text}" has no port between 1 and 65535`
  return { transport, host: host === '*' || host === '' ? '0.0.0.0' : host.replace(/^\[|\]$/g, ''), port }
}

/** The names that ctl.listen shows. */
export const transportNames = { unixs: 'unix_stream', unixd: 'unix_dgram', tcp: 'tcp', udp: 'udp' } as const
