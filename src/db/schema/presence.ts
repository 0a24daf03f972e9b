/** Kamailio's tables for presence. `notation.ts` says how they are written. */
export const presenceTables = `
group presence
table presentity 5
  id serial
  username varchar(64)
  domain varchar(64)
  event varchar(64)
  etag varchar(128)
  expires int
  received_time int
  body blob
  sender varchar(255)
  priority int = 0
  ruid varchar(64) null
  unique presentity_idx: username domain event etag
  unique ruid_idx: ruid
  index presentity_expires: expires
  index account_idx: username domain event
table active_watchers 12
  id serial
  presentity_uri varchar(255)
  watcher_username varchar(64)
  watcher_domain varchar(64)
  to_user varchar(64)
  to_domain varchar(64)
  event varchar(64) = 'presence'
  event_id varchar(64) null
  to_tag varchar(128)
  from_tag varchar(128)
  callid varchar(255)
  local_cseq int
  remote_cseq int
  contact varchar(255)
  record_route text null
  expires int
  status int = 2
  reason varchar(64) null
  version int = 0
  socket_info varchar(64)
  local_contact varchar(255)
  from_user varchar(64)
  from_domain varchar(64)
  updated int
  updated_winfo int
  flags int = 0
  user_agent varchar(255) null = ''
  unique active_watchers_idx: callid to_tag from_tag
  index active_watchers_expires: expires
  index active_watchers_pres: presentity_uri event
  index updated_idx: updated
  index updated_winfo_idx: updated_winfo presentity_uri
table watchers 3
  id serial
  presentity_uri varchar(255)
  watcher_username varchar(64)
  watcher_domain varchar(64)
  event varchar(64) = 'presence'
  status int
  reason varchar(64) null
  inserted_time int
  unique watcher_idx: presentity_uri watcher_username watcher_domain event
table xcap 4
  id serial
  username varchar(64)
  domain varchar(64)
  doc mediumblob
  doc_type int
  etag varchar(128)
  source int
  doc_uri varchar(255)
  port int
  unique doc_uri_idx: doc_uri
  index account_doc_type_idx: username domain doc_type
  index account_doc_type_uri_idx: username domain doc_type doc_uri
  index account_doc_uri_idx: username domain doc_uri
table pua 7
  id serial
  pres_uri varchar(255)
  pres_id varchar(255)
  event int
  expires int
  desired_expires int
  flag int
  etag varchar(128)
  tuple_id varchar(64) null
  watcher_uri varchar(255)
  call_id varchar(255)
  to_tag varchar(128)
  from_tag varchar(128)
  cseq int
  record_route text null
  contact varchar(255)
  remote_contact varchar(255)
  version int
  extra_headers text
  unique pua_idx: etag tuple_id call_id from_tag
  index expires_idx: expires
  index dialog1_idx: pres_id pres_uri
  index dialog2_idx: call_id from_tag
  index record_idx: pres_id

group purple
table purplemap 1
  id serial
  sip_user varchar(255)
  ext_user varchar(255)
  ext_prot varchar(16)
  ext_pass varchar(64) null

group rls
table rls_presentity 1
  id serial
  rlsubs_did varchar(255)
  resource_uri varchar(255)
  content_type varchar(255)
  presence_state blob
  expires int
  updated int
  auth_state int
  reason varchar(64)
  unique rls_presentity_idx: rlsubs_did resource_uri
  index rlsubs_idx: rlsubs_did
  index updated_idx: updated
  index expires_idx: expires
table rls_watchers 3
  id serial
  presentity_uri varchar(255)
  to_user varchar(64)
  to_domain varchar(64)
  watcher_username varchar(64)
  watcher_domain varchar(64)
  event varchar(64) = 'presence'
  event_id varchar(64) null
  to_tag varchar(128)
  from_tag varchar(128)
  callid varchar(255)
  local_cseq int
  remote_cseq int
  contact varchar(255)
  record_route text null
  expires int
  status int = 2
  reason varchar(64)
  version int = 0
  socket_info varchar(64)
  local_contact varchar(255)
  from_user varchar(64)
  from_domain varchar(64)
  updated int
  unique rls_watcher_idx: callid to_tag from_tag
  index rls_watchers_update: watcher_username watcher_domain event
  index rls_watchers_expires: expires
  index updated_idx: updated

`
