/** Kamailio's tables for users, where they are, and what is set for them. `notation.ts` says how they are written. */
export const usersTables = `
group alias_db
table dbaliases 1
  id serial
  alias_username varchar(64) = ''
  alias_domain varchar(64) = ''
  username varchar(64) = ''
  domain varchar(64) = ''
  index alias_user_idx: alias_username
  index alias_idx: alias_username alias_domain
  index target_idx: username domain

group auth_db
table subscriber 7
  id serial
  username varchar(64) = ''
  domain varchar(64) = ''
  password varchar(64) = ''
  ha1 varchar(128) = ''
  ha1b varchar(128) = ''
  unique account_idx: username domain
  index username_idx: username

group avpops
table usr_preferences 2
  id serial
  uuid varchar(64) = ''
  username varchar(255) = 0
  domain varchar(64) = ''
  attribute varchar(32) = ''
  type int = 0
  value varchar(128) = ''
  last_modified datetime = '2000-01-01 00:00:01'
  index ua_idx: uuid attribute
  index uda_idx: username domain attribute

group domain
table domain 2
  id serial
  domain varchar(64)
  did varchar(64) null = NULL
  last_modified datetime = '2000-01-01 00:00:01'
  unique domain_idx: domain
table domain_attrs 1
  id serial
  did varchar(64)
  name varchar(32)
  type int unsigned
  value varchar(255)
  last_modified datetime = '2000-01-01 00:00:01'
  index domain_attrs_idx: did name

group domainpolicy
table domainpolicy 2
  id serial
  rule varchar(255)
  type varchar(255)
  att varchar(255) null
  val varchar(128) null
  description varchar(255)
  unique rav_idx: rule att val
  index rule_idx: rule

group group
table grp 2
  id serial
  username varchar(64) = ''
  domain varchar(64) = ''
  grp varchar(64) = ''
  last_modified datetime = '2000-01-01 00:00:01'
  unique account_group_idx: username domain grp
table re_grp 1
  id serial
  reg_exp varchar(128) = ''
  group_id int = 0
  index group_idx: group_id

group msilo
table silo 8
  id serial
  src_addr varchar(255) = ''
  dst_addr varchar(255) = ''
  username varchar(64) = ''
  domain varchar(64) = ''
  inc_time int = 0
  exp_time int = 0
  snd_time int = 0
  ctype varchar(32) = 'text/plain'
  body blob null
  extra_hdrs text null
  callid varchar(128) = ''
  status int = 0
  index account_idx: username domain

group registrar
table aliases 8
  id serial
  ruid varchar(64) = ''
  username varchar(64) = ''
  domain varchar(64) null = NULL
  contact varchar(255) = ''
  received varchar(255) null = NULL
  path varchar(512) null = NULL
  expires datetime = '2030-05-28 21:32:15'
  q float(10,2) = 1.0
  callid varchar(255) = 'Default-Call-ID'
  cseq int = 1
  last_modified datetime = '2000-01-01 00:00:01'
  flags int = 0
  cflags int = 0
  user_agent varchar(255) = ''
  socket varchar(64) null = NULL
  methods int null = NULL
  instance varchar(255) null = NULL
  reg_id int = 0
  server_id int = 0
  connection_id int = 0
  keepalive int = 0
  partition int = 0
  unique ruid_idx: ruid
  index account_contact_idx: username domain contact
  index expires_idx: expires

group speeddial
table speed_dial 2
  id serial
  username varchar(64) = ''
  domain varchar(64) = ''
  sd_username varchar(64) = ''
  sd_domain varchar(64) = ''
  new_uri varchar(255) = ''
  fname varchar(64) = ''
  lname varchar(64) = ''
  description varchar(64) = ''
  unique speed_dial_idx: username domain sd_domain sd_username

group uri_db
table uri 1
  id serial
  username varchar(64) = ''
  domain varchar(64) = ''
  uri_user varchar(64) = ''
  last_modified datetime = '2000-01-01 00:00:01'
  unique account_idx: username domain uri_user

group userblocklist
table userblocklist 1
  id serial
  username varchar(64) = ''
  domain varchar(64) = ''
  prefix varchar(64) = ''
  allowlist tinyint(1) = 0
  index userblocklist_idx: username domain prefix
table globalblocklist 1
  id serial
  prefix varchar(64) = ''
  allowlist tinyint(1) = 0
  description varchar(255) null = NULL
  index globalblocklist_idx: prefix

group usrloc
table location 9
  id serial
  ruid varchar(64) = ''
  username varchar(64) = ''
  domain varchar(64) null = NULL
  contact varchar(512) = ''
  received varchar(128) null = NULL
  path varchar(512) null = NULL
  expires datetime = '2030-05-28 21:32:15'
  q float(10,2) = 1.0
  callid varchar(255) = 'Default-Call-ID'
  cseq int = 1
  last_modified datetime = '2000-01-01 00:00:01'
  flags int = 0
  cflags int = 0
  user_agent varchar(255) = ''
  socket varchar(64) null = NULL
  methods int null = NULL
  instance varchar(255) null = NULL
  reg_id int = 0
  server_id int = 0
  connection_id int = 0
  keepalive int = 0
  partition int = 0
  unique ruid_idx: ruid
  index account_contact_idx: username domain contact
  index expires_idx: expires
  index tcpcon_idx: connection_id
  index connection_idx: server_id connection_id
table location_attrs 1
  id serial
  ruid varchar(64) = ''
  username varchar(64) = ''
  domain varchar(64) null = NULL
  aname varchar(64) = ''
  atype int = 0
  avalue varchar(512) = ''
  last_modified datetime = '2000-01-01 00:00:01'
  index account_record_idx: username domain ruid
  index last_modified_idx: last_modified

`
