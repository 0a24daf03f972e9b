/**
 * Functions of Kamailio 5.6.3 whose arguments must be known when the file is read: `f("$var(x)")` is, `f($var(x))` is not.
 * By module, each with the number of arguments; found by asking Kamailio for each function of its modules.
 */
export const constantArguments: Readonly<Record<string, string>> = {
  alias_db: 'alias_db_find/3 alias_db_find/4 alias_db_lookup/1 alias_db_lookup/2',
  app_jsdt: 'jsdt_run/1 jsdt_run/2 jsdt_run/3 jsdt_run/4',
  async:
    'async_ms_route/2 async_ms_sleep/1 async_route/2 async_sleep/1 async_task_data/2 ' +
    'async_task_group_data/3 async_task_group_route/2 async_task_route/1',
  auth:
    'auth_challenge/2 auth_get_www_authenticate/3 proxy_challenge/2 pv_auth_check/4 ' +
    'pv_proxy_authenticate/3 pv_proxy_authorize/3 pv_www_authenticate/3 pv_www_authenticate/4 ' +
    'pv_www_authorize/3 www_challenge/2',
  auth_db:
    'auth_check/3 is_subscriber/3 proxy_authenticate/2 proxy_authorize/2 www_authenticate/2 ' +
    'www_authenticate/3 www_authorize/2',
  auth_diameter: 'diameter_is_user_in/2 diameter_proxy_authorize/1 diameter_www_authorize/1',
  auth_xkeys: 'auth_xkeys_add/4 auth_xkeys_check/4',
  avp:
    'append_attr_hf/1 append_attr_hf/2 attr2uri/1 attr2uri/2 attr_destination/1 attr_equals_xl/2 ' +
    'attr_to_reply/1 attr_to_reply/2 del_attr/1 del_attrs/1 dump_attrs/1 flags2attr/1 hdr_body2attrs/2 ' +
    'hdr_body2attrs2/2 insert_attr_hf/1 insert_attr_hf/2 print_attr/1 replace_attr_hf/1 replace_attr_hf/2 ' +
    'set_iattr/2 subst_attr/2 xlfix_attr/1 xlset_attr/2 xlset_destination/1',
  avpops:
    'avp_check/2 avp_copy/2 avp_db_delete/2 avp_db_load/2 avp_db_query/1 avp_db_query/2 avp_db_store/2 ' +
    'avp_delete/1 avp_op/2 avp_pushto/2 avp_subst/2 is_avp_set/1',
  benchmark: 'bm_log_timer/1 bm_start_timer/1',
  carrierroute:
    'cr_next_domain/6 cr_nofallback_route/5 cr_nofallback_route/6 cr_route/5 cr_route/6 cr_user_carrier/3',
  cfgutils: 'core_hash/3 is_gflag/1 rand_set_prob/1 reset_gflag/1 set_gflag/1',
  corex: 'file_read/2',
  counters: 'cnt_add/2 cnt_inc/1 cnt_reset/1',
  db2_ops: 'db_close/1 db_first/1 db_foreach/2 db_next/1 db_query/1 db_query/2 db_seek/2',
  debugger: 'dbg_breakpoint/1 dbg_pv_dump/1 dbg_pv_dump/2 dbg_sip_msg/1 dbg_sip_msg/2',
  dialog:
    'dlg_bridge/3 dlg_bye/1 dlg_get/3 dlg_refer/2 dlg_remote_profile/5 dlg_set_timeout/3 ' +
    'dlg_set_timeout_by_profile/2 dlg_set_timeout_by_profile/3 get_profile_size/2 get_profile_size/3 ' +
    'is_in_profile/1 is_in_profile/2 set_dlg_profile/1 set_dlg_profile/2 unset_dlg_profile/1 ' +
    'unset_dlg_profile/2',
  dialplan: 'dp_translate/1 dp_translate/2',
  dispatcher:
    'ds_is_from_list/2 ds_is_from_list/3 ds_list_exist/1 ds_list_exists/1 ds_mark_dst/1 ds_select/3 ' +
    'ds_select_domain/3 ds_select_dst/3 ds_select_routes/3',
  dmq: 'dmq_bcast_message/3 dmq_send_message/4',
  evapi:
    'evapi_async_multicast/2 evapi_async_relay/1 evapi_async_unicast/2 evapi_multicast/2 evapi_relay/1 ' +
    'evapi_unicast/2',
  exec: 'exec_avp/2',
  group: 'get_user_group/2 is_user_in/2',
  htable:
    'sht_has_name/3 sht_has_str_value/3 sht_lock/1 sht_match_name/3 sht_match_str_value/3 sht_rm_name/3 ' +
    'sht_rm_name_re/1 sht_rm_value/3 sht_rm_value_re/1 sht_unlock/1',
  jsonrpcc: 'jsonrpc_notification/2',
  keepalive: 'ka_add_destination/2 ka_del_destination/2',
  kex: 'avp_printf/2 pv_printf/2',
  lrkproxy: 'set_lrkproxy_set/1',
  matrix: 'matrix/3',
  mohqueue: 'mohq_count/2',
  mqueue: 'mq_add/3',
  msrp: 'msrp_reply/3 msrp_set_dst/2',
  mtree: 'mt_match/3',
  nathelper: 'add_contact_alias/3 fix_nated_sdp/1 fix_nated_sdp/2',
  pdb: 'pdb_query/2',
  pdt: 'pd_translate/2',
  permissions: 'allow_address/3 allow_register/1 allow_register/2 allow_routing/1 allow_routing/2 allow_uri/2',
  pipelimit: 'pl_check/3 pl_drop/1 pl_drop/2',
  pv: 'pv_evalx/2 xavp_copy/3 xavp_copy/4',
  registrar:
    'lookup/1 lookup/2 lookup_branches/1 lookup_to_dset/1 lookup_to_dset/2 reg_fetch_contacts/3 ' +
    'registered/1 registered/2 registered/3 registered/4 save/1 save/2 save/3 unregister/2 unregister/3',
  rr:
    'add_rr_param/1 is_direction/1 record_route/1 record_route_advertised_address/1 record_route_preset/1 ' +
    'record_route_preset/2',
  rtpengine: 'set_rtpengine_set/1 set_rtpengine_set/2',
  rtpproxy: 'rtpproxy_stream2uac/2 rtpproxy_stream2uas/2 set_rtp_proxy_set/1',
  sdpops: 'sdp_get_line_startswith/2',
  seas: 'as_relay_sl/1 as_relay_t/1',
  sipcapture: 'float2int/2 report_capture/1 report_capture/2 report_capture/3 sip_capture/1 sip_capture/2',
  siptrace: 'sip_trace/1',
  siputils: 'is_supported/1 tel2sip/3',
  sl: 'send_reply/2 send_reply_mode/3 sl_forward_reply/1 sl_forward_reply/2 sl_reply/2 sl_send_reply/2',
  slack: 'slack_send/1',
  sms: 'sms_send_msg_to_net/1',
  sqlops: 'sql_pvquery/3 sql_query/2 sql_query/3 sql_query_async/2 sql_result_free/1 sql_xquery/3',
  statistics: 'reset_stat/1 update_stat/2',
  textops:
    'append_body_part/3 append_body_part_hex/3 append_hf/1 append_hf/2 get_body_part/2 ' +
    'get_body_part_raw/2 has_body/1 insert_hf/1 insert_hf/2 is_method/1 is_privacy/1 regex_substring/5 ' +
    'search_hf/3 set_body_multipart/3 subst/1 subst_body/1 subst_hf/3 subst_uri/1 subst_user/1',
  textopsx:
    'append_hf_value/2 assign_hf_value/2 assign_hf_value2/2 change_reply_status/2 exclude_hf_value/2 ' +
    'fnmatch/2 fnmatch/3 hf_value_exists/2 include_hf_value/2 insert_hf_value/2 remove_hf_value/1 ' +
    'remove_hf_value2/1',
  timer: 'timer_enable/2',
  tm:
    't_check_status/1 t_forward_nonack/2 t_forward_nonack_sctp/2 t_forward_nonack_tcp/2 ' +
    't_forward_nonack_tls/2 t_forward_nonack_to/2 t_forward_nonack_udp/2 t_is_set/1 t_on_branch/1 ' +
    't_on_branch_failure/1 t_on_failure/1 t_on_reply/1 t_relay/2 t_relay_to/1 t_relay_to/2 ' +
    't_relay_to_avp/2 t_relay_to_sctp/2 t_relay_to_tcp/2 t_relay_to_tls/2 t_relay_to_udp/2 t_replicate/2 ' +
    't_replicate_sctp/2 t_replicate_tcp/2 t_replicate_tls/2 t_replicate_to/2 t_replicate_udp/2 t_reply/2 ' +
    't_send_reply/2 t_uac_send/6 t_write_req/2 t_write_unix/2',
  tmrec: 'is_leap_year/1 time_period_match/1 time_period_match/2 tmrec_match/1 tmrec_match/2',
  tmx: 't_cancel_branches/1 t_cancel_callid/3 t_cancel_callid/4 t_continue/3 t_reply_callid/4',
  tsilo: 'ts_append/2 ts_append_by_contact/2 ts_append_by_contact/3 ts_append_to/3 ts_append_to/4',
  uac_redirect: 'get_redirects/1 get_redirects/2 set_accept_filter/2 set_deny_filter/2',
  uid_auth_db: 'proxy_authenticate/2 proxy_authorize/2 www_authenticate/2 www_authorize/2',
  uid_avp_db:
    'load_attrs/2 load_extra_attrs/2 lock_extra_attrs/2 remove_extra_attrs/2 save_extra_attrs/2 ' +
    'unlock_extra_attrs/2',
  uid_domain: 'lookup_domain/2',
  uid_uri_db: 'check_uri/1 lookup_user/1 lookup_user/2',
  uri_db: 'check_uri/3',
  userblocklist:
    'check_allowlist/1 check_blocklist/1 check_user_allowlist/2 check_user_allowlist/3 ' +
    'check_user_allowlist/4 check_user_blocklist/2 check_user_blocklist/3 check_user_blocklist/4',
  xhttp: 'xhttp_reply/4',
  xhttp_prom:
    'prom_counter_inc/2 prom_counter_inc/3 prom_counter_inc/4 prom_counter_inc/5 prom_counter_reset/1 ' +
    'prom_counter_reset/2 prom_counter_reset/3 prom_counter_reset/4 prom_gauge_reset/1 prom_gauge_reset/2 ' +
    'prom_gauge_reset/3 prom_gauge_reset/4 prom_gauge_set/2 prom_gauge_set/3 prom_gauge_set/4 ' +
    'prom_gauge_set/5 prom_histogram_observe/2 prom_histogram_observe/3 prom_histogram_observe/4 ' +
    'prom_histogram_observe/5',
  xlog:
    'xalert/1 xbug/1 xcrit/1 xdbg/1 xdbgl/1 xerr/1 xinfo/1 xlog/1 xlog/2 xlog/3 xlogl/1 xlogl/2 xlogl/3 ' +
    'xlogm/2 xnotice/1 xwarn/1',
  xprint: 'xpdbg/1 xplog/2',
}
