/**
 * Functions of KSR that are functions of the native script under other names, or with their arguments put together: by Kamailio's module,
 * `native`, or `native` and a template for each of its arguments, where `{0}` is what the script gives first. Facts about Kamailio.
 */
export const nativeNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  async: {
    task_route: 'async_task_route', ms_route: 'async_ms_route', route: 'async_route', task_data: 'async_task_data',
    task_group_route: 'async_task_group_route', task_group_data: 'async_task_group_data',
  },
  cfgutils: { lock_key2: 'lock {0}{1}', trylock_key2: 'trylock {0}{1}', unlock_key2: 'unlock {0}{1}' },
  corex: { append_branch_uri: 'append_branch', append_branch_uri_q: 'append_branch' },
  counters: { inc: 'cnt_inc', reset: 'cnt_reset', add: 'cnt_add' },
  crypto: { aes_decrypt: 'crypto_aes_decrypt', aes_encrypt: 'crypto_aes_encrypt', hmac_sha256: 'crypto_hmac_sha256' },
  debugger: { dbg_pv_dump_ex: 'dbg_pv_dump {0} {1}' },
  dialplan: { dp_translate_vars: 'dp_translate {0} {1}/{2}' },
  geoip2: { match: 'geoip2_match' },
  htable: {
    sht_lock: 'sht_lock {0}=>{1}', sht_unlock: 'sht_unlock {0}=>{1}', sht_rm_name_re: 'sht_rm_name_re {0}=>{1}',
    sht_rm_value_re: 'sht_rm_value_re {0}=>{1}',
  },
  http_async_client: { query: 'http_async_query' },
  ipops: { ip_is_in_subnet: 'is_in_subnet', is_ip4: 'is_ipv4', is_ip6: 'is_ipv6', is_ip6_reference: 'is_ipv6_reference' },
  jansson: { get: 'jansson_get' },
  jsonrpcs: { dispatch: 'jsonrpc_dispatch', exec: 'jsonrpc_exec', execx: 'jsonrpc_exec' },
  nathelper: {
    set_contact_alias_trim: 'set_contact_alias 1', handle_ruri_alias_mode: 'handle_ruri_alias', fix_nated_sdp_ip: 'fix_nated_sdp',
  },
  path: {
    add_path_user: 'add_path', add_path_user_params: 'add_path', add_path_received_user: 'add_path_received',
    add_path_received_user_params: 'add_path_received', add_path_advertised_address_user: 'add_path_advertised_address',
    add_path_advertised_address_user_params: 'add_path_advertised_address',
    add_path_received_advertised_address_user: 'add_path_received_advertised_address',
    add_path_received_advertised_address_user_params: 'add_path_received_advertised_address',
  },
  registrar: {
    save_uri: 'save', lookup_uri: 'lookup', registered_uri: 'registered', registered_flags: 'registered', registered_action: 'registered',
  },
  rr: { next_hop_route: 'rr_next_hop_route', record_route_params: 'record_route', record_route_preset_one: 'record_route_preset' },
  rtpproxy: {
    rtpproxy_answer0: 'rtpproxy_answer', rtpproxy_destroy0: 'rtpproxy_destroy', rtpproxy_manage0: 'rtpproxy_manage',
    rtpproxy_offer0: 'rtpproxy_offer', rtpproxy_answer_ip: 'rtpproxy_answer', rtpproxy_manage_ip: 'rtpproxy_manage',
    rtpproxy_offer_ip: 'rtpproxy_offer', set_rtpproxy_set: 'set_rtp_proxy_set',
  },
  sdpops: {
    sdp_content_flags: 'sdp_content', remove_media: 'sdp_remove_media', keep_codecs_by_id: 'sdp_keep_codecs_by_id',
    keep_codecs_by_name: 'sdp_keep_codecs_by_name', remove_codecs_by_id: 'sdp_remove_codecs_by_id',
    remove_codecs_by_name: 'sdp_remove_codecs_by_name', remove_line_by_prefix: 'sdp_remove_line_by_prefix',
  },
  siptrace: { sip_trace_dst_cid: 'sip_trace', sip_trace_dst_cid_type: 'sip_trace' },
  tcpops: {
    tcp_close_connection_id: 'tcp_close_connection', tcp_enable_closed_event_cid: 'tcp_enable_closed_event',
    tcp_keepalive_disable_cid: 'tcp_keepalive_disable', tcp_set_connection_lifetime_cid: 'tcp_set_connection_lifetime',
    tcp_keepalive_enable_cid: 'tcp_keepalive_enable',
  },
  textops: {
    set_body_multipart_mode: 'set_body_multipart', has_body_type: 'has_body', set_body_multipart_boundary: 'set_body_multipart   {0}',
    set_body_multipart_content: 'set_body_multipart', append_body_part_cd: 'append_body_part',
    append_body_part_hex_cd: 'append_body_part_hex',
  },
  textopsx: {
    keep_hf_re: 'keep_hf', remove_hf_value2: 'remove_hf_value2 {0}', fnmatch_ex: 'fnmatch',
  },
  tm: {
    t_drop_replies_all: 't_drop_replies', ki_t_load_contacts_mode: 't_load_contacts', t_lookup_cancel_flags: 't_lookup_cancel',
    t_relay_to_flags: 't_relay_to', t_set_fr_inv: 't_set_fr', t_relay_to_proxy_flags: 't_relay_to',
    t_relay_to_proxy: 't_relay_to',
  },
  tmx: { t_drop_rcode: 't_drop', t_cancel_callid_reason: 't_cancel_callid' },
  uac_redirect: {
    get_redirects: 'get_redirects {0}:{1}', get_redirects_all: 'get_redirects *', get_redirects_acc: 'get_redirects {0}:{1} {2}',
  },
  xhttp_prom: {
    check_uri: 'prom_check_uri', dispatch: 'prom_dispatch',
    ...leveled('counter_reset', 'prom_counter_reset'), ...leveled('gauge_reset', 'prom_gauge_reset'),
    ...leveled('counter_inc', 'prom_counter_inc'), ...leveled('gauge_set', 'prom_gauge_set'),
    ...leveled('histogram_observe', 'prom_histogram_observe'),
  },
  xhttp_rpc: { dispatch: 'dispatch_xhttp_rpc' },
}

/** One function for each number of labels. */
function leveled(name: string, native: string): Readonly<Record<string, string>> {
  return Object.fromEntries([0, 1, 2, 3].map((level) => [`${name}_l${level}`, native]))
}
