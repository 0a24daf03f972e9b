/** The methods that a phone says it knows, as bits. */
import { ownText } from '../../base/own-text.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { methodId, methodNames, METHOD_OTHER } from '../../sip/method.ts'
import { ALL_METHODS } from '../usrloc/api.ts'

const ITEM = /^[A-Za-z0-9\-.!%*_+`'~]+$/

/** A list such as `INVITE, ACK`; undefined where something else stands in it. */
export function parseMethods(text: string): number | undefined {
  const items = text.trim().split(',').map((item) => item.trim())
  if (items.length === 1 && items[0] === '') return 0
  if (items.at(-1) === '') items.pop()
  let bits = 0
  for (const item of items) {
    const method = methodBit(item)
    if (method === undefined) return undefined
    bits |= method
  }
  return bits
}

/** In any case; a known name with more behind it is faulty, as Kamailio reads it. */
function methodBit(item: string): number | undefined {
  if (!ITEM.test(item)) return undefined
  const upper = item.toUpperCase()
  const id = methodId(upper)
  if (id !== METHOD_OTHER) return id
  return methodNames.some((name) => upper.startsWith(name)) ? undefined : METHOD_OTHER
}

const LISTS_MAX = 512

/** Lists of methods that were read before: phones of a kind all send the same. */
export class MethodLists {
  readonly #known = new Map<string, number | undefined>()

  parse(text: string): number | undefined {
    const known = this.#known.get(text)
    if (known !== undefined || this.#known.has(text)) return known
    const bits = parseMethods(text)
    if (this.#known.size >= LISTS_MAX) this.#known.clear()
    this.#known.set(ownText(text), bits)
    return bits
  }

  /** Those of all Allow headers; all methods there are, when there is none or it cannot be read. */
  allowedBy(message: SipMessage): number {
    let header = message.header(HeaderType.allow)
    if (header === undefined) return ALL_METHODS
    let bits = 0
    for (; header !== undefined; header = message.headerAfter(header)) {
      const found = this.parse(header.body)
      if (found === undefined) return ALL_METHODS
      bits |= found
    }
    return bits
  }
}
