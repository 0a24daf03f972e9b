/**
 * Which module of Kamailio has which variables and transformations: facts for hints about configurations that use
 * modules which are not loaded, or not part of Kāhea yet. Names only.
 */

/** Modules with the variables they bring, without the dollar sign. */
export const kamailioVariables: Readonly<Record<string, string>> = {
  async: 'async',
  benchmark: 'BM_time_diff',
  cfgutils: 'RANDOM',
  cnxcc: 'cnxcc',
  corex: 'atkv cfg lsock',
  dialog: 'DLG_count DLG_lifetime DLG_status dlg dlg_ctx dlg_var',
  dispatcher: 'dsg dsv',
  erlang: 'erl_atom erl_list erl_pid erl_ref erl_tuple erl_xbuff',
  evapi: 'evapi',
  evrexec: 'evr',
  geoip: 'gip',
  geoip2: 'gip2',
  htable: 'sht shtcn shtcv shtdec shtex shtinc shtitkey shtitval shtrecord',
  http_async_client:
    'http_bs http_err http_hdr http_mb http_ml http_ok http_rb http_req http_req_id http_rr http_rs ' +
    'http_time http_xdata',
  http_client: 'curlerror httprhdr',
  ims_dialog: 'DLG_count DLG_lifetime DLG_status dlg dlg_ctx dlg_var',
  ims_diameter_server: 'diameter_application diameter_command diameter_request diameter_response',
  ims_registrar_pcscf: 'pcscf_asserted_identity pcscf_registration_contact',
  ims_registrar_scscf: 'ulc',
  ipops: 'HN dns naptrquery ptrquery srvquery',
  jsonrpcs: 'jsonrpl',
  jwt: 'jwt',
  jwt3: 'jwt3',
  kazoo: 'kzE kzR kzRK',
  kex: 'sruid',
  lwsc: 'lwsc',
  memcached: 'mcdec mcinc mct mctex',
  microhttpd: 'mhttpd',
  mqtt: 'mqtt',
  mqueue: 'mq_size mqk mqv',
  msrp: 'msrp',
  nat_traversal: 'keepalive.socket source_uri',
  nathelper: 'rr_count rr_top_count',
  nats: 'natsData',
  ndb_mongodb: 'mongodb',
  ndb_redis: 'redis redisd',
  nghttp2: 'nghttp2',
  nosip: 'nosip',
  nsq: 'nsqE',
  phonenum: 'phn',
  posops: 'pos',
  presence: 'notify_reply subs',
  ptimer: 'ptimer',
  pv:
    'AU Au Bf Eb Ec Ei Ej Ek En Eq Er Es Et Ev K Mf RAi RAp RAu RAut Ras Ri Rn Rp Ru Rut Sf TF TS TV Tb ' +
    'Tf Ts _s aU aa ad adc adn ado adr adu af ai ar au avp bF bR bf br branch bs cT ccp ci cl cnt conid ' +
    'cs csb ct cts ctu dP dd di dic dip dir dp ds du duri err.class err.info err.level err.rcode ' +
    'err.rreason expires fU fUl fd fn from from.domain from.user fs fsn fsp ft fu ful hdr hdrc hfl hflc ' +
    'ksr location_ua mF mb mbu mf mi ml msg msgbuf mt mts nh oP oU oUl od op ou ouri pU pd pn pp pr prid ' +
    'proto pu rP rU rUl rb rcv rd re recv rm rmid rp rpl rr rs rsi rt ru ruid rul ruri ruri.domain ' +
    'ruri.user rv rz sF sas sbranch sel sf shv shvinc si sid siz snd sndfrom sndto sp src_ip stat su sut ' +
    'tU tUl td time timef tn to to.domain to.user true tt tts tu ua utime utimef var version via0 via1 ' +
    'viaZ vn vz xavi xavp xavu',
  pv_headers: 'x_fU x_fd x_fn x_ft x_fu x_hdr x_rr x_rs x_tU x_td x_tn x_tt x_tu',
  registrar: 'ulc',
  rr: 'fti rdir route_uri tti',
  rtimer: 'rtimer_worker',
  rtpengine: 'rtpestat rtpstat',
  rtpproxy: 'rtppstat rtpstat',
  sdpops: 'sdp sdpitval',
  secsipid: 'secsipid',
  sipcapture: 'hep',
  sipdump: 'sipdump',
  sipt:
    'sipt sipt_called_party_nai sipt_calling_party_nai sipt_cpc sipt_hop_counter sipt_presentation ' +
    'sipt_screening',
  siptrace: 'siptrace',
  siputils: 'pcv',
  sl: 'ltt',
  smsops: 'rpdata smsack smsbody tpdu',
  sqlops: 'dbr sqlrows',
  ss7ops: 'isup',
  tcpops: 'tcp',
  textopsx: 'blitval hfitbody hfitname',
  tls:
    'tls tls_cipher_bits tls_cipher_info tls_description tls_my_issuer tls_my_issuer_cn ' +
    'tls_my_issuer_country tls_my_issuer_locality tls_my_issuer_organization tls_my_issuer_state ' +
    'tls_my_issuer_unit tls_my_raw_cert tls_my_san_count tls_my_san_email tls_my_san_hostname ' +
    'tls_my_san_ip tls_my_san_uri tls_my_serial tls_my_subject tls_my_subject_cn tls_my_subject_country ' +
    'tls_my_subject_locality tls_my_subject_organization tls_my_subject_state tls_my_subject_uid ' +
    'tls_my_subject_unit tls_my_urlencoded_cert tls_my_version tls_peer_expired tls_peer_issuer ' +
    'tls_peer_issuer_cn tls_peer_issuer_country tls_peer_issuer_locality tls_peer_issuer_organization ' +
    'tls_peer_issuer_state tls_peer_issuer_unit tls_peer_notAfter tls_peer_notBefore tls_peer_raw_cert ' +
    'tls_peer_revoked tls_peer_san_count tls_peer_san_email tls_peer_san_hostname tls_peer_san_ip ' +
    'tls_peer_san_uri tls_peer_selfsigned tls_peer_serial tls_peer_server_name tls_peer_subject ' +
    'tls_peer_subject_cn tls_peer_subject_country tls_peer_subject_locality tls_peer_subject_organization ' +
    'tls_peer_subject_state tls_peer_subject_uid tls_peer_subject_unit tls_peer_urlencoded_cert ' +
    'tls_peer_verified tls_peer_version tls_version',
  tls_wolfssl:
    'tls tls_cipher_bits tls_cipher_info tls_description tls_my_issuer tls_my_issuer_cn ' +
    'tls_my_issuer_country tls_my_issuer_locality tls_my_issuer_organization tls_my_issuer_state ' +
    'tls_my_issuer_unit tls_my_raw_cert tls_my_san_email tls_my_san_hostname tls_my_san_ip tls_my_san_uri ' +
    'tls_my_serial tls_my_subject tls_my_subject_cn tls_my_subject_country tls_my_subject_locality ' +
    'tls_my_subject_organization tls_my_subject_state tls_my_subject_uid tls_my_subject_unit ' +
    'tls_my_urlencoded_cert tls_my_version tls_peer_expired tls_peer_issuer tls_peer_issuer_cn ' +
    'tls_peer_issuer_country tls_peer_issuer_locality tls_peer_issuer_organization tls_peer_issuer_state ' +
    'tls_peer_issuer_unit tls_peer_notAfter tls_peer_notBefore tls_peer_raw_cert tls_peer_revoked ' +
    'tls_peer_san_email tls_peer_san_hostname tls_peer_san_ip tls_peer_san_uri tls_peer_selfsigned ' +
    'tls_peer_serial tls_peer_server_name tls_peer_subject tls_peer_subject_cn tls_peer_subject_country ' +
    'tls_peer_subject_locality tls_peer_subject_organization tls_peer_subject_state tls_peer_subject_uid ' +
    'tls_peer_subject_unit tls_peer_urlencoded_cert tls_peer_verified tls_peer_version tls_version',
  tmx: 'T T_branch T_branch_idx T_inv T_reply_code T_reply_last T_reply_reason T_reply_ruid T_req T_rpl',
  topoh: 'th',
  uac: 'uac_req',
  uuid: 'uuid',
  websocket: 'ws_conid',
  xcap_server: 'xcapuri',
  xhttp: 'hu',
  xlog: 'C',
  xmlops: 'xml',
}

/** Modules with the classes of transformations they bring: `s` of `{s.len}`. */
export const kamailioTransformations: Readonly<Record<string, string>> = {
  corex: 'sock',
  json: 'json',
  kazoo: 'kz',
  msrp: 'msrpuri',
  pv: 'line nameaddr num param s tobody uri urialias val',
  sqlops: 'sql',
  textops: 're',
  xhttp: 'url',
}
