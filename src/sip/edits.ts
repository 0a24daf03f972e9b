/**
 * Changes of a message by offset into the text that came (Kamailio's lumps). What the script reads stays what came;
 * the changes show when the message is sent.
 */

import type { ListenSocket, TransportName } from './endpoint.ts'

/** What is known about the socket a message leaves by, for texts that depend on it. */
export interface OutgoingInfo {
  readonly host: string
  readonly port: number
  readonly transport: TransportName
  /** Absent where nothing is sent, as in msg_apply_changes(). */
  readonly socket?: ListenSocket
}

export type EditText = string | ((out: OutgoingInfo, edits: Edits) => string)

/** One place of change: text before it, bytes taken out, text behind it. */
export class Edit {
  readonly start: number
  /** Equal to `start` where nothing is taken out. */
  end: number
  /** Nearly every edit has one text on one side: lists are made when there is something to put in. */
  before: readonly EditText[] | undefined = undefined
  after: readonly EditText[] | undefined = undefined

  constructor(start: number, end: number) {
    this.start = start
    this.end = end
  }

  addBefore(text: EditText): void {
    this.before = this.before === undefined ? [text] : [...this.before, text]
  }

  addAfter(text: EditText): void {
    this.after = this.after === undefined ? [text] : [...this.after, text]
  }

  get isDeletion(): boolean {
    return this.end > this.start
  }
}

const EDITS_MAX = 4096
/** Shared by all that have none; never changed. */
const NO_CHANGES: Edit[] = []

export class Edits {
  /** Sorted by place; those of one place in the order they were made. */
  private changes: Edit[] = NO_CHANGES
  /** The body was replaced: Content-Length is added where none came, over datagrams too. */
  needsContentLength = false
  /** Parameters for the Record-Route that one of the edits writes, or will write: a branch may have its own. */
  recordParams = ''

  get isEmpty(): boolean {
    return this.changes.length === 0 && this.recordParams === ''
  }

  get list(): readonly Edit[] {
    return this.changes
  }

  /** A place to put text at, behind those that are at the same offset already. */
  anchor(offset: number): Edit {
    return this.place(new Edit(offset, offset))
  }

  /** Puts text at an offset, behind texts put there earlier. */
  insert(offset: number, text: EditText): Edit {
    const edit = this.anchor(offset)
    edit.addBefore(text)
    return edit
  }

  /** Puts text at an offset, in front of all that is done there. */
  insertFirst(offset: number, text: EditText): Edit {
    const edit = new Edit(offset, offset)
    edit.addBefore(text)
    const list = this.changes
    if (list.length >= EDITS_MAX) return edit
    const index = list.findIndex(({ start }) => start >= offset)
    this.changes = index < 0 ? [...list, edit] : [...list.slice(0, index), edit, ...list.slice(index)]
    return edit
  }

  /** Takes bytes out. What is taken out already is not taken out twice. */
  remove(start: number, end: number): Edit {
    return this.place(new Edit(start, end))
  }

  /** Takes bytes out and puts text in their place. */
  replace(start: number, end: number, text: EditText): Edit {
    const edit = this.remove(start, end)
    edit.addAfter(text)
    return edit
  }

  /** The deletion that covers this offset, if any. */
  removalAt(offset: number): Edit | undefined {
    for (const edit of this.changes) if (edit.isDeletion && edit.start <= offset && offset < edit.end) return edit
    return undefined
  }

  /** Forgets an edit. */
  withdraw(edit: Edit): void {
    const index = this.changes.indexOf(edit)
    if (index >= 0) this.changes.splice(index, 1)
  }

  /** Forgets every edit at or behind an offset: a new body takes the place of all that was done to the old one. */
  withdrawFrom(offset: number): void {
    let count = this.changes.length
    while (count > 0 && (this.changes[count - 1]?.start ?? -1) >= offset) count--
    if (count < this.changes.length) this.changes.length = count
  }

  /** A copy whose further edits are its own, for a branch. */
  clone(): Edits {
    const copy = new Edits()
    copy.needsContentLength = this.needsContentLength
    copy.recordParams = this.recordParams
    const changes: Edit[] = []
    copy.changes = changes
    for (const edit of this.changes) {
      const twin = new Edit(edit.start, edit.end)
      twin.before = edit.before
      twin.after = edit.after
      changes.push(twin)
    }
    return copy
  }

  /** True when something changes at or behind this offset. */
  touchesFrom(offset: number): boolean {
    const last = this.changes[this.changes.length - 1]
    return last !== undefined && last.start >= offset
  }

  /** True when something changes between two offsets, the ends included. */
  touches(from: number, to: number): boolean {
    const list = this.changes
    for (let index = 0; index < list.length; index++) {
      const edit = list[index]
      if (edit !== undefined && edit.start <= to && edit.end >= from) return true
    }
    return false
  }

  /**
   * The text between two offsets with all changes made; those at `to` itself only with `isLast`. What is changed within
   * a line that is taken out as a whole goes with it.
   */
  applyTo(text: string, out: OutgoingInfo, from: number, to: number, isLast: boolean): string {
    const list = this.changes
    let result = ''
    let at = from
    let line: Edit | undefined
    for (let index = 0; index < list.length; index++) {
      const edit = list[index]
      if (edit === undefined || edit.start < from) continue
      if (edit.start > to || (edit.start === to && !isLast)) break
      if (line === undefined || edit.start >= line.end) line = this.lineAt(index, text)
      if (line !== undefined && isWithin(edit, line)) continue
      if (edit.start > at) {
        result += text.slice(at, edit.start)
        at = edit.start
      }
      if (edit.before !== undefined) result += joined(edit.before, out, this)
      if (edit.end > at) at = edit.end
      if (edit.after !== undefined) result += joined(edit.after, out, this)
    }
    return at < to ? result + text.slice(at, to) : result
  }

  /** Among the edits that start where the one at `index` does, the longest that takes out whole lines. */
  private lineAt(index: number, text: string): Edit | undefined {
    const start = this.changes[index]?.start
    let found: Edit | undefined
    for (let at = index; at < this.changes.length; at++) {
      const edit = this.changes[at]
      if (edit === undefined || edit.start !== start) break
      if (edit.isDeletion && edit.end > (found?.end ?? 0) && isWholeLine(text, edit)) found = edit
    }
    return found
  }

  private place(edit: Edit): Edit {
    const list = this.changes
    if (list.length >= EDITS_MAX) return edit
    let index = list.length
    while (index > 0) {
      const other = list[index - 1]
      if (other === undefined || other.start <= edit.start) break
      index--
    }
    if (list === NO_CHANGES) this.changes = [edit]
    else if (index === list.length) list.push(edit)
    else list.splice(index, 0, edit)
    return edit
  }
}

function joined(parts: readonly EditText[], out: OutgoingInfo, edits: Edits): string {
  let result = ''
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]
    result += typeof part === 'function' ? part(out, edits) : part ?? ''
  }
  return result
}

function isWholeLine(text: string, edit: Edit): boolean {
  return text.charCodeAt(edit.end - 1) === 10 && (edit.start === 0 || text.charCodeAt(edit.start - 1) === 10)
}

/** True for a change inside a removed line; texts put at its ends, and other changes of all of it, stay. */
function isWithin(edit: Edit, line: Edit): boolean {
  if (!edit.isDeletion) return edit.start > line.start && edit.start < line.end
  return edit.end <= line.end && (edit.start !== line.start || edit.end !== line.end)
}
