import { param } from '../../define/define.ts'

export const rtpproxyParams = {
  rtpproxy_sock: param.list('Media proxies, `[set ==] udp:host:port[=weight] unix:/path ...`; given again for further sets.'),
  rtpproxy_disable_tout: param.int(60, 'Seconds that a proxy which does not answer is left alone.'),
  rtpproxy_tout: param.int(1, 'Seconds to wait for an answer.', { min: 0, max: 30 }),
  rtpproxy_retr: param.int(5, 'How often a command is sent over UDP.', { min: 0, max: 20 }),
  nortpproxy_str: param.str('a=nortpproxy:yes', 'Line that marks descriptions which went through a proxy.'),
  timeout_socket: param.str('', 'Where proxies tell of calls without media.'),
  timeout_tag_pv: param.str('', 'Accepted as later versions have it; their proxies get no tag.'),
  ice_candidate_priority_avp: param.str('', 'AVP with the priority of relay candidates: 0 none, 1 high, 2 low.'),
  extra_id_pv: param.str('', 'What flag b adds to the Call-ID.'),
  rtp_inst_pvar: param.str('', 'Variable that gets the URL of the proxy in use.'),
  db_url: param.str('', 'Database with the proxies, in place of rtpproxy_sock.'),
  table_name: param.str('rtpproxy', 'Its table.'),
}
