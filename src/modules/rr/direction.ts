import type { SipMessage } from '../../sip/message.ts'
import { paramIn } from '../../sip/uri.ts'
import { fromTag, recordedOf, type Rr } from './state.ts'

export type Direction = 'downstream' | 'upstream'

/** Downstream is the way of the first request: its From tag stands in the own Route (ftag) and in From. */
export function directionOf(rr: Rr, message: SipMessage): Direction {
  const params = recordedOf(rr, message).routeParams
  const ftag = params === undefined ? undefined : paramIn(params, 'ftag')
  return ftag === undefined || ftag === '' || ftag === fromTag(message) ? 'downstream' : 'upstream'
}
