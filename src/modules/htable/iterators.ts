/** Named places in tables, as scripts walk them. They belong to a worker, as Kamailio's to a process. */
import { ownText } from '../../base/own-text.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { HashTable, Item } from './hash-table.ts'

export interface Iterator {
  readonly name: string
  readonly table: HashTable
  /** The item it stands at; undefined before the first and behind the last one. */
  item: Item | undefined
}

const ITERATORS_MAX = 4
const NAME_BYTES_MAX = 31

export class Iterators {
  readonly #byWorker = new WeakMap<object, Iterator[]>()

  find({ worker }: RouteContext, name: string): Iterator | undefined {
    return this.#byWorker.get(worker)?.find((iterator) => iterator.name === name)
  }

  /** Starts one, or starts it anew; a text answer says why not. */
  start(context: RouteContext, name: string, table: HashTable): string | undefined {
    const list = this.#byWorker.get(context.worker) ?? []
    this.#byWorker.set(context.worker, list)
    const at = list.findIndex((iterator) => iterator.name === name)
    if (at < 0 && list.length >= ITERATORS_MAX) return `no iterator available - max number is ${ITERATORS_MAX}`
    if (name.length > NAME_BYTES_MAX) return `iterator name is too big [${name}] (max ${NAME_BYTES_MAX + 1})`
    if (at >= 0) list.splice(at, 1)
    list.push({ name: ownText(name), table, item: undefined })
    return undefined
  }

  /** False when there is none of that name. */
  end({ worker }: RouteContext, name: string): boolean {
    const list = this.#byWorker.get(worker)
    const at = list?.findIndex((iterator) => iterator.name === name) ?? -1
    list?.splice(at, at < 0 ? 0 : 1)
    return at >= 0
  }
}
