/**
 * What the native add-on found when it looked over the headers of a packet (native/sip-scan.c): how far all is in the usual
 * form, and where things stand so far. It spares the reading in JavaScript, which goes on where the look stopped and
 * finds the same where there is no add-on.
 */
import { headerNames } from './header-name.ts'

/** Words of a row; native/sip-scan.h names the same. Two offsets in a word: the first in its lower 16 bits. */
const Word = {
  headersStart: 0, next: 1, bodyStart: 2, headerCount: 3, seen: 4, status: 5, firstLine: 6, cseqNumber: 7, cseq: 8, viaCount: 9,
  vias: 10, places: 18,
} as const
const VIA_WORDS = 4
const HEADERS_MAX = 24

export const SCAN_ROW_WORDS = Word.places + 2 * HEADERS_MAX

/** From has the usual form (`isPlainAddress`). */
export const FROM_IS_PLAIN = 1

/** A row of the table that the add-on fills. It holds until the next packet comes: whoever keeps something copies it. */
export class Scan {
  private readonly words: Int32Array
  private base = 0

  constructor(words: Int32Array) {
    this.words = words
  }

  /** Turns to the row of that packet of the batch. */
  turnTo(row: number): this {
    this.base = row * SCAN_ROW_WORDS
    return this
  }

  private at(word: number): number {
    return this.words[this.base + word] ?? 0
  }

  /** Behind the first line; 0 when that has not the usual form, and nothing else is told then. */
  get headersStart(): number {
    return this.at(Word.headersStart)
  }

  /** Behind the last header told of. */
  get next(): number {
    return this.at(Word.next)
  }

  /** Behind the empty line; -1 when the look did not come so far. */
  get bodyStart(): number {
    return this.at(Word.bodyStart)
  }

  /** Types of headers below 32 that were met, as bits; in place of type 0 (others), `FROM_IS_PLAIN`. */
  get seen(): number {
    return this.at(Word.seen)
  }

  /** -1 for a request. */
  get status(): number {
    return this.at(Word.status)
  }

  /** Of a request: end of the method, end of the URI. Of a reply: start and end of the reason. */
  get firstLine(): number {
    return this.at(Word.firstLine)
  }

  get cseqNumber(): number {
    return this.at(Word.cseqNumber)
  }

  /** End of the number, start of the method; 0 when no CSeq was met. */
  get cseq(): number {
    return this.at(Word.cseq)
  }

  get viaCount(): number {
    return this.at(Word.viaCount)
  }

  /** End of the host, end of host and port. */
  viaHost(via: number): number {
    return this.at(Word.vias + via * VIA_WORDS)
  }

  /** Start and end of the branch; 0 for none, as for the next two. */
  viaBranch(via: number): number {
    return this.at(Word.vias + via * VIA_WORDS + 1)
  }

  /** Start of the name, end of the value. */
  viaRport(via: number): number {
    return this.at(Word.vias + via * VIA_WORDS + 2)
  }

  /** Start of the name, end of the value. */
  viaReceived(via: number): number {
    return this.at(Word.vias + via * VIA_WORDS + 3)
  }

  /** For each header two numbers: its start and its value's, its value's end and its type. */
  places(): number[] {
    const { words } = this
    const from = this.base + Word.places
    const places = new Array<number>(2 * this.at(Word.headerCount))
    for (let index = 0; index < places.length; index++) places[index] = words[from + index] ?? 0
    return places
  }
}

/** The part of the add-on that looks over packets. */
export interface ScanAddon {
  useHeaderNames(names: readonly string[], types: readonly number[]): void
  scan(text: string, row: Int32Array): void
}

/** Tells the add-on the names of headers, so that there is one list of them. */
export function teachHeaderNames(addon: ScanAddon): void {
  addon.useHeaderNames([...headerNames.keys()], [...headerNames.values()])
}
