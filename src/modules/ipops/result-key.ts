/** What stands between the parentheses of `$dns(id=>addr[0])` and `$srvquery(id=>port[0])`. */
import type { PrepareEnv } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { intOf } from '../../runtime/variable-spec.ts'

export interface ResultKey {
  readonly container: string
  readonly name: string
  /** Which result: below 0 counted from the last; NaN, with a line in the log, when a variable holds no number. */
  readonly index: (context: RouteContext) => number
}

/** `id=>key` or `id=>key[index]`; the name of the container is anything without blanks and `=`. */
export function parseHostKey(inner: string, env: PrepareEnv): ResultKey | string {
  const parts = /^[ \t\r\n]*([^= \t\r\n]*)[ \t\r\n]*=>([a-z0-9]+)(?:\[([^]*)\])?$/.exec(inner)
  if (!parts) return `'${inner}' is not of the form id=>key or id=>key[index]`
  const [, container = '', name = '', index = ''] = parts
  if (index.startsWith('$')) return withVariable(container, name, index, env, '')
  if (!/^-?[0-9]*$/.test(index)) return `invalid index [${index}] in [${inner}]`
  const number = Number.parseInt(index, 10) || 0
  return { container, name, index: () => number }
}

/** `id=>count` or `id=>key[index]`, with blanks between the parts; names are letters and digits. */
export function parseRecordKey(inner: string, env: PrepareEnv): ResultKey | string {
  const parts = /^[ \t\r\n]*([A-Za-z0-9]+)[ \t\r\n]*=>[ \t\r\n]*([A-Za-z0-9]+)[ \t\r\n]*(.*?)[ \t\r\n]*$/s.exec(inner)
  if (!parts) return `'${inner}' is not of the form id=>count or id=>key[index]`
  const [, container = '', name = '', brackets = ''] = parts
  if (name === 'count') return brackets === '' ? { container, name, index: () => 0 } : `'${inner}': count has no index`
  const [, index = ''] = /^\[[ \t\r\n]*(\$.*|[A-Za-z0-9]+[ \t\r\n]*)\]$/s.exec(brackets) ?? []
  if (index === '') return `'${inner}' lacks an index`
  if (index.startsWith('$')) return withVariable(container, name, index, env, '!')
  // Digits in front count: letters are no error.
  const number = Number.parseInt(index, 10) || 0
  return { container, name, index: () => number }
}

function withVariable(
  container: string, name: string, text: string, env: PrepareEnv, mark: string,
): ResultKey | string {
  const variable = env.variable(text)
  if (typeof variable === 'string') return variable
  return {
    container,
    name,
    index(context) {
      const number = intOf(variable, context)
      if (number !== null) return number
      context.host.log.error('ipops', `failed to evaluate index variable${mark}`)
      return Number.NaN
    },
  }
}

/** The result at an index; undefined outside and for NaN. */
export function resultAt<T>(results: readonly T[], index: number): T | undefined {
  return Number.isNaN(index) ? undefined : results.at(index)
}
