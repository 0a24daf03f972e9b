/** Kamailio's tables for the uid_* modules. `notation.ts` says how they are written. */
export const uidTables = `
group uid_auth_db
table uid_credentials 7
  id serial
  auth_username varchar(64)
  did varchar(64) = '_default'
  realm varchar(64)
  password varchar(28) = ''
  flags int = 0
  ha1 varchar(32)
  ha1b varchar(32) = ''
  uid varchar(64)
  index cred_idx: auth_username did
  index uid: uid
  index did_idx: did
  index realm_idx: realm

group uid_avp_db
table uid_user_attrs 3
  id serial
  uid varchar(64)
  name varchar(32)
  value varchar(128) null
  type int = 0
  flags int unsigned = 0
  unique userattrs_idx: uid name value

group uid_domain
table uid_domain 2
  id serial
  did varchar(64)
  domain varchar(64)
  flags int unsigned = 0
  unique domain_idx: domain
  index did_idx: did
table uid_domain_attrs 1
  id serial
  did varchar(64) null
  name varchar(32)
  type int = 0
  value varchar(128) null
  flags int unsigned = 0
  unique domain_attr_idx: did name value
  index domain_did: did flags

group uid_gflags
table uid_global_attrs 1
  id serial
  name varchar(32)
  type int = 0
  value varchar(128) null
  flags int unsigned = 0
  unique global_attrs_idx: name value

group uid_uri_db
table uid_uri 3
  id serial
  uid varchar(64)
  did varchar(64)
  username varchar(64)
  flags int unsigned = 0
  scheme varchar(8) = 'sip'
  index uri_idx1: username did scheme
  index uri_uid: uid
table uid_uri_attrs 2
  id serial
  username varchar(64)
  did varchar(64)
  name varchar(32)
  value varchar(128) null
  type int = 0
  flags int unsigned = 0
  scheme varchar(8) = 'sip'
  unique uriattrs_idx: username did name value scheme

`
