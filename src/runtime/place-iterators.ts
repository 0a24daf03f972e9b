/** Named iterators over places of a message (headers, lines), as scripts walk them: start, next, read, change. */
import type { RouteContext } from './context.ts'

export interface Place {
  readonly start: number
  readonly end: number
}

interface PlaceIterator<P extends Place> {
  readonly messageId: number
  readonly places: readonly P[]
  at: number
}

const ITERATORS_MAX = 64

/** Iterators belong to a worker: a message that waits keeps its own. One of an earlier message counts as none. */
export class PlaceIterators<P extends Place> {
  readonly #byWorker = new WeakMap<object, Map<string, PlaceIterator<P>>>()

  start(context: RouteContext, name: string, places: readonly P[]): number {
    const table = this.#table(context)
    if (!table.has(name) && table.size >= ITERATORS_MAX) return -1
    table.set(name, { messageId: context.message.id, places, at: -1 })
    return 1
  }

  end(context: RouteContext, name: string): number {
    return this.#table(context).delete(name) ? 1 : -1
  }

  /** Goes on by one, or back by one; -1 when there is no place there. */
  move(context: RouteContext, name: string, by: 1 | -1): number {
    const iterator = this.#find(context, name)
    const at = (iterator?.at ?? -1) + by
    if (iterator === undefined || at < 0 || at >= iterator.places.length) return -1
    iterator.at = at
    return 1
  }

  current(context: RouteContext, name: string): P | undefined {
    const iterator = this.#find(context, name)
    return iterator?.places[iterator.at]
  }

  remove(context: RouteContext, name: string): number {
    const place = this.current(context, name)
    if (place === undefined) return -1
    context.message.edits.remove(place.start, place.end)
    return 1
  }

  insert(context: RouteContext, name: string, text: string, isBehind: boolean): number {
    const place = this.current(context, name)
    if (place === undefined) return -1
    context.message.edits.insert(isBehind ? place.end : place.start, text)
    return 1
  }

  #find(context: RouteContext, name: string): PlaceIterator<P> | undefined {
    const iterator = this.#table(context).get(name)
    return iterator?.messageId === context.message.id ? iterator : undefined
  }

  #table(context: RouteContext): Map<string, PlaceIterator<P>> {
    let table = this.#byWorker.get(context.worker)
    if (table === undefined) this.#byWorker.set(context.worker, (table = new Map()))
    return table
  }
}

/** The lines between two offsets, each with its line end. */
export function linePlaces(text: string, from: number, to: number): readonly Place[] {
  const places: Place[] = []
  let start = from
  while (start < to) {
    const lineFeed = text.indexOf('\n', start)
    const end = lineFeed < 0 || lineFeed >= to ? to : lineFeed + 1
    places.push({ start, end })
    start = end
  }
  return places
}
