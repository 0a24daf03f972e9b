/** What sockets need of the server's settings; Kamailio's names. */
import { defaultStreamSettings, type StreamSettings } from './stream-settings.ts'

export interface NetworkSettings extends StreamSettings {
  readonly mhomed: number
  /** Receive buffer in bytes. */
  readonly maxbuffer: number
  /** Send buffer in bytes; 0 for the system's. */
  readonly maxsndbuffer: number
  readonly tos: string | number
  readonly pmtu_discovery: number
  readonly ip_free_bind: number
}

export const defaultNetworkSettings: NetworkSettings = {
  ...defaultStreamSettings,
  mhomed: 0,
  maxbuffer: 262144,
  maxsndbuffer: 0,
  tos: '',
  pmtu_discovery: 0,
  ip_free_bind: 0,
}

const TOS_NAMES: Readonly<Record<string, number>> = {
  iptos_lowdelay: 0x10,
  iptos_throughput: 0x08,
  iptos_reliability: 0x04,
  iptos_mincost: 0x02,
}

/** The byte that `tos` means: a number, or the C library's name; low delay when it says nothing, as in Kamailio. */
export function tosByte(tos: string | number): number {
  if (tos === '') return 0x10
  const named = TOS_NAMES[String(tos).toLowerCase()]
  if (named !== undefined) return named
  const number = Number(tos)
  return Number.isInteger(number) && number >= 0 && number < 256 ? number : 0
}
