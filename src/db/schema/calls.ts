/** Kamailio's tables for calls, media, and what guards them. `notation.ts` says how they are written. */
export const callsTables = `
group acc
table acc 5
  id serial
  method varchar(16) = ''
  from_tag varchar(128) = ''
  to_tag varchar(128) = ''
  callid varchar(255) = ''
  sip_code varchar(3) = ''
  sip_reason varchar(128) = ''
  time datetime
  index callid_idx: callid
table acc_cdrs 2
  id serial
  start_time datetime = '2000-01-01 00:00:00'
  end_time datetime = '2000-01-01 00:00:00'
  duration float(10,3) = 0
  index start_time_idx: start_time
table missed_calls 4
  id serial
  method varchar(16) = ''
  from_tag varchar(128) = ''
  to_tag varchar(128) = ''
  callid varchar(255) = ''
  sip_code varchar(3) = ''
  sip_reason varchar(128) = ''
  time datetime
  index callid_idx: callid

group cpl
table cpl 1
  id serial
  username varchar(64)
  domain varchar(64) = ''
  cpl_xml text null
  cpl_bin text null
  unique account_idx: username domain

group dialog
table dialog 7
  id serial
  hash_entry int unsigned
  hash_id int unsigned
  callid varchar(255)
  from_uri varchar(255)
  from_tag varchar(128)
  to_uri varchar(255)
  to_tag varchar(128)
  caller_cseq varchar(20)
  callee_cseq varchar(20)
  caller_route_set varchar(512) null
  callee_route_set varchar(512) null
  caller_contact varchar(255)
  callee_contact varchar(255)
  caller_sock varchar(64)
  callee_sock varchar(64)
  state int unsigned
  start_time int unsigned
  timeout int unsigned = 0
  sflags int unsigned = 0
  iflags int unsigned = 0
  toroute_name varchar(32) null
  req_uri varchar(255)
  xdata varchar(512) null
  index hash_idx: hash_entry hash_id
table dialog_vars 1
  id serial
  hash_entry int unsigned
  hash_id int unsigned
  dialog_key varchar(128)
  dialog_value varchar(512)
  index hash_idx: hash_entry hash_id

group htable
table htable 2
  id serial
  key_name varchar(64) = ''
  key_type int = 0
  value_type int = 0
  key_value varchar(128) = ''
  expires int = 0

group imc
table imc_rooms 1
  id serial
  name varchar(64)
  domain varchar(64)
  flag int
  unique name_domain_idx: name domain
table imc_members 1
  id serial
  username varchar(64)
  domain varchar(64)
  room varchar(64)
  flag int
  unique account_room_idx: username domain room

group mohqueue
table mohqcalls 1
  id serial
  mohq_id int unsigned
  call_id varchar(100)
  call_status int unsigned
  call_from varchar(100)
  call_contact varchar(100) null
  call_time datetime
  unique mohqcalls_idx: call_id
table mohqueues 1
  id serial
  name varchar(25)
  uri varchar(100)
  mohdir varchar(100) null
  mohfile varchar(100)
  debug int
  unique mohqueue_uri_idx: uri
  unique mohqueue_name_idx: name

group permissions
table trusted 6
  id serial
  src_ip varchar(50)
  proto varchar(4)
  from_pattern varchar(64) null = NULL
  ruri_pattern varchar(64) null = NULL
  tag varchar(64) null
  priority int = 0
  index peer_idx: src_ip
table address 6
  id serial
  grp int(11) unsigned = 1
  ip_addr varchar(50)
  mask int = 32
  port smallint(5) unsigned = 0
  tag varchar(64) null

group pipelimit
table pl_pipes 1
  id serial
  pipeid varchar(64) = ''
  algorithm varchar(32) = ''
  plimit int = 0

group rtpengine
table rtpengine 1
  id serial
  setid int unsigned = 0
  url varchar(64)
  weight int unsigned = 1
  disabled int(1) = 0
  stamp datetime = '1900-01-01 00:00:01'
  unique rtpengine_nodes: setid url

group rtpproxy
table rtpproxy 1
  id serial
  setid varchar(32) = 00
  url varchar(64) = ''
  flags int = 0
  weight int = 1
  description varchar(64) = ''

group sca
table sca_subscriptions 2
  id serial
  subscriber varchar(255)
  aor varchar(255)
  event int = 0
  expires int = 0
  state int = 0
  app_idx int = 0
  call_id varchar(255)
  from_tag varchar(128)
  to_tag varchar(128)
  record_route text null
  notify_cseq int
  subscribe_cseq int
  server_id int = 0
  unique sca_subscriptions_idx: subscriber call_id from_tag to_tag
  index sca_expires_idx: server_id expires
  index sca_subscribers_idx: subscriber event

group secfilter
table secfilter 1
  id serial
  action smallint = 0
  type smallint = 0
  data varchar(64) = ''
  index secfilter_idx: action type data

group siptrace
table sip_trace 4
  id serial
  time_stamp datetime = '2000-01-01 00:00:01'
  time_us int unsigned = 0
  callid varchar(255) = ''
  traced_user varchar(255) = ''
  msg mediumtext
  method varchar(50) = ''
  status varchar(255) = ''
  fromip varchar(64) = ''
  toip varchar(64) = ''
  fromtag varchar(128) = ''
  totag varchar(128) = ''
  direction varchar(4) = ''
  index traced_user_idx: traced_user
  index date_idx: time_stamp
  index fromip_idx: fromip
  index callid_idx: callid

group topos
table topos_d 2
  id serial
  rectime datetime
  x_context varchar(64) = ''
  s_method varchar(64) = ''
  s_cseq varchar(64) = ''
  a_callid varchar(255) = ''
  a_uuid varchar(255) = ''
  b_uuid varchar(255) = ''
  a_contact varchar(512) = ''
  b_contact varchar(512) = ''
  as_contact varchar(512) = ''
  bs_contact varchar(512) = ''
  a_tag varchar(255) = ''
  b_tag varchar(255) = ''
  a_rr mediumtext null
  b_rr mediumtext null
  s_rr mediumtext null
  iflags int unsigned = 0
  a_uri varchar(255) = ''
  b_uri varchar(255) = ''
  r_uri varchar(255) = ''
  a_srcaddr varchar(128) = ''
  b_srcaddr varchar(128) = ''
  a_socket varchar(128) = ''
  b_socket varchar(128) = ''
  index rectime_idx: rectime
  index a_callid_idx: a_callid
  index a_uuid_idx: a_uuid
  index b_uuid_idx: b_uuid
table topos_t 2
  id serial
  rectime datetime
  x_context varchar(64) = ''
  s_method varchar(64) = ''
  s_cseq varchar(64) = ''
  a_callid varchar(255) = ''
  a_uuid varchar(255) = ''
  b_uuid varchar(255) = ''
  direction int = 0
  x_via mediumtext null
  x_vbranch varchar(255) = ''
  x_rr mediumtext null
  y_rr mediumtext null
  s_rr mediumtext null
  x_uri varchar(255) = ''
  a_contact varchar(512) = ''
  b_contact varchar(512) = ''
  as_contact varchar(512) = ''
  bs_contact varchar(512) = ''
  x_tag varchar(255) = ''
  a_tag varchar(255) = ''
  b_tag varchar(255) = ''
  a_srcaddr varchar(255) = ''
  b_srcaddr varchar(255) = ''
  a_socket varchar(128) = ''
  b_socket varchar(128) = ''
  index rectime_idx: rectime
  index a_callid_idx: a_callid
  index x_vbranch_idx: x_vbranch
  index a_uuid_idx: a_uuid

group uac
table uacreg 5
  id serial
  l_uuid varchar(64) = ''
  l_username varchar(64) = ''
  l_domain varchar(64) = ''
  r_username varchar(64) = ''
  r_domain varchar(64) = ''
  realm varchar(64) = ''
  auth_username varchar(64) = ''
  auth_password varchar(64) = ''
  auth_ha1 varchar(128) = ''
  auth_proxy varchar(255) = ''
  expires int = 0
  flags int = 0
  reg_delay int = 0
  contact_addr varchar(255) = ''
  socket varchar(128) = ''
  unique l_uuid_idx: l_uuid

`
