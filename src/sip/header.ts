import type { HeaderType } from './header-name.ts'
import type { NameAddr } from './headers/name-addr.ts'
import type { ParseError } from './parse-error.ts'

/** A header line of a message, folded lines included, by its offsets in the text. Made when somebody asks. */
export class Header {
  /** The message this header is part of. */
  readonly text: string
  /** Its number among the headers of the message, from 0. */
  readonly place: number
  readonly type: HeaderType
  readonly start: number
  /** The value without surrounding space; folds stay inside. */
  readonly bodyStart: number
  readonly bodyEnd: number
  /** Behind the line end. */
  readonly end: number
  /** The value as an address, kept by whoever asked first. */
  address: NameAddr | ParseError | undefined = undefined
  /** Written over the value in place (Max-Forwards is lowered that way, as in Kamailio). */
  written: string | undefined = undefined

  constructor(text: string, place: number, type: HeaderType, start: number, bodyStart: number, bodyEnd: number, end: number) {
    this.text = text
    this.place = place
    this.type = type
    this.start = start
    this.bodyStart = bodyStart
    this.bodyEnd = bodyEnd
    this.end = end
  }

  get name(): string {
    return this.text.slice(this.start, this.nameEnd)
  }

  /** Where the line end begins: behind the value and the blanks that follow it. */
  get lineEnd(): number {
    let at = this.end
    while (at > this.bodyEnd && (this.text.charCodeAt(at - 1) === 10 || this.text.charCodeAt(at - 1) === 13)) at--
    return at
  }

  get nameEnd(): number {
    return nameEndBefore(this.text, this.start, this.text.indexOf(':', this.start))
  }

  get nameLength(): number {
    return this.nameEnd - this.start
  }

  get body(): string {
    return this.written ?? this.text.slice(this.bodyStart, this.bodyEnd)
  }
}

/** The end of a name whose colon is found: blanks may stand in front of the colon. */
export function nameEndBefore(text: string, start: number, colon: number): number {
  let end = colon
  while (end > start && (text.charCodeAt(end - 1) === 32 || text.charCodeAt(end - 1) === 9)) end--
  return end
}
