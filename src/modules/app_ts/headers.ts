import { appendHeader, insertHeader, named, removeHeaders } from '../../runtime/header-edits.ts'
import { fromBytes, toBytes } from '../../kemi/text.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { oneLine } from './message.ts'

/**
 * Headers of a message by name, in any case, full or compact. What is read is what came; changes are made when the message is sent, as in
 * the native script.
 */
export class Headers implements Iterable<readonly [name: string, value: string]> {
  readonly #context: RouteContext

  constructor(context: RouteContext) {
    this.#context = context
  }

  /** The first value; undefined where there is none. */
  get(name: string): string | undefined {
    const [first] = this.#context.message.headersNamed(toBytes(name))
    return first === undefined ? undefined : fromBytes(first.body)
  }

  getAll(name: string): string[] {
    return this.#context.message.headersNamed(toBytes(name)).map(({ body }) => fromBytes(body))
  }

  has(name: string): boolean {
    return this.#context.message.headersNamed(toBytes(name)).length > 0
  }

  /** Adds a header behind the last one. */
  append(name: string, value: string): void {
    appendHeader(this.#context, toBytes(`${name}: ${oneLine(value)}\r\n`), undefined)
  }

  /** Adds a header in front of the first one. */
  prepend(name: string, value: string): void {
    insertHeader(this.#context, toBytes(`${name}: ${oneLine(value)}\r\n`), undefined)
  }

  /** Puts one header in the place of all of that name. */
  set(name: string, value: string): void {
    this.delete(name)
    this.append(name, value)
  }

  /** Removes all headers of a name; true where there was one. */
  delete(name: string): boolean {
    return removeHeaders(this.#context.message, named(toBytes(name))) > 0
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    for (const { name, body } of this.#context.message.headers()) yield [fromBytes(name), fromBytes(body)]
  }
}
