import { param, type Param, type ParamValues } from '../../define/define.ts'

const none = (summary: string): Param<string | undefined> => ({ type: 'str', summary, initial: undefined })
const RELOADABLE = { reloadable: true }

export const registrarParams = {
  default_expires: param.int(3600, 'Seconds a contact lives that says nothing of it.', RELOADABLE),
  default_expires_range: param.int(0, 'Percent by which that is shortened at random.', { min: 0, max: 100, reloadable: true }),
  expires_range: param.int(0, 'Percent by which what the phone asks for is shortened at random.', { min: 0, max: 100, reloadable: true }),
  min_expires: param.int(60, 'The shortest life of a contact.', RELOADABLE),
  min_expires_mode: param.int(0, 'What is shorter is 0 prolonged, 1 refused with 423.'),
  max_expires: param.int(0, 'The longest life of a contact; 0 for no limit.', RELOADABLE),
  default_q: param.int(-1, 'q of contacts that say none, in thousandths; -1 for none.', { min: -1, max: 1000, reloadable: true }),
  append_branches: param.int(1, 'Let lookup() add further contacts as branches.', RELOADABLE),
  case_sensitive: param.int(0, 'Tell users apart that differ in case.', RELOADABLE),
  realm_prefix: param.str('', 'What is cut off the front of domains.', { ...RELOADABLE, cfgName: 'realm_pref' }),
  received_param: param.str('received', 'Parameter of contacts in replies that tells where the registration came from; empty for none.'),
  received_avp: none('AVP that says where the registration came from, as a URI.'),
  max_contacts: param.int(0, 'How many contacts an address may have; 0 for no limit.', RELOADABLE),
  retry_after: param.int(0, 'Seconds in Retry-After of 5xx replies; 0 for none.', RELOADABLE),
  sock_mode: param.int(0, 'Store the socket 0 as it is, 1 as it is advertised.'),
  sock_flag: param.int(-1, 'Flag of registrations whose socket stands in a header or in xavp_cfg.'),
  sock_hdr_name: none('That header.'),
  method_filtering: param.int(0, 'Let lookup() leave out contacts that do not know the method.'),
  use_path: param.int(0, 'Store Path.'),
  path_mode: param.int(2, 'Give Path back: 0 never, 1 to who supports it, 2 to who supports it and refuse others.'),
  path_use_received: param.int(0, 'Take `received` of the first Path as where the registration came from.'),
  path_check_local: param.int(0, 'Let lookup() skip a first Path that is this server.'),
  xavp_cfg: none('XAVP with settings: expires, q, max_contacts, socket, match_callid, match_received, match_contact, rlf_bflags.'),
  xavp_rcd: none('XAVP that gets what is known of contacts: ruid, received, contact, expires, path.'),
  xavp_rcd_mask: param.int(0, 'What to leave out there, as bits: 1 ruid, 2 contact, 4 expires, 8 received, 16 path.'),
  gruu_enabled: param.int(1, 'Tell phones their GRUUs.'),
  outbound_mode: param.int(0, 'Outbound (RFC 5626): 0 none, 1 supported, 2 required.', { min: 0, max: 2 }),
  regid_mode: param.int(0, 'reg-id counts 0 with outbound, 1 always.', { min: 0, max: 1 }),
  flow_timer: param.int(0, 'Seconds in Flow-Timer of replies to phones with outbound; 0 for none.', { min: 0, max: 999 }),
  contact_max_size: param.int(512, 'The longest URI of a contact.'),
  event_callback: param.str('', 'KEMI function for contacts that expire.'),
  lookup_filter_mode: param.int(0, 'What lookup() leaves out, as bits: 1 those without a flag of rlf_bflags, 2 without connection.'),
  use_expired_contacts: param.int(0, 'Take contacts that have expired for alive.', RELOADABLE),
}

export type RegistrarParams = ParamValues<typeof registrarParams>
