/** Functions about the message as a whole. */
import { arg, fn, form, type FunctionDef } from '../../define/define.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { hasOptionTag } from '../../sip/headers/option-tags.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam, type SipUri } from '../../sip/uri.ts'
import { slApi } from '../sl/api.ts'
import { handleVector } from './charging-vector.ts'
import { compareHeaderNames } from './compare.ts'
import { checkDate } from './date-check.ts'
import { isFirstHop } from './first-hop.ts'
import { replyToOptions } from './options.ts'
import { appendRemoteParty, isRemotePartyE164 } from './remote-party.ts'
import type { SipUtils } from './state.ts'

const truth = (isTrue: boolean): number => (isTrue ? 1 : -1)

const OPTION_TAGS = ['path', '100rel', 'timer', 'eventlist', 'gruu', 'outbound']

const optionTag = arg.custom<string>('option', OPTION_TAGS.join(', '), (text) =>
  OPTION_TAGS.includes(text.toLowerCase()) ? { fixed: text } : `unknown option <${text}>`,
)

/** `gr` with a value is 1 (public), without 2 (temporary); in the middle an empty one behind `=` is none. */
function gruuKind(uri: SipUri): number {
  const value = uriParam(uri, 'gr')
  if (value === undefined) return -1
  if (value !== '') return 1
  return /(^|;)gr=;/i.test(uri.params) ? -1 : 2
}

