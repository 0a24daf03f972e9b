import { param, type ParamValues } from '../../define/define.ts'

export const siputilsParams = {
  options_accept: param.str('*/*', 'Accept in replies of options_reply().'),
  options_accept_encoding: param.str('', 'Accept-Encoding in replies of options_reply().'),
  options_accept_language: param.str('en', 'Accept-Language in replies of options_reply().'),
  options_support: param.str('', 'Supported in replies of options_reply().'),
  contact_flds_separator: param.str('*', 'Its first character separates the parts of a packed contact.'),
  rpid_prefix: param.str('', 'Stands before the address in Remote-Party-ID.'),
  rpid_suffix: param.str(';party=calling;id-type=subscriber;screen=yes', 'Stands behind the address in Remote-Party-ID.'),
  rpid_avp: param.str('$avp(s:rpid)', 'The AVP with the address for Remote-Party-ID; empty for none.'),
  e164_max_len: param.int(16, 'The longest E.164 number, its + included.'),
  ring_timeout: param.int(0, 'Seconds a Call-ID is remembered; nothing reads it any more.', { reloadable: true }),
}

export type SipUtilsParams = ParamValues<typeof siputilsParams>
