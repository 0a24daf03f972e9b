import { param } from '../../define/define.ts'
import type { ParamValues } from '../../define/define.ts'

/** What goes into a nonce besides the time, as bits. */
const CHECKS = 'bits: 1 Request-URI, 2 Call-ID, 4 From tag, 8 source address.'

export const authParams = {
  secret: param.str('', 'Secret that nonces are made with; a random one when empty. Servers that take each other\'s nonces share it.'),
  nonce_expire: param.int(300, 'How long a nonce is good for, in seconds.'),
  nonce_auth_max_drift: param.int(3, 'How many seconds a nonce may come from the future.'),
  protect_contacts: param.int(0, 'Without effect.'),
  challenge_attr: param.str('$digest_challenge', 'AVP for challenges that are not sent at once.'),
  proxy_challenge_header: param.str('Proxy-Authenticate', 'Name of the header for challenges of a proxy.'),
  www_challenge_header: param.str('WWW-Authenticate', 'Name of the header for challenges of a registrar.'),
  qop: param.str('auth', 'Quality of protection in challenges that other modules make: auth, auth-int or empty.'),
  auth_checks_register: param.int(0, `What must be the same in a REGISTER and its challenge, ${CHECKS}`),
  auth_checks_no_dlg: param.int(0, `What must be the same in a request outside of dialogs and its challenge, ${CHECKS}`),
  auth_checks_in_dlg: param.int(0, `What must be the same in a request in a dialog and its challenge, ${CHECKS}`),
  nonce_count: param.int(0, 'Refuse answers whose nc is not above the last one.'),
  nc_array_size: param.int(0, 'Nonces whose nc is remembered: a power of 2, 1048576 when 0.'),
  nc_array_order: param.int(0, 'The same as an exponent of 2.'),
  one_time_nonce: param.int(0, 'Take each nonce once.'),
  otn_in_flight_no: param.int(0, 'Nonces that one_time_nonce remembers: a power of 2, 1048576 when 0.'),
  otn_in_flight_order: param.int(0, 'The same as an exponent of 2.'),
  nid_pool_no: param.int(0, 'Parts of the memory of nonces: a power of 2 up to 64, 1 when 0.'),
  force_stateless_reply: param.int(0, 'Challenge without the transaction, even if there is one.'),
  realm_prefix: param.str('', 'Left out of realms that begin with it.'),
  use_domain: param.int(0, 'pv_auth_check() compares the hosts of From, To and Request-URI as well.'),
  algorithm: param.str('', 'MD5, SHA-256, or empty: MD5 that is not named in challenges.'),
  add_authinfo_hdr: param.int(0, 'Add Authentication-Info to the reply: the server\'s own proof and the next nonce.'),
}

export type AuthParams = ParamValues<typeof authParams>
