import type { Header } from '../header.ts'
import { methodId } from '../method.ts'
import { ParseError } from '../parse-error.ts'

/** RFC 3261 §20.16. */
export interface CSeq {
  readonly number: number
  /** The number as written. */
  readonly numberText: string
  readonly method: string
  readonly methodId: number
}

const CSEQ_MAX = 0x7fff_ffff

export function parseCSeq(text: string, header: Header): CSeq | ParseError {
  const { bodyStart, bodyEnd } = header
  let at = bodyStart
  let number = 0
  while (at < bodyEnd) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) break
    number = number * 10 + digit
    if (number > CSEQ_MAX) return new ParseError('cseq', 'the CSeq number is 2^31 or more', at)
    at++
  }
  if (at === bodyStart) return new ParseError('cseq', 'CSeq does not start with a number', at)
  const numberEnd = at
  while (at < bodyEnd && text.charCodeAt(at) <= 32) at++
  if (at === numberEnd || at >= bodyEnd) return new ParseError('cseq', 'CSeq has no method', at)
  let end = at
  while (end < bodyEnd && text.charCodeAt(end) > 32) end++
  const method = text.slice(at, end)
  return { number, numberText: text.slice(bodyStart, numberEnd), method, methodId: methodId(method) }
}
