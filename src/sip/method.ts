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
