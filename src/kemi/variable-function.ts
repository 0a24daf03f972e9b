/** Functions of KSR that stand for a variable of the native script. */
import type { VariableHandle } from '../define/arg.ts'
import type { KemiValue, KsrArgument, KsrFunction, KsrTable } from '../define/kemi.ts'
import type { Export } from './derive.ts'
import { variableFunctions } from './kamailio-variable-functions.ts'

export function variableFunction(owner: string, wanted: Export, find: KsrTable['variable']): KsrFunction | undefined {
  const made = variableFunctions[owner]?.[wanted.name]
  if (made === undefined) return undefined
  const [what = '', template = ''] = made.split(/ (.*)/s)
  const isValue = (type: string): boolean => type === 'int' && what === 'set'
  const args = wanted.types.map((type, index): KsrArgument => ({ name: isValue(type) ? 'value' : `name${index + 1}`, type }))
  const isFixed = !template.includes('{')
  const act = actions[what]
  if (act === undefined) return undefined
  return {
    module: wanted.module, name: wanted.name, args, returns: wanted.returns, mayWait: false, summary: summaries[what]?.(template) ?? '',
    call(context, ...given) {
      const text = isFixed ? template : template.replace(/\{(\d)\}/g, (_all, index) => String(given[Number(index)] ?? ''))
      const variable = find(context, text)
      return act(variable, context, given[given.length - 1] ?? '')
    },
  }
}

type Action = (variable: VariableHandle | undefined, context: Parameters<VariableHandle['get']>[0], value: string | number) => KemiValue

const reading = (missing: KemiValue): Action => (variable, context) => variable?.get(context) ?? missing

const actions: Readonly<Record<string, Action>> = {
  get: reading(null),
  gete: reading(''),
  getw: reading('<null>'),
  geti: (variable, context) => {
    const value = variable?.get(context) ?? 0
    return typeof value === 'number' ? value : Number.parseInt(value, 10) || 0
  },
  null: (variable, context) => ((variable?.get(context) ?? null) === null ? 1 : -1),
  set: (variable, context, value) => (variable?.set(context, value) === true ? 1 : -1),
}

const shown = (template: string): string => template.replace(/\{(\d)\}/g, (_all, index) => `name${Number(index) + 1}`)

const summaries: Readonly<Record<string, (template: string) => string>> = {
  get: (template) => `What \`${shown(template)}\` holds; nothing where that is not set.`,
  gete: (template) => `What \`${shown(template)}\` holds; an empty text where that is not set.`,
  getw: (template) => `What \`${shown(template)}\` holds; \`<null>\` where that is not set.`,
  geti: (template) => `The number that \`${shown(template)}\` holds; 0 where there is none.`,
  null: (template) => `1 where \`${shown(template)}\` holds nothing, else -1.`,
  set: (template) => `Sets \`${shown(template)}\`.`,
}
