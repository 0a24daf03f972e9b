import type { Host } from '../../runtime/host.ts'
import type { TmApi } from '../tm/api.ts'

export interface Tmx {
  readonly host: Host
  readonly checksBefore: boolean
  /** There from `start` on. */
  tm: TmApi | undefined
  /** Requests that a route works on now, by Call-ID, CSeq, method and Via branch: the number of the message. */
  readonly inWork: Map<string, number>
}
