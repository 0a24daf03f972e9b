/** `{param....}`: lists of parameters, `a=1;b=2`. */
import type { PvValue, TransformationDef } from '../../../define/define.ts'
import { findParam, parseParamList, type ListedParam } from './param-list.ts'
import { parameterMissing, withParameters, type ParameterReader } from './parameters.ts'

function separatorOf(reader: ParameterReader): string {
  if (!reader.hasMore) return ';'
  const separator = reader.lastSeparator()
  if (separator === ',') reader.error ??= 'the separator may not be a comma'
  return separator
}

type Pick<T> = (params: readonly ListedParam[], wanted: T) => PvValue

function byName(summary: string, pick: Pick<string>): TransformationDef {
  return withParameters(summary, ['name', '[separator]'], (reader) => {
    const name = reader.text()
    const separator = separatorOf(reader)
    return (text, context) => {
      const params = parseParamList(text, separator)
      if (params === null) return null
      const wanted = name(context)
      return wanted === null ? parameterMissing(context) : pick(params, wanted)
    }
  })
}

function byIndex(summary: string, pick: (param: ListedParam) => string): TransformationDef {
  return withParameters(summary, ['index', '[separator]'], (reader) => {
    const index = reader.int()
    const separator = separatorOf(reader)
    return (text, context) => {
      const params = parseParamList(text, separator)
      if (params === null) return null
      const wanted = index(context)
      if (wanted !== wanted) return parameterMissing(context)
      const param = params[wanted < 0 ? params.length + wanted : wanted]
      return param ? pick(param) : ''
    }
  })
}

export const paramTransformations: Readonly<Record<string, TransformationDef>> = {
  'param.value': byName('Value of a parameter.', (params, name) => findParam(params, name)?.value ?? ''),
  'param.in': byName('1 when there is such a parameter, else 0.', (params, name) => (findParam(params, name) ? 1 : 0)),
  'param.valueat': byIndex('Value of the parameter at an index, counted from the end when negative.', (param) => param.value),
  'param.name': byIndex('Name of the parameter at an index, counted from the end when negative.', (param) => param.name),
  'param.count': withParameters('Number of parameters.', ['[separator]'], (reader) => {
    const separator = reader.hasMore ? reader.separatorOrVariable() : () => ';'
    return (text, context) => {
      const char = separator(context)
      return char === null ? parameterMissing(context) : (parseParamList(text, char)?.length ?? null)
    }
  }),
}
