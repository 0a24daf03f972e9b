/**
 * Selects by their path. `name`, `["name"]` and `[1]` are elements of one list, as in Kamailio: `@to["uri"].user` is
 * `@to.uri.user`. Names are the same in any case of letters.
 */
import type { PvValue, SelectDef, SelectStep } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import type { Host } from '../../../runtime/host.ts'

export type Element = string | number
export type Reader = (context: RouteContext) => PvValue
/** What reads the value behind the elements that are left; a text is the error message. */
export type Resolver = (rest: readonly Element[]) => Reader | string

export function elementsOf(steps: readonly SelectStep[]): Element[] {
  const elements: Element[] = []
  for (const { name, index } of steps) {
    elements.push(name)
    if (index !== undefined) elements.push(index)
  }
  return elements
}

/** The name at a place of the path in lower case; empty when there is none or a number stands there. */
export function wordAt(path: readonly Element[], index: number): string {
  const element = path[index]
  return typeof element === 'string' ? element.toLowerCase() : ''
}

export function unknownSelect(rest: readonly Element[]): string {
  return rest.length === 0 ? 'the select ends too early' : `unknown select ${rest.join('.')}`
}

/** A select that has nothing behind it. */
export function leaf(read: Reader): Resolver {
  return (rest) => (rest.length === 0 ? read : unknownSelect(rest))
}

/** Resolvers by the next name; `itself` reads the value where the path ends. */
export function branches(names: Readonly<Record<string, Resolver>>, itself?: Reader): Resolver {
  return (rest) => {
    if (rest.length === 0) return itself ?? unknownSelect(rest)
    const word = wordAt(rest, 0)
    const next = Object.hasOwn(names, word) ? names[word] : undefined
    return next ? next(rest.slice(1)) : unknownSelect(rest)
  }
}

/** A resolver that needs a name: `params.NAME`. */
export function named(read: (context: RouteContext, name: string) => PvValue): Resolver {
  return (rest) => {
    const [name] = rest
    if (rest.length !== 1 || typeof name !== 'string') return unknownSelect(rest)
    return (context) => read(context, name)
  }
}

/** The definitions of selects that start with a name. */
export function definitions(summary: string, names: readonly string[], resolve: Resolver): SelectDef<Host>[] {
  return names.map((name) => ({
    path: `${name}.**`,
    summary,
    bind: (steps) => resolve(elementsOf(steps).slice(1)),
  }))
}

/** Empty texts are undefined in most selects. */
export function filled(text: string | undefined): PvValue {
  return text === undefined || text === '' ? null : text
}

/** A parameter's value without its quotes; null when it is empty. */
export function unquoted(value: string | undefined): PvValue {
  if (value === undefined || value === '') return null
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? filled(value.slice(1, -1)) : value
}
