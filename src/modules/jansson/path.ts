/** Paths such as `a.b[1].c`. */
import { isUtf8, type Json, type JsonArray, type JsonMap } from './document.ts'

/** A name within an object, or a place within an array. */
type Step = string | number

/** Undefined for a path that is none. A dot at the end is let pass; `isOpen` tells of it. */
function stepsOf(path: string): { readonly steps: readonly Step[]; readonly isOpen: boolean } | undefined {
  const steps: Step[] = []
  let at = 0
  let isOpen = false
  while (at < path.length) {
    if (path[at] === '[') {
      const end = path.indexOf(']', at)
      const index = end < 0 ? undefined : indexOf(path.slice(at + 1, end))
      if (index === undefined) return undefined
      steps.push(index)
      at = end + 1
    } else {
      const end = path.slice(at).search(/[.[]/)
      steps.push(end < 0 ? path.slice(at) : path.slice(at, at + end))
      at = end < 0 ? path.length : at + end
    }
    isOpen = path[at] === '.'
    if (isOpen) at++
    else if (at < path.length && path[at] !== '[') return undefined
  }
  return { steps, isOpen }
}

/** As C's strtol reads it with base 0; nothing is 0. */
function indexOf(text: string): number | undefined {
  if (text === '') return 0
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16)
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8)
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}

function step(from: Json | undefined, by: Step): Json | undefined {
  if (typeof by === 'string') return from instanceof Map ? from.get(by) : undefined
  return Array.isArray(from) ? from[by] : undefined
}

/** What a path leads to; the document itself for the empty path. */
export function valueAt(document: JsonArray | JsonMap, path: string): Json | undefined {
  const found = stepsOf(path)
  return found?.steps.reduce<Json | undefined>(step, document)
}

/** Puts a value where a path leads; objects on the way are made, arrays and their places are not. */
export function setAt(document: JsonArray | JsonMap, path: string, value: Json): boolean {
  const found = stepsOf(path)
  const last = found?.steps.at(-1)
  if (found === undefined || last === undefined || found.isOpen || found.steps.includes('') || !isUtf8(path)) return false
  const made: (() => void)[] = []
  let parent: Json = document
  for (const [index, by] of found.steps.slice(0, -1).entries()) {
    let next: Json | undefined = step(parent, by)
    if (next === undefined) {
      if (!(parent instanceof Map) || typeof by !== 'string' || typeof found.steps[index + 1] !== 'string') return false
      const [owner, fresh]: [JsonMap, JsonMap] = [parent, new Map()]
      made.push(() => owner.set(by, fresh))
      next = fresh
    }
    parent = next
  }
  for (const put of made) put()
  if (typeof last === 'string') {
    if (!(parent instanceof Map)) return false
    parent.set(last, value)
    return true
  }
  if (!Array.isArray(parent) || last < 0 || last >= parent.length) return false
  parent[last] = value
  return true
}

/** Adds to the array that a path leads to, or an object's members to the object; behind an index, puts the value there. */
export function appendAt(document: JsonArray | JsonMap, path: string, value: Json): boolean {
  if (path.endsWith(']')) return setAt(document, path, value)
  const target = valueAt(document, path)
  if (Array.isArray(target)) target.push(value)
  else if (target instanceof Map && value instanceof Map) for (const [name, member] of value) target.set(name, member)
  else return false
  return true
}
