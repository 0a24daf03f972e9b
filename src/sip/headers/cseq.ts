import { methodId } from '../method.ts'
import { ParseError } from '../parse-error.ts'

/** RFC 3261 §20.16. Every message has one, so its texts are cut out when somebody asks. */
export class CSeq {
  readonly text: string
  readonly start: number
  /** Behind the number. */
  readonly numberEnd: number
  readonly methodStart: number
  readonly end: number
  /** 0 when it is none below 2^31: like Kamailio, the server passes such a message on (module sanity refuses it). */
  readonly number: number

  constructor(text: string, start: number, numberEnd: number, methodStart: number, end: number, number: number) {
    this.text = text
    this.start = start
    this.numberEnd = numberEnd
    this.methodStart = methodStart
    this.end = end
    this.number = number
  }

  /** The number as written. */
  get numberText(): string {
    return this.text.slice(this.start, this.numberEnd)
  }

  get method(): string {
    return this.text.slice(this.methodStart, this.end)
  }

  get methodId(): number {
    return methodId(this.method)
  }
}

const CSEQ_MAX = 0x7fff_ffff

/** Reads the value between two offsets. */
export function parseCSeq(text: string, bodyStart: number, bodyEnd: number): CSeq | ParseError {
  let at = bodyStart
  let number = 0
  let isNumber = true
  while (at < bodyEnd && text.charCodeAt(at) > 32) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9 || number > CSEQ_MAX) isNumber = false
    else number = number * 10 + digit
    at++
  }
  if (at === bodyStart) return new ParseError('cseq', 'CSeq is empty', at)
  const numberEnd = at
  while (at < bodyEnd && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++
  // Kamailio takes no line end here, though RFC 3261 §25.1 (LWS) would.
  if (at >= bodyEnd || text.charCodeAt(at) <= 32) return new ParseError('cseq', 'CSeq has no method', at)
  let end = at
  while (end < bodyEnd && text.charCodeAt(end) > 32) end++
  if (end < bodyEnd) return new ParseError('cseq', 'something follows the method in CSeq', end)
  return new CSeq(text, bodyStart, numberEnd, at, end, isNumber && number <= CSEQ_MAX ? number : 0)
}
