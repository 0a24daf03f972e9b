import { param } from '../../define/define.ts'

export const nathelperParams = {
  natping_interval: param.int(0, 'Seconds between two pings of a contact; 0 for none.', { min: 0 }),
  ping_nated_only: param.int(0, 'Ping contacts with nat_bflag of usrloc only.'),
  nortpproxy_str: param.str('a=nortpproxy:yes', 'Line that fix_nated_sdp() marks session descriptions with.'),
  received_avp: param.str('', 'AVP in which fix_nated_register() leaves where a REGISTER came from; the registrar has the same.'),
  force_socket: param.str('', 'Socket that pings leave from.'),
  sipping_from: param.str('', 'From of pings that are requests.'),
  sipping_method: param.str('OPTIONS', 'Their method.'),
  sipping_bflag: param.int(-1, 'Branch flag of contacts that are pinged by requests.'),
  natping_disable_bflag: param.int(-1, 'Branch flag of contacts that are not pinged.'),
  natping_processes: param.int(1, 'Parts that contacts are pinged in: so many a second are at work.'),
  natping_socket: param.str('', 'Address to send bare pings from that is none of this server; needs raw sockets, and is ignored.'),
  keepalive_timeout: param.int(0, 'Seconds after which a contact that answers no ping is removed; 0 for never.'),
  udpping_from_path: param.int(0, 'Send bare pings from the address of the Path; needs raw sockets, and is ignored.'),
  append_sdp_oldmediaip: param.int(1, 'Keep the old address in a line a=oldmediaip.'),
  filter_server_id: param.int(0, 'Ping contacts that registered at this server (server_id) only.'),
  nat_addr_mode: param.int(1, 'What counts as private: 0 RFC 1918, RFC 6598 and 192.0.0.0/29, 1 all of 192.0.0.0/24 too.'),
  alias_name: param.str('', 'Name of the parameter alias.'),
}
