/** The nodes that are known, the newest first, and those that were known. */
import { DmqNode, keyOf, type NodeLine } from './node.ts'

/** Nodes that are kept at most: a list that grows without end is no cluster. */
export const NODES_MAX = 128
/** Nodes of our own kind that went away, and are asked whether they are back. */
const FORMER_MAX = 32
const FORMER_SECONDS = 86_400
/** Addresses that were nodes' once: what comes from there is late, not forged. */
const ADDRESSES_MAX = 256

export interface FormerNode {
  readonly node: DmqNode
  readonly untilSeconds: number
}

export class NodeList {
  readonly #nodes: DmqNode[] = []
  readonly #former = new Map<string, FormerNode>()
  readonly #addresses = new Set<string>()

  get all(): readonly DmqNode[] {
    return this.#nodes
  }

  find(line: Pick<NodeLine, 'host' | 'port' | 'transport'>): DmqNode | undefined {
    const key = keyOf(line)
    return this.#nodes.find((node) => node.key === key)
  }

  /** Puts a node in front; false when there are too many. */
  add(node: DmqNode): boolean {
    if (this.#nodes.length >= NODES_MAX) return false
    this.#nodes.unshift(node)
    this.#former.delete(node.key)
    this.#know(node.address)
    return true
  }

  remove(node: DmqNode): boolean {
    const at = this.#nodes.indexOf(node)
    if (at < 0) return false
    this.#nodes.splice(at, 1)
    node.outbox.close()
    return true
  }

  /** Remembers a node that went away, to see when it is back. */
  remember(node: DmqNode, nowSeconds: number): void {
    this.#former.delete(node.key)
    this.#former.set(node.key, { node, untilSeconds: nowSeconds + FORMER_SECONDS })
    const [oldest] = this.#former.keys()
    if (this.#former.size > FORMER_MAX && oldest !== undefined) this.#former.delete(oldest)
  }

  former(nowSeconds: number): readonly DmqNode[] {
    for (const [key, { untilSeconds }] of this.#former) if (untilSeconds < nowSeconds) this.#former.delete(key)
    return [...this.#former.values()].map(({ node }) => node)
  }

  forgetFormer(key: string): void {
    this.#former.delete(key)
  }

  /** Forgets an address as well: nothing from there is taken any more. */
  forgetAddress(address: string): void {
    if (!this.#nodes.some((node) => !node.isLocal && node.address === address)) this.#addresses.delete(address)
  }

  /** Whether a node has, or had, that address. */
  isKnownAddress(address: string): boolean {
    return this.#addresses.has(address)
  }

  /** Whether a node has that address now. */
  hasAddress(address: string): boolean {
    return this.#nodes.some((node) => !node.isLocal && node.address === address)
  }

  #know(address: string): void {
    this.#addresses.delete(address)
    this.#addresses.add(address)
    const [oldest] = this.#addresses
    if (this.#addresses.size > ADDRESSES_MAX && oldest !== undefined) this.#addresses.delete(oldest)
  }
}
