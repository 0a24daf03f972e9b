import { arg, fn, kemi, type FunctionDef, type KemiDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { removeViaParam } from './via-param.ts'
import { charactersIn, findText, inList } from './text.ts'

const first = arg.str('text', 'Text.')
const second = arg.str('other', 'Text to compare with.')
const separator = arg.str('separator', 'One character.')

const comparing = (summary: string, test: (text: string, other: string) => number): FunctionDef<Host> =>
  fn({ summary, routes: 'any', args: [first, second], run: (_context, _host: Host, text, other) => test(text, other) })

const listing = (summary: string, isPrefix: boolean): FunctionDef<Host> =>
  fn({
    summary,
    routes: 'any',
    args: [arg.str('subject', 'Text.'), arg.str('list', 'Items.'), separator],
    run: (context, _host: Host, subject, list, between) => inList(context, subject, list, between, isPrefix),
  })

const truth = (value: boolean): number => (value ? 1 : -1)

export const textFunctions: Readonly<Record<string, FunctionDef<Host>>> = {
  cmp_str: comparing('Tells whether two texts are equal.', (text, other) => truth(text === other)),
  cmp_istr: comparing('Tells whether two texts are equal in any case.', (text, other) => {
    if (text.length !== other.length) return -1
    return text.toLowerCase() === other.toLowerCase() ? 1 : -2
  }),
  starts_with: comparing('Tells whether a text starts with another.', (text, other) => {
    if (text.length < other.length) return -1
    return text.startsWith(other) ? 1 : -2
  }),
  ends_with: comparing('Tells whether a text ends with another.', (text, other) => truth(text.endsWith(other))),
  str_find: comparing('Gives the place of a text in another, from 1.', (text, other) => findText(text, other, false)),
  str_ifind: comparing('Gives the place of a text in another in any case, from 1.', (text, other) => findText(text, other, true)),
  str_any_in: comparing('Tells whether any character of a text is in a set.', (text, set) => charactersIn(text, set, false)),
  str_all_in: comparing('Tells whether all characters of a text are in a set.', (text, set) => charactersIn(text, set, true)),
  in_list: listing('Tells whether a text is an item of a list.', false),
  in_list_prefix: listing('Tells whether an item of a list is the start of a text.', true),
  regex_substring: fn({
    summary: 'Puts a group of a match into a variable.',
    returns: { 1: 'done', [-1]: 'the variable refuses it, or the pattern is none', [-2]: 'no match', [-3]: 'no such group' },
    routes: ['request', 'failure', 'branch', 'onreply'],
    args: [
      first,
      arg.str('pattern', 'Regular expression.'),
      arg.int('group', '0 for the whole match.', { min: 0 }),
      arg.int('groups', 'How many groups the pattern has.', { min: 0 }),
      arg.writable('variable', 'Where it goes.'),
    ],
    run: (context, host: Host, text, pattern, group, groups, target) => {
      if (group >= groups) {
        host.log.error('textops', 'matched_index cannot be bigger than match_count')
        return -1
      }
      const matcher = host.prepare.regex(pattern, { ignoreCase: true })
      if (typeof matcher === 'string') {
        host.log.error('textops', matcher)
        return -4
      }
      const match = matcher.exec(text)
      if (match === null) return -2
      const start = match[group * 2] ?? -1
      if (start < 0) return -3
      return target.set(context, text.slice(start, match[group * 2 + 1])) ? 1 : -1
    },
  }),
  via_param_rm: fn({
    summary: 'Removes a parameter from a Via.',
    routes: 'any',
    args: [arg.str('name', 'The parameter.'), arg.int('index', 'Which Via, from 1.', { min: 1 })],
    run: (context, _host: Host, name, index) => removeViaParam(context.message, name, index),
  }),
}

/** Where KSR's function tells more than the native one of its name. */
export const textKemi: Readonly<Record<string, KemiDef<Host>>> = {
  ends_with: kemi({
    summary: 'Tells whether a text ends with another: 1, -2 when not, -1 when it is shorter.',
    args: ['text', 'other'],
    run: (_context, _host: Host, text, other) => (text.endsWith(other) ? 1 : text.length < other.length ? -1 : -2),
  }),
}
