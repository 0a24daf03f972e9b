import { toText, type TransformationDef } from '../../define/define.ts'

/** The part of a URL in front of the first question mark. */
const path: TransformationDef = {
  summary: 'The path of a URL: what stands in front of the question mark.',
  params: [],
  bind: () => (value) => {
    const url = toText(value)
    const mark = url.indexOf('?')
    return mark < 0 ? url : url.slice(0, mark)
  },
}

const querystring: TransformationDef = {
  summary: 'The query of a URL: what stands behind the question mark.',
  params: [],
  bind: () => (value) => {
    const url = toText(value)
    const mark = url.indexOf('?')
    return mark < 0 ? '' : url.slice(mark + 1)
  },
}

export const urlTransformations: Readonly<Record<string, TransformationDef>> = { 'url.path': path, 'url.querystring': querystring }
