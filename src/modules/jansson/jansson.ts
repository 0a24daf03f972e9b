import { arg, defineModule, fn } from '../../define/define.ts'
import { append, arraySize, decode, encode, get, set } from './functions.ts'

const path = arg.str('path', 'Path to the value: `a.b[1].c`; empty for the whole document.')
const source = arg.str('src', 'The document: an object or an array.')
/** Kamailio starts with one that cannot be written, and then writes nothing. */
const destination = arg.variable('dst', 'Variable for the value.')
const changed = arg.variable('result', 'Variable with the document, which is changed; without a text it begins as `{}`.')
const type = arg.str('type', '`string`, `integer`, `real`, `true`, `false`, `null`, `object` or `array`; `str`, `int` and `obj` for short.')
const value = arg.str('value', 'The value as a text.')

export default defineModule({
  name: 'jansson',
  summary: 'Reads and writes JSON documents.',
  area: 'text',
  setup: () => undefined,
  functions: {
    jansson_get: fn({
      summary: 'Copies the value at a path: texts without quotes, true as 1, false as 0, null as nothing, objects and arrays as JSON.',
      returns: { 1: 'copied', [-1]: 'no such value, or no JSON' },
      routes: 'any',
      args: [path, source, destination],
      run: (context, _state: undefined, ...args) => get(context, ...args),
    }),
    jansson_get_field: fn({
      summary: 'The same with the document first.',
      returns: { 1: 'copied', [-1]: 'no such value, or no JSON' },
      routes: 'any',
      args: [source, path, destination],
      run: (context, _state: undefined, text, place, variable) => get(context, place, text, variable),
    }),
    jansson_array_size: fn({
      summary: 'How many members the array at a path has.',
      routes: 'any',
      args: [path, source, destination],
      run: (context, _state: undefined, ...args) => arraySize(context, ...args),
    }),
    jansson_set: fn({
      summary: 'Puts a value at a path of the document in a variable; objects on the way are made.',
      routes: 'any',
      args: [type, path, value, changed],
      run: (context, _state: undefined, ...args) => set(context, ...args),
    }),
    jansson_append: fn({
      summary: 'Adds a value to the array at a path, or the members of an object to the object there.',
      routes: 'any',
      args: [type, path, value, changed],
      run: (context, _state: undefined, ...args) => append(context, ...args),
    }),
    jansson_xdecode: fn({
      summary: 'Makes the members of an object fields of a new `$xavp(name)`.',
      routes: 'any',
      args: [arg.str('json', 'The document.'), arg.str('xavp', 'Name of the XAVP.')],
      run: (context, _state: undefined, ...args) => decode(context, ...args),
    }),
    jansson_xencode: fn({
      summary: 'Makes an object of the fields of `$xavp(name)`.',
      routes: 'any',
      args: [arg.str('xavp', 'Name of the XAVP.'), arg.writable('dst', 'Variable for the document.')],
      run: (context, _state: undefined, ...args) => encode(context, ...args),
    }),
  },
})
