/**
 * How dear a pattern can get for an engine that tries alternatives one after the other. Texts come from the network,
 * so a pattern that needs exponential time for some text must not run on such an engine.
 */
import type { ByteSet, RegexNode } from './regex-syntax.ts'

export interface RegexCost {
  /** At each byte only one way goes on: the time is linear in the text (times the places where a match may start). */
  readonly deterministic: boolean
  /** A repetition inside a repetition, or a choice inside one: exponential for some texts unless deterministic. */
  readonly exponential: boolean
  /** Repetitions without end: the degree of the time's polynomial. */
  readonly unbounded: number
  /** Whether the first way found may be shorter than another one from the same start (POSIX takes the longest). */
  readonly orderMatters: boolean
  readonly backReferences: boolean
  /** Byte sets with repetitions written out: what an engine that follows all ways at once has to look at per byte. */
  readonly size: number
}

/** More positions than this are not looked at one by one. */
const MOST_POSITIONS = 150

export function regexCost(root: RegexNode): RegexCost {
  const counts = { unbounded: 0, choices: 0, groupRepeats: 0, exponential: false, backReferences: false }
  count(root, false, counts)
  return {
    deterministic: isDeterministic(root),
    exponential: counts.exponential,
    unbounded: counts.unbounded,
    orderMatters: counts.choices > 0 || counts.groupRepeats > 0,
    backReferences: counts.backReferences,
    size: sizeOf(root),
  }
}

function sizeOf(node: RegexNode): number {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return node.parts.reduce((sum, part) => sum + sizeOf(part), 0)
    case 'group':
    case 'look':
    case 'atomic':
      return sizeOf(node.body)
    case 'repeat':
      return sizeOf(node.body) * Math.max(node.most === Number.POSITIVE_INFINITY ? node.least : node.most, 1)
    default:
      return 1
  }
}

type Counts = {
  unbounded: number
  choices: number
  groupRepeats: number
  exponential: boolean
  backReferences: boolean
}

/** `repeated`: the node stands in a repetition that several ways may lead through. */
function count(node: RegexNode, repeated: boolean, counts: Counts): void {
  switch (node.kind) {
    case 'sequence':
      for (const part of node.parts) count(part, repeated, counts)
      break
    case 'choice':
      counts.choices++
      if (repeated) counts.exponential = true
      for (const part of node.parts) count(part, repeated, counts)
      break
    case 'group':
    case 'look':
    case 'atomic':
      count(node.body, repeated, counts)
      break
    case 'backReference':
      counts.backReferences = true
      break
    case 'repeat': {
      if (repeated && node.least !== node.most) counts.exponential = true
      if (node.most > 10) counts.unbounded++
      if (node.body.kind !== 'set') counts.groupRepeats++
      // A repetition that goes only one way at each byte, as ([a-z]+\.)*, cannot be gone through in many ways.
      const isClear = node.body.kind !== 'set' && node.most > 1 && !repeated && isDeterministic(node)
      count(node.body, repeated || (node.most > 1 && !isClear), counts)
      break
    }
  }
}

interface Positions {
  readonly first: number[]
  readonly last: number[]
  readonly nullable: boolean
}

/**
 * Glushkov's construction: each byte set of the pattern is a position; the pattern is deterministic when no two
 * positions that may come next share a byte, and none may come next in two ways, as in (a+)+.
 */
function isDeterministic(root: RegexNode): boolean {
  const sets: ByteSet[] = []
  const follow: number[][] = []
  const whole = walk(root, sets, follow)
  if (!whole) return false
  if (!disjoint(whole.first, sets)) return false
  return follow.every((next) => disjoint(next, sets))
}

function walk(node: RegexNode, sets: ByteSet[], follow: number[][]): Positions | undefined {
  switch (node.kind) {
    case 'set': {
      if (sets.length >= MOST_POSITIONS) return undefined
      sets.push(node.bytes)
      follow.push([])
      const position = sets.length - 1
      return { first: [position], last: [position], nullable: false }
    }
    case 'assert':
      return { first: [], last: [], nullable: true }
    case 'backReference':
    case 'look':
    case 'atomic':
      return undefined
    case 'group':
      return walk(node.body, sets, follow)
    case 'sequence': {
      let all: Positions = { first: [], last: [], nullable: true }
      for (const part of node.parts) {
        const next = walk(part, sets, follow)
        if (!next) return undefined
        all = joined(all, next, follow)
      }
      return all
    }
    case 'choice': {
      const parts: Positions[] = []
      for (const part of node.parts) {
        const next = walk(part, sets, follow)
        if (!next) return undefined
        parts.push(next)
      }
      return {
        first: parts.flatMap((part) => part.first),
        last: parts.flatMap((part) => part.last),
        nullable: parts.some((part) => part.nullable),
      }
    }
    case 'repeat': {
      const unbounded = node.most === Number.POSITIVE_INFINITY
      const copies = unbounded ? Math.max(node.least, 1) : node.most
      let all: Positions = { first: [], last: [], nullable: true }
      for (let copy = 0; copy < copies; copy++) {
        const before = sets.length
        const body = walk(node.body, sets, follow)
        if (!body) return undefined
        // A body that takes no bytes is the same however often it stands there.
        if (sets.length === before) break
        const optional: Positions = copy >= node.least ? { ...body, nullable: true } : body
        if (unbounded && copy === copies - 1) link(body.last, body.first, follow)
        all = joined(all, optional, follow)
      }
      return all
    }
  }
}

function joined(left: Positions, right: Positions, follow: number[][]): Positions {
  link(left.last, right.first, follow)
  return {
    first: left.nullable ? [...left.first, ...right.first] : left.first,
    last: right.nullable ? [...left.last, ...right.last] : right.last,
    nullable: left.nullable && right.nullable,
  }
}

function link(from: readonly number[], to: readonly number[], follow: number[][]): void {
  for (const position of from) for (const next of to) follow[position]?.push(next)
}

function disjoint(positions: readonly number[], sets: readonly ByteSet[]): boolean {
  const taken = new Array<boolean>(256).fill(false)
  for (const position of positions) {
    const bytes = sets[position]
    if (!bytes) continue
    for (let code = 0; code < 256; code++) {
      if (!bytes[code]) continue
      if (taken[code]) return false
      taken[code] = true
    }
  }
  return true
}
