import { arg, defineModule, fn, param, toText, type TransformationDef } from '../../define/define.ts'
import { fieldAt, getField } from './field.ts'

const args = [
  arg.str('json_string', 'The document.'),
  arg.str('field_name', 'Name of the field.'),
  arg.writable('destination', 'Variable for the field.'),
] as const

const parse: TransformationDef = {
  summary: 'A field of a JSON document by its path: `a.b[0].c`; `%` stands for a dot in a name.',
  params: ['path'],
  bind([path]) {
    if (path === undefined) return 'a path is missing'
    return (value, context) => {
      const steps = path.kind === 'variable' ? toText(path.value.get(context)) : String(path.value)
      return fieldAt(context, toText(value), steps)
    }
  },
}

export default defineModule({
  name: 'json',
  summary: 'Reads fields of JSON documents.',
  area: 'text',
  params: {
    json_escape_char: param.str('%', 'Taken, but without effect, as in Kamailio.'),
  },
  setup: () => undefined,
  functions: {
    json_get_field: fn({
      summary: 'Copies a field as JSON: strings keep their quotes.',
      returns: { 1: 'copied', [-1]: 'no such field, null, or no JSON' },
      routes: 'any',
      args,
      run: (context, _state: undefined, text, name, destination) => getField(context, text, name, destination, false),
    }),
    json_get_string: fn({
      summary: 'Copies a field: strings without their quotes, anything else as JSON.',
      returns: { 1: 'copied', [-1]: 'no such field, null, or no JSON' },
      routes: 'any',
      args,
      run: (context, _state: undefined, text, name, destination) => getField(context, text, name, destination, true),
    }),
  },
  transformations: { 'json.parse': parse },
})
