/** Selects, `@to.uri.user`: from the text to the function that reads it. */
import type { SelectStep } from '../define/select.ts'
import type { SelectPlan } from './compile-plan.ts'
import type { Registry } from './registry.ts'

/** The steps of a select as written; undefined when it is not in order. */
export function parseSelect(text: string): readonly SelectStep[] | undefined {
  const steps: SelectStep[] = []
  const pattern = /([A-Za-z_][A-Za-z0-9_-]*)(?:\[(?:(-?[0-9]+)|"([^"]*)"|'([^']*)')\])?(\.|$)/y
  let at = text.startsWith('@') ? 1 : 0
  while (at < text.length) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return undefined
    const [whole, name = '', number, double, single] = found
    steps.push({ name, index: number === undefined ? (double ?? single) : Number(number) })
    at += whole.length
  }
  return steps.length === 0 || text.endsWith('.') ? undefined : steps
}

/** Finds what reads a select, in any case of letters; a string answer is the error message. */
export function findSelect(text: string, registry: Pick<Registry, 'selects'>): SelectPlan | string {
  const steps = parseSelect(text)
  if (steps === undefined) return `${text} is no select`
  let refusal: string | undefined
  for (const { definition, state } of registry.selects) {
    if (!fits(definition.path.split('.'), steps)) continue
    const bound = definition.bind(steps)
    if (typeof bound === 'string') refusal = bound
    else return { get: bound as SelectPlan['get'], state }
  }
  return refusal ?? `unknown select ${text}`
}

function fits(path: readonly string[], steps: readonly SelectStep[]): boolean {
  for (const [index, part] of path.entries()) {
    if (part === '**') return true
    const step = steps[index]
    if (step === undefined || (part !== '*' && part !== step.name.toLowerCase())) return false
  }
  return path.length === steps.length
}
