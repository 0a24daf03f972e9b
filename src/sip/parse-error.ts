/** Why a text is not what it should be: a value, since bad input is part of every day. */
export class ParseError {
  /** A short name for counters: `first-line`, `header`, `uri` ... */
  readonly code: string
  readonly reason: string
  /** Where in the text; -1 when no place can be given. */
  readonly offset: number

  constructor(code: string, reason: string, offset = -1) {
    this.code = code
    this.reason = reason
    this.offset = offset
  }
}
