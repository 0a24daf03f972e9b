import type { Via } from './headers/via.ts'
import type { ParseError } from './parse-error.ts'
import type { HeaderType } from './header-name.ts'

/** A header line of a message, folded lines included, by its offsets in the text. */
export class Header {
  /** The message this header is part of. */
  readonly text: string
  readonly type: HeaderType
  readonly start: number
  readonly nameEnd: number
  /** The value without surrounding space; folds stay inside. */
  readonly bodyStart: number
  readonly bodyEnd: number
  /** Behind the line end. */
  readonly end: number
  /** The value as its own parser left it; kept by whoever asked first. */
  parsed: unknown = undefined
  /** The values of a Via header. */
  vias: readonly Via[] | ParseError | undefined = undefined
  /** Written over the value in place (Max-Forwards is lowered that way, as in Kamailio). */
  written: string | undefined = undefined

  constructor(
    text: string, start: number, nameEnd: number, bodyStart: number, bodyEnd: number, end: number, type: HeaderType,
  ) {
    this.text = text
    this.start = start
    this.nameEnd = nameEnd
    this.bodyStart = bodyStart
    this.bodyEnd = bodyEnd
    this.end = end
    this.type = type
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

  get nameLength(): number {
    return this.nameEnd - this.start
  }

  get body(): string {
    return this.written ?? this.text.slice(this.bodyStart, this.bodyEnd)
  }
}
