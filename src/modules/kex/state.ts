import type { Host } from '../../runtime/host.ts'

export interface Kex {
  readonly host: Host
  /** `srid-` with the time of the start, the process and a count, in hexadecimal. */
  nextId(): string
}

export function setUp(host: Host): Kex {
  const { startedAtMs, pid } = host.identity
  const prefix = `srid-${Math.floor(startedAtMs / 1000).toString(16)}-${pid.toString(16)}-`
  let count = 0
  return { host, nextId: () => prefix + (++count).toString(16) }
}