export const messageFunctions: Readonly<Record<string, FunctionDef<SipUtils>>> = {
  options_reply: fn({
    summary: 'Answers an OPTIONS request to this server itself with what it can do.',
    returns: { 1: 'answered', [-1]: 'another method, a user in the Request-URI, or not sent' },
    routes: ['request'],
    args: [],
    run: (context, { host, params }: SipUtils) => {
      const sl = host.api(slApi)
      return sl === undefined ? -1 : replyToOptions(context, sl, params)
    },
  }),
  is_user: fn({
    summary: 'Tells whether the credentials that were checked are this user\'s.',
    routes: ['request', 'local'],
    args: [arg.str('user', 'User name.')],
    run: ({ message }, { host }: SipUtils, user) => {
      const checked = message.checkedAuthorization ?? message.checkedProxyAuthorization
      if (checked === undefined) {
        host.log.error('siputils', 'no authorized credentials found (error in scripts)')
        host.log.error('siputils', 'Call {www,proxy}_authorize before calling is_user function !')
        return -1
      }
      return truth(checked.credentials.user !== '' && checked.credentials.user === user)
    },
  }),
  has_totag: fn({
    summary: 'Tells whether To has a tag.',
    routes: 'any',
    args: [],
    run: ({ message }, { host }: SipUtils) => {
      const to = message.to()
      if (to !== undefined && !(to instanceof ParseError)) return truth((to.tag ?? '') !== '')
      host.log.error('siputils', to === undefined ? 'no To' : 'To parsing failed')
      return -1
    },
  }),
  is_request: fn({
    summary: 'Tells whether the message is a request.',
    routes: 'any',
    args: [],
    run: ({ message }) => truth(message.isRequest),
  }),
  is_reply: fn({
    summary: 'Tells whether the message is a reply.',
    routes: 'any',
    args: [],
    run: ({ message }) => truth(!message.isRequest),
  }),
  is_sip: fn({
    summary: 'Tells whether the message is SIP.',
    routes: 'any',
    args: [],
    run: ({ message }) => truth(message.version.slice(0, 4).toUpperCase() === 'SIP/'),
  }),
  is_http: fn({
    summary: 'Tells whether the message is HTTP.',
    routes: 'any',
    args: [],
    run: ({ message }) => truth(message.version.slice(0, 5).toUpperCase() === 'HTTP/'),
  }),
  is_gruu: {
    summary: 'Tells whether a URI, or the Request-URI, is a GRUU.',
    returns: { 1: 'public', 2: 'temporary', [-1]: 'none, or no URI' },
    forms: [
      form({
        routes: 'any',
        args: [arg.optional(arg.str('uri', 'The URI to look at.'))],
        run: ({ message }, { host }: SipUtils, text) => {
          const uri = text === undefined ? message.parsedUri() : parseUri(text)
          if (!(uri instanceof ParseError)) return gruuKind(uri)
          host.log.error('siputils', `parsing of uri '${text ?? message.uri}' failed`)
          return -1
        },
      }),
    ],
  },
  is_supported: fn({
    summary: 'Tells whether Supported has an option tag.',
    routes: 'any',
    args: [optionTag],
    run: ({ message }, _state: SipUtils, tag) => truth(hasOptionTag(message, HeaderType.supported, tag)),
  }),
  is_first_hop: {
    summary: 'Tells whether the message comes from the first or last hop, as far as Via and Record-Route tell.',
    forms: [
      form({
        routes: 'any',
        args: [],
        run: ({ message }, { host }: SipUtils) => truth(isFirstHop(host.network, message, 0)),
      }),
      form({
        routes: 'any',
        kemi: 'is_first_hop_mode',
        args: [arg.int('mode', '1: a reply\'s own Record-Route may be a name, and loops are not looked for.')],
        run: ({ message }, { host }: SipUtils, mode) => truth(isFirstHop(host.network, message, mode)),
      }),
    ],
  },
  cmp_hdr_name: fn({
    summary: 'Tells whether two texts name the same header.',
    returns: { 1: 'the same', [-1]: 'different', [-2]: 'different and smaller, or no name' },
    routes: 'any',
    args: [arg.str('first', 'Name of a header.'), arg.str('second', 'Name of a header.')],
    run: (_context, _state: SipUtils, first, second) => compareHeaderNames(first, second),
  }),
  append_rpid_hf: {
    summary: 'Adds Remote-Party-ID with the address in the AVP.',
    forms: [
      form({
        routes: ['request', 'branch', 'failure'],
        args: [],
        run: (context, { params, rpidAvp }: SipUtils) =>
          appendRemoteParty(context, rpidAvp, params.rpid_prefix, params.rpid_suffix),
      }),
      form({
        routes: ['request', 'branch', 'failure'],
        args: [arg.literal('prefix', 'Text before the address.'), arg.literal('suffix', 'Text behind it.')],
        run: (context, { rpidAvp }: SipUtils, prefix, suffix) => appendRemoteParty(context, rpidAvp, prefix, suffix),
      }),
    ],
  },
  is_rpid_user_e164: fn({
    summary: 'Tells whether the address in the AVP for Remote-Party-ID has an E.164 number as user.',
    routes: ['request'],
    args: [],
    run: (context, { params, rpidAvp }: SipUtils) => truth(isRemotePartyE164(context, rpidAvp, params.e164_max_len)),
  }),
  sip_p_charging_vector: fn({
    summary: 'Removes or makes P-Charging-Vector.',
    routes: 'any',
    args: [arg.str('flags', 'r removes it, g makes one where there is none, f makes one in any case.')],
    run: ({ message }, { vectors }: SipUtils, flags) => handleVector(vectors, message, flags),
  }),
  hdr_date_check: fn({
    summary: 'Tells whether Date is no more than some seconds ago.',
    returns: { 1: 'it is', [-1]: 'absent or unreadable', [-2]: 'before 1970', [-4]: 'longer ago' },
    routes: 'any',
    args: [arg.int('seconds', 'How old it may be.')],
    run: ({ message }, { host }: SipUtils, seconds) => checkDate(host, message, seconds),
  }),
  sip_parse_headers: fn({
    summary: 'Reads all headers; false when one cannot be read.',
    routes: 'any',
    args: [],
    run: ({ message }) => {
      message.headers()
      return truth(message.error === undefined)
    },
  }),
}
