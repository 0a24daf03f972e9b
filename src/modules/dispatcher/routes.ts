/** ds_select_routes(): several sets, each with its algorithm (`1=4;2=8`). */
import type { RouteContext } from '../../runtime/context.ts'
import { Push } from './push.ts'
import { newSelection, selectFrom } from './select.ts'
import { fail, type Dispatcher } from './state.ts'
import { putCount } from './xavps.ts'

export interface Rule {
  readonly setId: number
  readonly algorithm: number
}

/** The rules; a number is the place of a character that does not belong there. Numbers that are left out are 0. */
export function parseRules(text: string): readonly Rule[] | number {
  const rules: Rule[] = []
  let at = 0
  const digits = (): number => {
    let value = 0
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) break
      value = (value * 10 + digit) | 0
    }
    return value
  }
  while (at < text.length) {
    const setId = digits()
    if (text.charAt(at) !== '=') return at
    at++
    const algorithm = digits()
    if (at < text.length && text.charAt(at) !== ';') return at
    at++
    rules.push({ setId, algorithm })
  }
  return rules
}

export function selectRoutes(state: Dispatcher, context: RouteContext, rulesText: string, modeText: string, limit: number): number {
  const mode = pushMode(modeText)
  if (mode === undefined) return fail(state, `invalid routing mode parameter: ${modeText}`)
  const rules = parseRules(rulesText)
  if (typeof rules === 'number') return fail(state, `invalid character in [${rulesText}] at [${rules}]`)
  const selection = newSelection(state, context, mode, limit)
  let result = -1
  for (const { setId, algorithm } of rules) if (selectFrom(state, context, selection, setId, algorithm) > 0) result = 1
  if (result > 0) putCount(state, context, selection.list?.count ?? 0)
  return result
}

/** By the first character. */
function pushMode(text: string): number | undefined {
  switch (text.charAt(0).toLowerCase()) {
    case '0':
    case 'd': return Push.destination
    case '1':
    case 'r': return Push.domain
    case '2':
    case 'x': return Push.xavp
    default: return undefined
  }
}
