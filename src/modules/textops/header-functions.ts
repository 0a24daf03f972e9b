import { arg, fn, type FunctionDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import {
  appendHeader, insertHeader, isPresent, named, nameMatches, removeExpression, removeHeaderAt, removeHeaders, removeMatching,
} from '../../runtime/header-edits.ts'
import { isMethod, prepareMethods } from './method.ts'
import { hasPrivacy } from './privacy.ts'
import { dateHeader } from './text.ts'

const text = arg.str('text', 'Header with its line end.')
const literalName = arg.literal('name', 'Name of a header, full or compact.')
const name = arg.str('name', 'Name of a header, full or compact.')
const hint = arg.optional(arg.str('header', 'Name of the header beside which it goes.'))
const namePattern = arg.regex('pattern', 'Regular expression for names.')
const computedPattern = arg.str('pattern', 'Regular expression for names, with variables.')

/** Runs with a pattern that is computed for this message; -1 and a log line when it is none. */
function withPattern(host: Host, pattern: string, run: (matcher: Exclude<ReturnType<Host['prepare']['regex']>, string>) => number): number {
  const matcher = host.prepare.regex(pattern, { newline: true })
  if (typeof matcher !== 'string') return run(matcher)
  host.log.error('textops', matcher)
  return -1
}

export const headerFunctions: Readonly<Record<string, FunctionDef<Host>>> = {
  append_hf: fn({
    summary: 'Adds a header behind the last one, or behind the last one of a name.',
    routes: 'any',
    args: [text, hint],
    run: (context, _host: Host, header, after) => appendHeader(context, header, after),
  }),
  insert_hf: fn({
    summary: 'Adds a header in front of the first one, or in front of the first one of a name.',
    routes: 'any',
    args: [text, hint],
    run: (context, _host: Host, header, before) => insertHeader(context, header, before),
  }),
  append_urihf: fn({
    summary: 'Adds a header with the received Request-URI between two texts.',
    routes: ['request', 'failure', 'branch'],
    args: [arg.str('prefix', 'Name and colon.'), arg.str('suffix', 'What follows, with the line end.')],
    run: (context, _host: Host, prefix, suffix) => appendHeader(context, prefix + context.message.requestUri + suffix, undefined),
  }),
  append_time: fn({
    summary: 'Adds Date to the next local reply.',
    routes: ['request', 'failure', 'branch'],
    args: [],
    run: (context, host: Host) => {
      context.message.addReplyHeader(dateHeader(host.clock.now()))
      return 1
    },
  }),
  append_time_to_request: fn({
    summary: 'Adds Date to the message.',
    routes: 'any',
    args: [],
    run: (context, host: Host) => insertHeader(context, dateHeader(host.clock.now()), undefined),
  }),
  append_to_reply: fn({
    summary: 'Adds a header to the next local reply.',
    routes: ['request', 'failure', 'branch'],
    args: [text],
    run: (context, _host: Host, header) => {
      context.message.addReplyHeader(header)
      return 1
    },
  }),
  remove_hf: fn({
    summary: 'Removes all headers of a name.',
    routes: 'any',
    args: [literalName],
    run: (context, _host: Host, header) => removeHeaders(context.message, named(header)),
  }),
  remove_hf_pv: fn({
    summary: 'Removes all headers of a name that may hold variables; true in any case.',
    routes: 'any',
    args: [name],
    run: (context, _host: Host, header) => {
      removeHeaders(context.message, named(header))
      return 1
    },
  }),
  remove_hf_re: fn({
    summary: 'Removes all headers whose name matches.',
    routes: 'any',
    args: [namePattern],
    run: (context, _host: Host, pattern) => removeHeaders(context.message, nameMatches(pattern)),
  }),
  remove_hf_re_pv: fn({
    summary: 'Removes all headers whose name matches a pattern that may hold variables.',
    routes: 'any',
    args: [computedPattern],
    run: (context, host: Host, pattern) => withPattern(host, pattern, (matcher) => removeHeaders(context.message, nameMatches(matcher))),
  }),
  remove_hf_exp: fn({
    summary: 'Removes all headers whose name matches one pattern and not another.',
    routes: 'any',
    args: [namePattern, arg.regex('keep', 'Regular expression for names that stay.')],
    run: (context, _host: Host, matches, skips) => removeExpression(context.message, matches, skips),
  }),
  remove_hf_exp_pv: fn({
    summary: 'The same with patterns that may hold variables.',
    routes: 'any',
    args: [computedPattern, arg.str('keep', 'Regular expression for names that stay, with variables.')],
    run: (context, host: Host, matches, skips) =>
      withPattern(host, matches, (first) => withPattern(host, skips, (second) => removeExpression(context.message, first, second))),
  }),
  remove_hf_idx: fn({
    summary: 'Removes the header of a name at a place: 0 is the first, -1 the last.',
    returns: { 1: 'removed', 2: 'there is none' },
    routes: 'any',
    args: [name, arg.int('index', 'The place.')],
    run: (context, _host: Host, header, index) => removeHeaderAt(context.message, header, index),
  }),
  remove_hf_match: fn({
    summary: 'Removes headers of a name by their value.',
    routes: 'any',
    args: [
      name,
      arg.str('operator', 'eq equal, ne not equal, in contains, re matches.'),
      arg.str('expression', 'What to compare with.'),
    ],
    run: (context, host: Host, header, operator, expression) => {
      const { message } = context
      switch (operator) {
        case 'eq':
          return removeMatching(message, header, (value) => value === expression)
        case 'ne':
          return removeMatching(message, header, (value) => value !== expression)
        case 'in':
          return removeMatching(message, header, (value) => value.includes(expression))
        case 're':
          return withPattern(host, expression, (matcher) => removeMatching(message, header, (value) => matcher.test(value)))
        default:
          host.log.error('textops', `remove_hf_match(): '${operator}' is no operator: there are eq, ne, in and re`)
          return -1
      }
    },
  }),
  is_present_hf: fn({
    summary: 'Tells whether there is a header of a name.',
    routes: 'any',
    args: [literalName],
    run: (context, _host: Host, header) => isPresent(context.message, named(header)),
  }),
  is_present_hf_pv: fn({
    summary: 'Tells whether there is a header of a name that may hold variables.',
    routes: 'any',
    args: [name],
    run: (context, _host: Host, header) => isPresent(context.message, named(header)),
  }),
  is_present_hf_re: fn({
    summary: 'Tells whether there is a header whose name matches.',
    routes: 'any',
    args: [namePattern],
    run: (context, _host: Host, pattern) => isPresent(context.message, nameMatches(pattern)),
  }),
  is_present_hf_re_pv: fn({
    summary: 'Tells whether there is a header whose name matches a pattern that may hold variables.',
    routes: 'any',
    args: [computedPattern],
    run: (context, host: Host, pattern) => withPattern(host, pattern, (matcher) => isPresent(context.message, nameMatches(matcher))),
  }),
  is_method: fn({
    summary: 'Tells whether the method is one of a list; for replies the one in CSeq counts.',
    routes: 'any',
    args: [arg.custom('methods', 'INVITE, or a list such as INVITE|ACK.', prepareMethods)],
    run: (context, _host: Host, methods) => isMethod(context.message, methods),
  }),
  is_privacy: fn({
    summary: 'Tells whether Privacy has a value.',
    routes: 'any',
    args: [arg.literal('value', 'header, session, user, none, critical, id or history.')],
    run: (context, _host: Host, value) => hasPrivacy(context.message, value),
  }),
}
