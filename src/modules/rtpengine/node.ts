/** Engines and their sets: how each is reached, and whether it is used. */

export type NodeKind = 'unix' | 'udp' | 'udp6' | 'ws'

/** Never tried again, until somebody switches it on. */
export const FOR_EVER = 0xffffffff

export const DEFAULT_PORT = 22222

export class EngineNode {
  readonly index: number
  readonly url: string
  readonly kind: NodeKind
  /** Path, host and port, or the whole URL of a WebSocket. */
  readonly address: string
  weight: number
  isDisabled: boolean
  /** When it may be tried again, in seconds since the start. */
  recheckAt: number
  /** False when a reload did not find it in the table any more: calls that it has go on. */
  isListed = true
  /** While it is asked at the start, or after a reload, whether it is there. */
  probing: Promise<void> | undefined = undefined
  /** While it is asked again, because it is disabled. */
  testing: Promise<void> | undefined = undefined

  constructor(index: number, url: string, place: { readonly kind: NodeKind; readonly address: string }, state: NodeState) {
    this.index = index
    this.url = url
    this.kind = place.kind
    this.address = place.address
    this.weight = state.weight
    this.isDisabled = state.isDisabled
    this.recheckAt = state.recheckAt
  }

  get isOffForEver(): boolean {
    return this.recheckAt === FOR_EVER
  }
}

export interface NodeState {
  readonly weight: number
  readonly isDisabled: boolean
  readonly recheckAt: number
}

export interface EngineSet {
  readonly id: number
  readonly nodes: EngineNode[]
}

/** The sets by number, in the order they came. */
export class EngineSets {
  readonly #sets = new Map<number, EngineSet>()
  readonly #hasWebSockets: boolean
  readonly #warn: (text: string) => void
  #count = 0

  /** `warn` gets a line for each engine whose URL is none. */
  constructor(hasWebSockets: boolean, warn: (text: string) => void) {
    this.#hasWebSockets = hasWebSockets
    this.#warn = warn
  }

  get all(): readonly EngineSet[] {
    return [...this.#sets.values()]
  }

  get nodes(): readonly EngineNode[] {
    return this.all.flatMap(({ nodes }) => nodes)
  }

  byId(id: number): EngineSet | undefined {
    return this.#sets.get(id >>> 0)
  }

  /** The set, made when it is new. */
  open(id: number): EngineSet {
    const key = id >>> 0
    const set = this.#sets.get(key) ?? { id: key, nodes: [] }
    this.#sets.set(key, set)
    return set
  }

  /** Hides all, before the table is read anew. */
  unlist(): void {
    for (const node of this.nodes) node.isListed = false
  }

  /** Adds an engine; one that is there already gets the new weight and state. */
  add(set: EngineSet, url: string, state: NodeState): void {
    const place = this.#placeOf(url)
    if (place === undefined) return
    const known = set.nodes.find((node) => node.url === url)
    if (known === undefined) {
      set.nodes.push(new EngineNode(this.#count++, url, place, state))
      return
    }
    known.weight = state.weight
    known.isDisabled = state.isDisabled
    known.recheckAt = state.recheckAt
    known.isListed = true
  }

  /** Reads a value of rtpengine_sock; a text says what is wrong with it. */
  addWritten(written: string, defaultId: number): string | undefined {
    const text = written.trim()
    if (text === '') return undefined
    const equals = text.indexOf('==')
    if (equals >= 0 && equals + 2 === text.length) return 'invalid rtpengine list'
    const id = equals < 0 ? String(defaultId) : text.slice(0, equals).trim()
    const list = (equals < 0 ? text : text.slice(equals + 2)).trim()
    if (!/^[0-9]{1,10}$/.test(id)) return `invalid set id ${id}: a number`
    if (list === '') return 'the list of engines is empty'
    const set = this.open(Number(id))
    for (const word of list.split(/\s+/)) {
      const sign = word.indexOf('=')
      const weight = sign < 0 ? 1 : Number.parseInt(word.slice(sign + 1), 10) || 0
      this.add(set, sign < 0 ? word : word.slice(0, sign), { weight: weight >>> 0, isDisabled: false, recheckAt: 0 })
    }
    return undefined
  }

  #placeOf(url: string): { readonly kind: NodeKind; readonly address: string } | undefined {
    const scheme = /^(udp6|udp|unix|wss?)(?=:)/i.exec(url)?.[0]?.toLowerCase()
    const isWebSocket = scheme === 'ws' || scheme === 'wss'
    if (scheme === undefined || (isWebSocket && !url.startsWith('//', scheme.length + 1))) {
      this.#warn(`Node address must start with 'udp:' or 'udp6:' or 'unix:' or 'ws://' or 'wss://'. Ignore '${url}'.`)
      return undefined
    }
    if (isWebSocket) {
      if (this.#hasWebSockets) return { kind: 'ws', address: url }
      this.#warn(`Websocket protocol requested, but no websocket API loaded. Ignore '${url}'.`)
      return undefined
    }
    const address = url.slice(scheme.length + 1)
    const kind = scheme === 'udp6' || scheme === 'unix' ? scheme : 'udp'
    if (hasGoodPort(kind, address)) return { kind, address }
    this.#warn(`Node address must end with a valid port number. Ignore '${address}'.`)
    return undefined
  }
}

/** An address without a port, or with one that is a number. */
function hasGoodPort(kind: NodeKind, address: string): boolean {
  const separator = kind === 'udp6' ? ']:' : ':'
  const at = address.indexOf(separator)
  const port = at < 0 ? '' : address.slice(at + separator.length)
  return port === '' || (/^[0-9]{1,10}$/.test(port) && Number(port) <= 0xffff)
}

/** Host and port of an engine that is asked over UDP. */
export function hostAndPort({ kind, address }: EngineNode): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':')
  const host = colon < 0 ? address : address.slice(0, colon)
  const port = Number(colon < 0 ? '' : address.slice(colon + 1)) || DEFAULT_PORT
  return { host: kind === 'udp6' ? host.replace(/\].*$/, '').replace(/^\[/, '') : host, port }
}
