import type { PvValue } from '../../define/define.ts'
import type { Traced } from './trace.ts'

type Read = (traced: Traced) => PvValue

const PARTS: Readonly<Record<string, (end: string) => PvValue>> = {
  addr: (end) => end,
  host: (end) => hostOf(end),
  hostip: (end) => hostOf(end).replace(/^\[(.*)\]$/, '$1'),
  port: (end) => Number(end.slice(end.lastIndexOf(':') + 1)),
  proto: (end) => end.slice(0, end.indexOf(':')),
}

const hostOf = (end: string): string => end.slice(end.indexOf(':') + 1, end.lastIndexOf(':'))

/** `src_host`, `dst_port` ...; undefined for names that there are not. */
export function tracedValue(name: string): Read | undefined {
  if (name === 'direction') return ({ direction }) => direction
  const part = PARTS[name.slice(4)]
  if (part === undefined) return undefined
  if (name.startsWith('src_')) return ({ fromIp }) => part(fromIp)
  return name.startsWith('dst_') ? ({ toIp }) => part(toIp) : undefined
}
