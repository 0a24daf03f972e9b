/** `table=>key`, as variables and functions name an item; the key may hold variables. */
import type { PrepareEnv } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { HashTable } from './hash-table.ts'
import type { Htable } from './state.ts'

export interface Place {
  readonly table: string
  key(context: RouteContext): string
}

/** A text answer is the error message. Blanks belong to the key. */
export function parsePlace(text: string, env: PrepareEnv): Place | string {
  const [, table, key] = /^\s*([^\s=]*)\s*=>(.*)$/s.exec(text) ?? []
  if (table === undefined || key === undefined) return `invalid name [${text}]: it is table=>key`
  const format = env.format(key)
  if (typeof format === 'string') return `wrong format [${text}]: ${format}`
  return { table, key: (context) => format.evaluate(context) }
}

/** Finds the table once for each place in the script and instance of the server. */
export class TableOf {
  readonly #name: string
  #owner: Htable | undefined = undefined
  #table: HashTable | undefined = undefined

  constructor(name: string) {
    this.#name = name
  }

  in(state: Htable): HashTable | undefined {
    if (this.#owner !== state) {
      this.#owner = state
      this.#table = state.tables.get(this.#name)
    }
    return this.#table
  }
}
