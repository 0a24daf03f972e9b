import { arg, fn, type FunctionDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { prepareSubst, substitute } from '../../runtime/subst-expression.ts'
import {
  replace, replaceText, search, searchAppend, searchHeader, substHeader, substMessage, substUri, type Part,
} from './search.ts'
import { substUser } from './subst-user.ts'

const pattern = arg.regex('pattern', 'Regular expression.')
const text = arg.str('text', 'The new text.')
const subst = arg.custom('expression', '/pattern/replacement/flags', prepareSubst)
const header = arg.str('header', 'Name of the headers.')
const which = arg.str('flags', 'a all headers of the name, f the first, l the last.')
const mode = arg.str('mode', 'f the first, a all.')

const searching = (summary: string, part: Part): FunctionDef<Host> =>
  fn({ summary, routes: 'any', args: [pattern], run: (context, _host: Host, matcher) => search(context.message, matcher, part) })

const appending = (summary: string, part: Part): FunctionDef<Host> =>
  fn({
    summary,
    routes: 'any',
    args: [pattern, text],
    run: (context, _host: Host, matcher, added) => searchAppend(context.message, matcher, added, part),
  })

const replacing = (summary: string, part: Part, isAll: boolean): FunctionDef<Host> =>
  fn({
    summary,
    routes: 'any',
    args: [pattern, text],
    run: (context, _host: Host, matcher, replacement) => replace(context.message, matcher, replacement, part, isAll),
  })

const replacingText = (summary: string, part: Part): FunctionDef<Host> =>
  fn({
    summary,
    routes: 'any',
    args: [arg.str('wanted', 'The text to look for.'), text, mode],
    run: (context, _host: Host, wanted, replacement, how) => replaceText(context.message, wanted, replacement, how, part),
  })

/** Replaces over the whole body: `^` and `$` are its ends, a dot goes over line ends. */
const wholeBodyPattern = arg.custom('pattern', 'Regular expression for the whole body.', (source, env) => {
  const matcher = env.regex(source, { ignoreCase: true, newline: false })
  return typeof matcher === 'string' ? matcher : { fixed: matcher }
})

export const searchFunctions: Readonly<Record<string, FunctionDef<Host>>> = {
  search: searching('Looks for a pattern in the whole message.', 'whole'),
  search_body: searching('Looks for a pattern in the body.', 'body'),
  search_str: fn({
    summary: 'Looks for a pattern in a text.',
    routes: 'any',
    args: [arg.str('text', 'Text.'), arg.str('pattern', 'Regular expression, with variables.')],
    run: (_context, host: Host, searched, source) => {
      const matcher = host.prepare.regex(source, { newline: true })
      if (typeof matcher !== 'string') return matcher.test(searched) ? 1 : -1
      host.log.error('textops', matcher)
      return -2
    },
  }),
  search_hf: fn({
    summary: 'Looks for a pattern in the values of headers of a name.',
    routes: 'any',
    args: [header, pattern, which],
    run: (context, _host: Host, name, matcher, flags) => searchHeader(context.message, name, matcher, flags),
  }),
  search_append: appending('Puts a text behind the first match in the message.', 'message'),
  search_append_body: appending('Puts a text behind the first match in the body.', 'body'),
  replace: replacing('Replaces the first match in the message.', 'message', false),
  replace_all: replacing('Replaces all matches in the message.', 'message', true),
  replace_hdrs: replacing('Replaces the first match in the headers.', 'headers', false),
  replace_body: replacing('Replaces the first match in the body.', 'body', false),
  replace_body_all: replacing('Replaces all matches in the body, line by line.', 'body', true),
  replace_body_atonce: fn({
    summary: 'Replaces all matches in the body, taken as one text.',
    routes: 'any',
    args: [wholeBodyPattern, text],
    run: (context, _host: Host, matcher, replacement) => replace(context.message, matcher, replacement, 'body', true),
  }),
  replace_str: replacingText('Replaces a plain text in the message.', 'message'),
  replace_body_str: replacingText('Replaces a plain text in the body.', 'body'),
  replace_hdrs_str: replacingText('Replaces a plain text in the headers.', 'headers'),
  subst: fn({
    summary: 'Substitutes in the message.',
    routes: 'any',
    args: [subst],
    run: (context, _host: Host, expression) => substMessage(context, expression, 'message'),
  }),
  subst_body: fn({
    summary: 'Substitutes in the body.',
    routes: 'any',
    args: [subst],
    run: (context, _host: Host, expression) => substMessage(context, expression, 'body'),
  }),
  subst_hf: fn({
    summary: 'Substitutes in the values of headers of a name.',
    routes: 'any',
    args: [header, subst, which],
    run: (context, _host: Host, name, expression, flags) => substHeader(context, name, expression, flags),
  }),
  subst_uri: fn({
    summary: 'Substitutes in the Request-URI.',
    routes: ['request', 'onreply', 'failure', 'branch'],
    args: [subst],
    run: (context, _host: Host, expression) => substUri(context, expression),
  }),
  subst_user: fn({
    summary: 'Substitutes in the user of the Request-URI.',
    routes: ['request', 'onreply', 'failure', 'branch'],
    args: [subst],
    run: (context, _host: Host, expression) => substUser(context, expression),
  }),
  subst_v: fn({
    summary: 'Substitutes in a text and puts the outcome into a variable.',
    routes: 'any',
    args: [arg.str('text', 'Text.'), subst, arg.writable('variable', 'Where the outcome goes.')],
    run: (context, _host: Host, input, expression, target) => {
      const changed = substitute(context, expression, input)
      return changed !== undefined && target.set(context, changed) ? 1 : -1
    },
  }),
}
