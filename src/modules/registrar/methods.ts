/** The methods that a phone says it knows, as bits. */
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

/** Those of all Allow headers; all methods there are, when there is none or it cannot be read. */
export function allowedMethods(message: SipMessage): number {
  let header = message.header(HeaderType.allow)
  if (header === undefined) return ALL_METHODS
  let bits = 0
  for (; header !== undefined; header = message.headerAfter(header)) {
    const found = parseMethods(header.body)
    if (found === undefined) return ALL_METHODS
    bits |= found
  }
  return bits
}
