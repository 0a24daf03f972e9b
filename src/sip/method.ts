/** Methods by number, as bits (Kamailio's method ids): what `$(rm)` is as a whole number, and masks of methods. */
const METHOD_IDS: Readonly<Record<string, number>> = {
  INVITE: 1, CANCEL: 2, ACK: 4, BYE: 8, INFO: 16, REGISTER: 32, SUBSCRIBE: 64, NOTIFY: 128, MESSAGE: 256,
  OPTIONS: 512, PRACK: 1024, UPDATE: 2048, REFER: 4096, PUBLISH: 8192, KDMQ: 16384,
  GET: 32768, POST: 65536, PUT: 131072, DELETE: 262144,
}

export const METHOD_OTHER = 524288

const byName = new Map(Object.entries(METHOD_IDS))

/** Methods are case-sensitive (RFC 3261 §7.1). */
export function methodId(name: string): number {
  return byName.get(name) ?? METHOD_OTHER
}

/** The names known by number, for messages that suggest one. */
export const methodNames: readonly string[] = [...byName.keys()]

/**
 * A method of every day that stands between two offsets, without cutting it out of the text; undefined for any other.
 * By its first letter and length, then letter by letter.
 */
export function knownMethod(text: string, start: number, end: number): string | undefined {
  const method = byLetterAndLength(text.charCodeAt(start), end - start)
  return method !== undefined && text.startsWith(method, start) ? method : undefined
}

function byLetterAndLength(first: number, length: number): string | undefined {
  switch (first) {
    case 0x41: return length === 3 ? 'ACK' : undefined
    case 0x42: return length === 3 ? 'BYE' : undefined
    case 0x43: return length === 6 ? 'CANCEL' : undefined
    case 0x49: return length === 6 ? 'INVITE' : length === 4 ? 'INFO' : undefined
    case 0x4e: return length === 6 ? 'NOTIFY' : undefined
    case 0x4f: return length === 7 ? 'OPTIONS' : undefined
    case 0x50: return length === 5 ? 'PRACK' : undefined
    case 0x52: return length === 8 ? 'REGISTER' : undefined
    case 0x53: return length === 9 ? 'SUBSCRIBE' : undefined
    case 0x55: return length === 6 ? 'UPDATE' : undefined
    default: return undefined
  }
}
