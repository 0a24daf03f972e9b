/** Functions about URIs and numbers in texts and variables, and about parameters of the Request-URI. */
import { arg, fn, form, type FunctionDef, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { URI_BYTES_MAX } from '../../sip/rewrite-uri.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import { compareAors, compareUris } from './compare.ts'
import { alphanumeric, isE164, isUserE164, numeric, telNumber } from './number.ts'
import type { SipUtils } from './state.ts'
import { telToSip, telToSortedSip } from './telephone-uri.ts'
import { addParam, findParam, numberParams, removeParam, uriParams } from './uri-param.ts'
import { setHost, setUser } from './uri-text.ts'
import { wholeArgument } from '../../runtime/whole-argument.ts'

const text = arg.str('text', 'The text to look at.')
const first = arg.str('first', 'A URI.')
const second = arg.str('second', 'A URI.')
const name = arg.str('name', 'Name of the parameter.')
const readable = arg.variable('variable', 'The variable to look at.')

const truth = (isTrue: boolean): number => (isTrue ? 1 : -1)

const usesPhone2tel = ({ host }: SipUtils): boolean => host.settings.phone2tel !== 0

/** The Request-URI by its parts; undefined, with a line in the log, when it cannot be read. */
function requestUri({ host, message }: RouteContext): SipUri | undefined {
  const uri = message.parsedUri()
  if (!(uri instanceof ParseError)) return uri
  host.log.error('siputils', `ruri parsing failed: ${uri.reason}`)
  return undefined
}

/** A variable's value as text; undefined, with a line in the log, for `$null`. */
function textOf(context: RouteContext, variable: VariableHandle, what: string): string | undefined {
  const value = variable.get(context)
  if (value !== null) return String(value)
  context.host.log.error('siputils', `${what} is not string`)
  return undefined
}

type Convert = (uri: string, hostPart: string) => string | undefined

/** tel2sip() and its younger sister; `unchanged` is the result for URIs that are no tel: URI. */
const converting = (summary: string, convert: Convert, unchanged: number): FunctionDef<SipUtils> =>
  fn({
    summary,
    returns: { 1: 'converted', 2: 'no telephone URI', [-1]: 'not converted' },
    routes: ['request', 'failure', 'branch', 'onreply'],
    args: [
      wholeArgument('uri', 'The URI.'),
      wholeArgument('host', 'Host part of the SIP URI.'),
      arg.writable('result', 'Gets the SIP URI.'),
    ],
    run: (context, _state: SipUtils, uri, host, result) => {
      if (uri === undefined || host === undefined) return -1
      const converted = convert(uri, host)
      if (converted === undefined) return unchanged
      return truth(result.set(context, converted))
    },
  })

/** set_uri_user() and set_uri_host(). */
const changing = (
  summary: string,
  part: string,
  change: (uri: string, value: string) => string | undefined,
  refuses: (value: string) => boolean,
): FunctionDef<SipUtils> =>
  fn({
    summary,
    routes: 'any',
    args: [arg.writable('uri', 'Variable with the URI.'), arg.variable(part, `Variable with the ${part}.`)],
    run: (context, { host }: SipUtils, target, source) => {
      const uri = textOf(context, target, 'uri value')
      if (uri === undefined || uri === '') return -1
      const value = textOf(context, source, `uri${part} value`)
      if (value === undefined) return -1
      const changed = refuses(value) ? undefined : change(uri, value)
      if (changed === undefined || changed.length > URI_BYTES_MAX) {
        host.log.error('siputils', `the ${part} of ${uri} cannot be set to ${value}`)
        return -1
      }
      target.set(context, changed)
      return 1
    },
  })

export const uriFunctions: Readonly<Record<string, FunctionDef<SipUtils>>> = {
  uri_param: {
    summary: 'Tells whether the Request-URI has a parameter, without a value or with this one.',
    forms: [
      form({
        routes: ['request', 'branch', 'failure'],
        args: [name],
        run: (context, state: SipUtils, wanted) => {
          const uri = requestUri(context)
          return truth(uri !== undefined && findParam(numberParams(uri, usesPhone2tel(state)), wanted, false)?.value === '')
        },
      }),
      form({
        routes: ['request', 'branch', 'failure'],
        kemi: 'uri_param_value',
        args: [name, arg.str('value', 'Its value.')],
        run: (context, state: SipUtils, wanted, value) => {
          const uri = requestUri(context)
          return truth(uri !== undefined && findParam(numberParams(uri, usesPhone2tel(state)), wanted, false)?.value === value)
        },
      }),
    ],
  },
  uri_param_any: fn({
    summary: 'Tells whether the Request-URI has a parameter, whatever its value.',
    routes: ['request', 'branch', 'failure'],
    args: [name],
    run: (context, _state: SipUtils, wanted) => {
      const uri = requestUri(context)
      return truth(uri !== undefined && findParam(uriParams(uri), wanted, true) !== undefined)
    },
  }),
  add_uri_param: fn({
    summary: 'Adds a parameter to the Request-URI.',
    routes: ['request'],
    args: [arg.literal('parameter', '`name=value` or `name`.')],
    run: (context, { host }: SipUtils, param) => {
      if (param === '') return 1
      const uri = requestUri(context)
      const added = uri && addParam(uri, param)
      if (added === undefined) {
        if (uri) host.log.error('siputils', 'new ruri too long')
        return -1
      }
      context.message.setUri(added)
      return 1
    },
  }),
  get_uri_param: fn({
    summary: 'Gives the value of a parameter of the Request-URI.',
    routes: ['request', 'local'],
    args: [arg.literal('name', 'Name of the parameter.'), arg.writable('result', 'Gets the value.')],
    run: (context, state: SipUtils, wanted, result) => {
      const uri = requestUri(context)
      const param = uri && findParam(numberParams(uri, usesPhone2tel(state)), wanted, false)
      if (param === undefined) return -1
      result.set(context, param.value)
      return 1
    },
  }),
  uri_param_rm: fn({
    summary: 'Removes a parameter from the Request-URI.',
    returns: { 1: 'removed, or not there', [-1]: 'the URI or its parameters cannot be read' },
    routes: ['request', 'branch', 'failure'],
    args: [name],
    run: (context, _state: SipUtils, wanted) => {
      const uri = requestUri(context)
      const removed = uri && removeParam(uri, wanted)
      if (uri === undefined || removed === undefined) return -1
      if (removed !== uri.text) context.message.setUri(removed)
      return 1
    },
  }),
  tel2sip: converting('Writes a tel: URI as SIP URI, parameters as they stand.', telToSip, 2),
  tel2sip2: converting('Writes a tel: URI as SIP URI, parameters in the order of RFC 3261.', telToSortedSip, 1),
  is_uri: fn({
    summary: 'Tells whether a text is a URI.',
    routes: 'any',
    args: [text],
    run: (_context, _state: SipUtils, value) => truth(!(parseUri(value) instanceof ParseError)),
  }),
  is_e164: fn({
    summary: 'Tells whether the value of a variable is an E.164 number.',
    routes: ['request', 'failure', 'local'],
    args: [readable],
    run: (context, { params }: SipUtils, variable) => {
      const value = textOf(context, variable, 'pseudo variable value')
      return truth(value !== undefined && isE164(value, params.e164_max_len))
    },
  }),
  is_uri_user_e164: fn({
    summary: 'Tells whether the user of the URI in a variable is an E.164 number.',
    routes: 'any',
    args: [readable],
    run: (context, { params }: SipUtils, variable) => {
      const value = textOf(context, variable, 'pseudo variable value')
      return truth(value !== undefined && isUserE164(value, params.e164_max_len))
    },
  }),
  is_tel_number: fn({
    summary: 'Tells whether a text is a telephone number: digits, with + in front at will.',
    returns: { 1: 'it is', [-2]: 'it is not' },
    routes: 'any',
    args: [text],
    run: (_context, _state: SipUtils, value) => telNumber(value),
  }),
  is_numeric: fn({
    summary: 'Tells whether a text is digits alone.',
    returns: { 1: 'it is', [-2]: 'it is not' },
    routes: 'any',
    args: [text],
    run: (_context, _state: SipUtils, value) => numeric(value),
  }),
  is_alphanum: fn({
    summary: 'Tells whether a text is digits and ASCII letters alone.',
    returns: { 1: 'it is', [-2]: 'it is empty', [-3]: 'it is not' },
    routes: 'any',
    args: [text],
    run: (_context, _state: SipUtils, value) => alphanumeric(value, ''),
  }),
  is_alphanumex: fn({
    summary: 'Tells whether a text is digits, ASCII letters and the given characters alone.',
    returns: { 1: 'it is', [-2]: 'it is empty', [-3]: 'it is not' },
    routes: 'any',
    args: [text, arg.str('others', 'Further characters.')],
    run: (_context, _state: SipUtils, value, others) => alphanumeric(value, others),
  }),
  cmp_uri: fn({
    summary: 'Tells whether two URIs are the same (RFC 3261 section 19.1.4, without headers).',
    returns: { 1: 'the same', [-1]: 'different', [-2]: 'no URI' },
    routes: 'any',
    args: [first, second],
    run: (_context, state: SipUtils, one, two) => compareUris(one, two, usesPhone2tel(state)),
  }),
  cmp_aor: fn({
    summary: 'Tells whether two URIs have the same user, host and port.',
    returns: { 1: 'the same', [-1]: 'different', [-2]: 'no URI' },
    routes: 'any',
    args: [first, second],
    run: (_context, state: SipUtils, one, two) => compareAors(one, two, usesPhone2tel(state)),
  }),
  set_uri_user: changing('Sets the user of the URI in a variable; an empty one removes it.', 'user', setUser, () => false),
  set_uri_host: changing('Sets the host of the URI in a variable.', 'host', setHost, (value) => value === ''),
}
