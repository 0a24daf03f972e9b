/**
 * Addresses by their bytes, from the first on: a node is split when it is hit often, so that only addresses that send much get a
 * node of their own. Hits are counted for this unit of time and the one before.
 */
export interface IpNode {
  readonly byte: number
  readonly parent: IpNode | undefined
  /** The oldest first. */
  readonly kids: IpNode[]
  hits: number
  hitsBefore: number
  /** Of the whole address. */
  leafHits: number
  leafHitsBefore: number
  /** Whether the whole address was hit: the packet that makes a node is not counted there. */
  isLeaf: boolean
  /** Blocked. */
  isRed: boolean
  /** When it goes, in seconds; 0 while it has kids to live for. */
  expires: number
  /** For the log. */
  readonly serial: number
}

/** What a hit means: nothing, an address that has just become too busy, or one that has been so before. */
export type Verdict = 'fine' | 'becomes red' | 'is red'

export interface Hit {
  readonly node: IpNode
  readonly verdict: Verdict
}

const NODES_MAX = 200_000
const HITS_MAX = 0xfffe

export class IpTree {
  readonly maxHits: number
  readonly #latency: number
  readonly #roots = new Array<IpNode | undefined>(256).fill(undefined)
  /** Nodes that wait for their end, the first to go first. */
  readonly #waiting = new Set<IpNode>()
  #serial = 0
  #count = 0

  /** `maxHits` in a unit of time are too many; a node lives for `latency` seconds behind its last hit. */
  constructor(maxHits: number, latency: number) {
    this.maxHits = maxHits
    this.#latency = latency
  }

  /** Counts a packet; undefined when the tree has grown too large. */
  hit(address: Uint8Array, now: number): Hit | undefined {
    const root = this.#roots[address[0] ?? 0]
    if (root === undefined) {
      const added = this.#add(undefined, address[0] ?? 0, 1, now)
      return added && { node: added, verdict: 'fine' }
    }
    let node = root
    let depth = 1
    while (depth < address.length) {
      const kid = kidOf(node, address[depth] ?? 0)
      if (kid === undefined) break
      node = kid
      depth++
    }
    return depth === address.length ? this.#hitLeaf(node, now) : this.#hitPrefix(node, address, depth, now)
  }

  #hitLeaf(node: IpNode, now: number): Hit {
    node.isLeaf = true
    node.leafHits = Math.min(node.leafHits + 1, HITS_MAX)
    this.#await(node, now)
    if (node.isRed) return { node, verdict: 'is red' }
    node.isRed = isOver(node.leafHitsBefore, node.leafHits, this.maxHits)
    return { node, verdict: node.isRed ? 'becomes red' : 'fine' }
  }

  #hitPrefix(node: IpNode, address: Uint8Array, depth: number, now: number): Hit | undefined {
    node.hits = Math.min(node.hits + 1, HITS_MAX)
    if (!isOver(node.hitsBefore, node.hits, this.maxHits >> 2)) return { node, verdict: 'fine' }
    const kid = this.#add(node, address[depth] ?? 0, node.hits - 1, now)
    // It lives as long as its kids, unless it is an address itself.
    if (kid !== undefined && node.kids.length === 1 && !node.isLeaf) this.#waiting.delete(node)
    return kid && { node: kid, verdict: 'fine' }
  }

  #add(parent: IpNode | undefined, byte: number, hits: number, now: number): IpNode | undefined {
    if (this.#count >= NODES_MAX) return undefined
    this.#count++
    const node: IpNode = {
      byte, parent, kids: [], hits, hitsBefore: 0, leafHits: 0, leafHitsBefore: 0,
      isLeaf: false, isRed: false, expires: 0, serial: ++this.#serial,
    }
    if (parent === undefined) this.#roots[byte] = node
    else parent.kids.push(node)
    this.#await(node, now)
    return node
  }

  #await(node: IpNode, now: number): void {
    node.expires = now + this.#latency
    this.#waiting.delete(node)
    this.#waiting.add(node)
  }

  /** A unit of time is over; gives the nodes that are blocked no longer. */
  turn(): readonly IpNode[] {
    const freed: IpNode[] = []
    for (const node of this.#nodes()) {
      node.hitsBefore = node.hits
      node.hits = 0
      node.leafHitsBefore = node.leafHits
      node.leafHits = 0
      if (!node.isRed || isOver(node.leafHitsBefore, 0, this.maxHits)) continue
      node.isRed = false
      freed.push(node)
    }
    return freed
  }

  /** Takes out what nobody hit for long. */
  expire(now: number): void {
    for (const node of this.#waiting) {
      if (node.expires > now) return
      this.#waiting.delete(node)
      if (node.kids.length > 0) {
        node.isLeaf = false
        node.leafHits = 0
        continue
      }
      this.#count--
      if (node.parent === undefined) this.#roots[node.byte] = undefined
      else {
        node.parent.kids.splice(node.parent.kids.indexOf(node), 1)
        if (node.parent.kids.length === 0 && !node.parent.isLeaf) this.#await(node.parent, now)
      }
    }
  }

  *#nodes(): Generator<IpNode> {
    const open = this.#roots.filter((node) => node !== undefined)
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      yield node
      open.push(...node.kids)
    }
  }

  /** Whole addresses in the order that Kamailio shows them in: the highest first byte first, then the oldest. */
  leaves(): readonly IpNode[] {
    const found: IpNode[] = []
    const visit = (node: IpNode): void => {
      if (node.isLeaf) found.push(node)
      for (const kid of node.kids) visit(kid)
    }
    for (let byte = 255; byte >= 0; byte--) {
      const root = this.#roots[byte]
      if (root !== undefined) visit(root)
    }
    return found
  }

  isWarm(node: IpNode): boolean {
    return isOver(node.hitsBefore, node.hits, this.maxHits >> 2)
  }

  isHot(node: IpNode): boolean {
    return isOver(node.leafHitsBefore, node.leafHits, this.maxHits)
  }
}

function kidOf(node: IpNode, byte: number): IpNode | undefined {
  for (const kid of node.kids) if (kid.byte === byte) return kid
  return undefined
}

/** In this unit, in the one before, or in both on average. */
function isOver(before: number, now: number, limit: number): boolean {
  return before >= limit || now >= limit || (before + now) >> 1 >= limit
}

/** The address that a leaf stands for. */
export function bytesOf(leaf: IpNode): Uint8Array {
  const bytes: number[] = []
  for (let node: IpNode | undefined = leaf; node !== undefined; node = node.parent) bytes.unshift(node.byte)
  return Uint8Array.from(bytes)
}
