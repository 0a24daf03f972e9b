/** Kamailio's tables for where calls go. `notation.ts` says how they are written. */
export const routingTables = `
group carrierroute
table carrierroute 3
  id serial
  carrier int unsigned = 0
  domain int unsigned = 0
  scan_prefix varchar(64) = ''
  flags int(11) unsigned = 0
  mask int(11) unsigned = 0
  prob float = 0
  strip int(11) unsigned = 0
  rewrite_host varchar(255) = ''
  rewrite_prefix varchar(64) = ''
  rewrite_suffix varchar(64) = ''
  description varchar(255) null = NULL
table carrierfailureroute 2
  id serial
  carrier int unsigned = 0
  domain int unsigned = 0
  scan_prefix varchar(64) = ''
  host_name varchar(255) = ''
  reply_code varchar(3) = ''
  flags int(11) unsigned = 0
  mask int(11) unsigned = 0
  next_domain int unsigned = 0
  description varchar(255) null = NULL
table carrier_name 1
  id serial
  carrier varchar(64) null = NULL
table domain_name 1
  id serial
  domain varchar(64) null = NULL

group dialplan
table dialplan 2
  id serial
  dpid int
  pr int
  match_op int
  match_exp varchar(64)
  match_len int
  subst_exp varchar(64)
  repl_exp varchar(256)
  attrs varchar(64)

group dispatcher
table dispatcher 4
  id serial
  setid int = 0
  destination varchar(192) = ''
  flags int = 0
  priority int = 0
  attrs varchar(128) = ''
  description varchar(64) = ''

group drouting
table dr_gateways 3
  gwid serial
  type int(11) unsigned = 0
  address varchar(128)
  strip int(11) unsigned = 0
  pri_prefix varchar(64) null = NULL
  attrs varchar(255) null = NULL
  description varchar(128) = ''
table dr_rules 3
  ruleid serial
  groupid varchar(255)
  prefix varchar(64)
  timerec varchar(255)
  priority int = 0
  routeid varchar(64)
  gwlist varchar(255)
  description varchar(128) = ''
table dr_gw_lists 1
  id serial
  gwlist varchar(255)
  description varchar(128) = ''
table dr_groups 2
  id serial
  username varchar(64)
  domain varchar(128) = ''
  groupid int(11) unsigned = 0
  description varchar(128) = ''

group lcr
table lcr_gw 3
  id serial
  lcr_id smallint unsigned
  gw_name varchar(128) null
  ip_addr varchar(50) null
  hostname varchar(64) null
  port smallint unsigned null
  params varchar(64) null
  uri_scheme tinyint unsigned null
  transport tinyint unsigned null
  strip tinyint unsigned null
  prefix varchar(16) null = NULL
  tag varchar(64) null = NULL
  flags int unsigned = 0
  defunct int unsigned null = NULL
  index lcr_id_idx: lcr_id
table lcr_rule_target 1
  id serial
  lcr_id smallint unsigned
  rule_id int unsigned
  gw_id int unsigned
  priority tinyint unsigned
  weight int unsigned = 1
  unique rule_id_gw_id_idx: rule_id gw_id
  index lcr_id_idx: lcr_id
table lcr_rule 3
  id serial
  lcr_id smallint unsigned
  prefix varchar(16) null = NULL
  from_uri varchar(64) null = NULL
  request_uri varchar(64) null = NULL
  mt_tvalue varchar(128) null = NULL
  stopper int unsigned = 0
  enabled int unsigned = 1
  unique lcr_id_prefix_from_uri_idx: lcr_id prefix from_uri

group matrix
table matrix 1
  id serial
  first int(10)
  second smallint(10)
  res int(10)
  index matrix_idx: first second

group mtree
table mtree 1
  id serial
  tprefix varchar(32) = ''
  tvalue varchar(128) = ''
  unique tprefix_idx: tprefix
table mtrees 2
  id serial
  tname varchar(128) = ''
  tprefix varchar(32) = ''
  tvalue varchar(128) = ''
  unique tname_tprefix_tvalue_idx: tname tprefix tvalue

group pdt
table pdt 1
  id serial
  sdomain varchar(255)
  prefix varchar(32)
  domain varchar(255) = ''
  unique sdomain_prefix_idx: sdomain prefix

`
