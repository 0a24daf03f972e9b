/** Iterators over the lines of a description, by name. */
import type { RouteContext } from '../../runtime/context.ts'
import { sdpText } from './body.ts'
import type { MessageSdp } from '../../sip/sdp/message-sdp.ts'

interface LineIterator {
  readonly messageId: number
  readonly lines: readonly { readonly start: number; readonly end: number }[]
  at: number
}

const ITERATORS_MAX = 64

/** Iterators of a worker: a message that waits keeps its own. */
export class SdpIterators {
  readonly #byWorker = new WeakMap<object, Map<string, LineIterator>>()

  start(context: RouteContext, name: string, sdp: MessageSdp): number {
    const place = sdp.places[0]
    if (place === undefined) return -1
    const lines: { start: number; end: number }[] = []
    let start = place.start
    for (const line of sdpText(context.message, sdp).split('\n')) {
      const end = Math.min(start + line.length + 1, place.end)
      if (end > start) lines.push({ start, end })
      start = end
    }
    const table = this.#table(context)
    if (!table.has(name) && table.size >= ITERATORS_MAX) return -1
    table.set(name, { messageId: context.message.id, lines, at: -1 })
    return 1
  }

  end(context: RouteContext, name: string): number {
    return this.#table(context).delete(name) ? 1 : -1
  }

  next(context: RouteContext, name: string): number {
    const iterator = this.#find(context, name)
    if (iterator === undefined || iterator.at + 1 >= iterator.lines.length) return -1
    iterator.at++
    return 1
  }

  /** The line the iterator is at, with its line end. */
  value(context: RouteContext, name: string): string | null {
    const line = this.#current(context, name)
    return line === undefined ? null : context.message.text.slice(line.start, line.end)
  }

  remove(context: RouteContext, name: string): number {
    const line = this.#current(context, name)
    if (line === undefined) return -1
    context.message.edits.remove(line.start, line.end)
    return 1
  }

  insert(context: RouteContext, name: string, text: string, isBehind: boolean): number {
    const line = this.#current(context, name)
    if (line === undefined) return -1
    context.message.edits.insert(isBehind ? line.end : line.start, text)
    return 1
  }

  #current(context: RouteContext, name: string) {
    const iterator = this.#find(context, name)
    return iterator === undefined ? undefined : iterator.lines[iterator.at]
  }

  /** An iterator of an earlier message is none. */
  #find(context: RouteContext, name: string): LineIterator | undefined {
    const iterator = this.#table(context).get(name)
    return iterator?.messageId === context.message.id ? iterator : undefined
  }

  #table(context: RouteContext): Map<string, LineIterator> {
    let table = this.#byWorker.get(context.worker)
    if (table === undefined) this.#byWorker.set(context.worker, (table = new Map()))
    return table
  }
}
