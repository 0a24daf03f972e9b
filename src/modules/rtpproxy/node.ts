/** A media proxy and how it is reached. */

export type NodeKind = 'unix' | 'udp' | 'udp6'

/** Never tried again, until somebody switches it on. */
export const FOR_EVER = 0xffffffff

export class ProxyNode {
  readonly index: number
  readonly url: string
  readonly kind: NodeKind
  /** Path, or host and port. */
  readonly address: string
  readonly weight: number
  isDisabled: boolean
  /** When it may be tried again, in seconds since the start. */
  recheckAt: number
  /** What its version can do. */
  canRepacketize = false
  canPlay = false

  constructor(index: number, url: string, weight: number, isDisabled: boolean) {
    this.index = index
    this.url = url
    this.weight = weight
    this.isDisabled = isDisabled
    this.recheckAt = isDisabled ? FOR_EVER : 0
    const match = /^(udp6?|unix):(.*)$/is.exec(url)
    const scheme = match?.[1]?.toLowerCase()
    this.kind = scheme === 'udp' || scheme === 'udp6' ? scheme : 'unix'
    this.address = match?.[2] ?? url
  }
}

export interface ProxySet {
  readonly id: number
  readonly nodes: ProxyNode[]
}

/** The sets by number, in the order they came. */
export class ProxySets {
  readonly #sets = new Map<number, ProxySet>()
  #count = 0

  get all(): readonly ProxySet[] {
    return [...this.#sets.values()]
  }

  byId(id: number): ProxySet | undefined {
    return this.#sets.get(id)
  }

  add(id: number, url: string, weight: number, isDisabled = false): void {
    const set = this.#sets.get(id) ?? { id, nodes: [] }
    set.nodes.push(new ProxyNode(this.#count++, url, weight, isDisabled))
    this.#sets.set(id, set)
  }

  /** Reads a value of rtpproxy_sock; a text says what is wrong with it. */
  addWritten(written: string): string | undefined {
    const text = written.trim()
    if (text === '') return undefined
    const equals = text.indexOf('==')
    const id = equals < 0 ? '0' : text.slice(0, equals).trim()
    const list = (equals < 0 ? text : text.slice(equals + 2)).trim()
    if (!/^[0-9]+$/.test(id)) return `invalid set id ${id}: a number`
    if (list === '') return 'the list of proxies is empty'
    for (const word of list.split(/\s+/)) {
      const sign = word.indexOf('=')
      this.add(Number(id), sign < 0 ? word : word.slice(0, sign), sign < 0 ? 1 : Number.parseInt(word.slice(sign + 1), 10) || 0)
    }
    return undefined
  }
}
