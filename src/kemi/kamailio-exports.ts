/**
 * What Kamailio exports to scripts in other languages, in 5.6 and later (`KSR.module.name`): by module, under which name it stands in
 * KSR ('' for KSR itself), and by signature. Facts, from its own lists; `xval` is a text, a number or nothing.
 */
export const kamailioExports: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  acc: {
    acc: {
      '(str):int': 'acc_log_request',
      '(str,str):int': 'acc_db_request acc_request',
    },
  },
  acc_radius: {
    acc_radius: {
      '(str):int': 'request',
    },
  },
  alias_db: {
    alias_db: {
      '(str):int': 'lookup',
      '(str,str):int': 'lookup_ex',
    },
  },
  app_jsdt: {
    app_jsdt: {
      '(str):int': 'dofile dostring run runstring',
      '(str,str):int': 'run_p1',
      '(str,str,str):int': 'run_p2',
      '(str,str,str,str):int': 'run_p3',
    },
  },
  app_lua: {
    app_lua: {
      '(str):int': 'dofile dostring run runstring',
      '(str,str):int': 'run_p1',
      '(str,str,str):int': 'run_p2',
      '(str,str,str,str):int': 'run_p3',
    },
  },
  app_python: {
    app_python: {
      '(str):int': 'exec execx',
      '(str,str):int': 'exec_p1',
    },
  },
  app_python3: {
    app_python3: {
      '(str):int': 'exec execx',
      '(str,str):int': 'exec_p1',
    },
  },
  app_python3s: {
    app_python3s: {
      '(str):int': 'exec execx',
      '(str,str):int': 'exec_p1',
    },
  },
  app_ruby: {
    app_ruby: {
      '(str):int': 'run',
      '(str,str):int': 'run_p1',
      '(str,str,str):int': 'run_p2',
      '(str,str,str,str):int': 'run_p3',
    },
  },
  async: {
    async: {
      '():xval': 'get_data get_gname',
      '(str):int': 'task_route',
      '(str,int):int': 'ms_route route',
      '(str,str):int': 'task_data task_group_route',
      '(str,str,str):int': 'task_group_data',
    },
  },
  auth: {
    auth: {
      '():int': 'consume_credentials',
      '(str):int': 'auth_algorithm has_credentials',
      '(str,int):int': 'auth_challenge proxy_challenge www_challenge',
      '(str,int,str):int': 'auth_get_www_authenticate',
      '(str,str,int):int': 'pv_proxy_authenticate pv_www_authenticate',
      '(str,str,int,int):int': 'pv_auth_check',
      '(str,str,int,str):int': 'pv_www_authenticate_method',
    },
  },
  auth_db: {
    auth_db: {
      '(str,str):int': 'www_authenticate',
      '(str,str,int):int': 'auth_check is_subscriber',
      '(str,str,str):int': 'www_authenticate_method',
    },
  },
  auth_ephemeral: {
    auth_ephemeral: {
      '(str):int': 'autheph_check autheph_proxy autheph_www',
      '(str,str):int': 'autheph_authenticate autheph_www_method',
    },
  },
  auth_radius: {
    auth_radius: {
      '(str):int': 'proxy_authorize www_authorize',
      '(str,str):int': 'proxy_authorize_user www_authorize_user',
    },
  },
  auth_web3: {
    auth_web3: {
      '(str,str):int': 'web3_proxy_authenticate web3_www_authenticate',
    },
  },
  auth_xkeys: {
    auth_xkeys: {
      '(str,str,str,str):int': 'auth_xkeys_add auth_xkeys_check',
    },
  },
  avpops: {
    avpops: {
      '(str,str):int': 'avp_check avp_copy',
    },
  },
  benchmark: {
    benchmark: {
      '(str):int': 'bm_log_timer bm_start_timer',
    },
  },
  blst: {
    blst: {
      '():int':
        'blst_add_default blst_clear_ignore_all blst_del blst_is_blocklisted blst_rpl_clear_ignore_all ' +
        'blst_rpl_set_ignore_all blst_set_ignore_all',
      '(int):int': 'blst_add blst_clear_ignore blst_rpl_clear_ignore blst_rpl_set_ignore blst_set_ignore',
      '(int,int):int': 'blst_add_retry_after',
    },
  },
  call_control: {
    call_control: {
      '():int': 'call_control',
    },
  },
  call_obj: {
    call_obj: {
      '():int': 'get',
      '(int):int': 'free',
    },
  },
  carrierroute: {
    carrierroute: {
      '(str,str,str):int': 'cr_user_carrier',
      '(str,str,str,str,str):int': 'cr_nofallback_route cr_route',
      '(str,str,str,str,str,str):int': 'cr_next_domain cr_nofallback_route_info cr_route_info',
    },
  },
  cdp: {
    cdp: {
      '(str):int': 'cdp_check_peer cdp_has_app',
      '(str,str):int': 'cdp_has_app2',
    },
  },
  cfgutils: {
    cfgutils: {
      '():int': 'abort pkg_status pkg_summary rand_event rand_get_prob rand_reset_prob shm_status shm_summary',
      '(int):int': 'rand_set_prob sleep usleep',
      '(str):int': 'check_route_exists lock route_if_exists trylock unlock',
      '(str,str):int': 'lock_key2 trylock_key2 unlock_key2',
      '(str,str,int):int': 'core_hash',
    },
  },
  cnxcc: {
    cnxcc: {
      '(str):int': 'terminate_all',
      '(str,int):int': 'set_max_channels set_max_time update_max_time',
      '(str,str):int': 'get_channel_count',
      '(str,str,str,str,int,int):int': 'set_max_credit',
    },
  },
  core: {
    '': {
      '():bool':
        'add_local_rport force_rport is_ACK is_BYE is_CANCEL is_DELETE is_GET is_INFO is_INVITE is_IPv4 is_IPv6 ' +
        'is_KDMQ is_MESSAGE is_NOTIFY is_OPTIONS is_POST is_PRACK is_PUBLISH is_PUT is_REFER is_REGISTER is_SCTP ' +
        'is_SUBSCRIBE is_TCP is_TCPX is_TLS is_UDP is_UPDATE is_WS is_WSS is_WSX is_myself_duri is_myself_furi ' +
        'is_myself_nhuri is_myself_ruri is_myself_srcip is_myself_suri is_myself_turi isdsturiset resetdsturi ' +
        'set_forward_close set_forward_no_connect set_reply_close set_reply_no_connect to_IPv4 to_IPv6 to_SCTP to_TCP ' +
        'to_TLS to_UDP to_WS to_WSS to_WSX',
      '():int': 'add_tcp_alias_via forward get_debug',
      '():none': 'set_drop',
      '(int):bool':
        'is_dst_port is_src_port isbflagset isflagset issflagset resetbflag resetflag resetsflag setbflag setflag ' +
        'setsflag',
      '(int):int': 'add_tcp_alias',
      '(int,int):bool': 'isbiflagset resetbiflag setbiflag',
      '(str):bool': 'is_method is_method_in is_myself is_proto setdsturi sethost seturi setuser',
      '(str):int': 'forward_uri route set_advertised_address set_advertised_port',
      '(str):none': 'crit dbg err info notice warn',
      '(str,str):none': 'log',
    },
    hdr: {
      '(str):int': 'append append_to_reply insert is_present remove',
      '(str):xval': 'get gete getw',
      '(str,int):xval': 'get_idx gete_idx getw_idx',
      '(str,str):int': 'append_after insert_before rmappend rminsert',
      '(str,str,str,str):bool': 'match_content',
    },
    pv: {
      '(str):bool': 'is_null unset',
      '(str):int': 'geti',
      '(str):xval': 'get gete getl getw',
      '(str,int):bool': 'seti',
      '(str,int):xval': 'getvn',
      '(str,long):bool': 'setl',
      '(str,str):bool': 'sets',
      '(str,str):xval': 'getvs',
    },
  },
  corex: {
    corex: {
      '():int': 'append_branch forward_uac has_ruri_user has_user_agent is_faked_msg',
      '(int):int':
        'forward_uac_branch isxflagset resetxflag setxflag via_add_srvid via_add_xavp_params via_reply_add_xavp_params ' +
        'via_use_xavp_fields',
      '(str):int':
        'append_branch_uri forward_uac_uri is_socket_name set_recv_socket set_recv_socket_name set_send_socket ' +
        'set_send_socket_name set_source_address',
      '(str):xval': 'file_read',
      '(str,int):int': 'forward_uac_uri_branch',
      '(str,str):int': 'append_branch_uri_q file_write send_data',
      '(str,str,str):int': 'sendx',
    },
  },
  counters: {
    counters: {
      '(str):int': 'inc reset',
      '(str,int):int': 'add',
    },
  },
  crypto: {
    crypto: {
      '(str,str,str):int': 'aes_decrypt aes_encrypt hmac_sha256',
    },
  },
  debugger: {
    debugger: {
      '():int': 'dbg_pv_dump',
      '(int,int):int': 'dbg_pv_dump_ex',
    },
  },
  dialog: {
    dialog: {
      '():int': 'dlg_db_load_extra dlg_manage dlg_update_contact dlg_update_socket dlg_update_state is_known_dlg',
      '(int):int': 'dlg_isflagset dlg_resetflag dlg_set_timeout dlg_setflag',
      '(int,int,int):int': 'dlg_set_timeout_id',
      '(int,int,str,str):int': 'dlg_refer_did',
      '(str):int':
        'dlg_bye dlg_db_load_callid dlg_remove_dialogs_from_node dlg_reset_property dlg_set_property dlg_set_state ' +
        'is_in_profile_static set_dlg_profile_static unset_dlg_profile_static var_is_null var_rm',
      '(str):xval': 'var_get var_gete var_getw',
      '(str,str):int': 'get_profile_size_static is_in_profile set_dlg_profile unset_dlg_profile var_sets',
      '(str,str,str):int': 'dlg_bridge dlg_get dlg_refer_cid get_profile_size',
      '(str,str,str,str):int': 'dlg_req_within4',
      '(str,str,str,str):xval': 'dlg_get_var',
      '(str,str,str,str,str):int': 'dlg_set_var',
    },
  },
  dialplan: {
    dialplan: {
      '(int):int': 'dp_translate',
      '(int,str):int': 'dp_match',
      '(int,str,str):int': 'dp_replace dp_translate_vars',
    },
  },
  dispatcher: {
    dispatcher: {
      '():int':
        'ds_is_from_lists ds_load_unset ds_load_update ds_mark_dst ds_next_domain ds_next_dst ds_reload ds_set_domain ' +
        'ds_set_dst',
      '(int):int': 'ds_is_active ds_is_from_list ds_list_exists',
      '(int,int):int': 'ds_is_from_list_mode ds_select ds_select_domain ds_select_dst',
      '(int,int,int):int': 'ds_select_domain_limit ds_select_dst_limit ds_select_limit',
      '(int,int,str):int': 'ds_is_from_list_uri',
      '(int,str):int': 'ds_is_active_uri',
      '(str):int': 'ds_mark_dst_state',
      '(str,int,str):int': 'ds_mark_addr',
      '(str,str):int': 'ds_select_routes',
      '(str,str,int):int': 'ds_select_routes_limit',
    },
  },
  diversion: {
    diversion: {
      '(str):int': 'add_diversion',
      '(str,str):int': 'add_diversion_uri',
    },
  },
  dlgs: {
    dlgs: {
      '():int': 'dlgs_update',
      '(str):int': 'dlgs_tags_add dlgs_tags_count dlgs_tags_rm',
      '(str,str,str):int': 'dlgs_count dlgs_init',
    },
  },
  dmq: {
    dmq: {
      '():int': 'handle_message is_from_node process_message t_replicate',
      '(int):int': 'handle_message_rc process_message_rc t_replicate_mode',
      '(str,str,str):int': 'bcast_message',
      '(str,str,str,str):int': 'handle_custom_message process_custom_message send_message',
    },
  },
  domain: {
    domain: {
      '():int': 'is_from_local is_uri_host_local',
      '(str):int': 'is_domain_local lookup_domain',
      '(str,str):int': 'lookup_domain_prefix',
    },
  },
  drouting: {
    drouting: {
      '():int': 'do_routing_furi goes_to_gw is_from_gw next_routing use_next_gw',
      '(int):int': 'do_routing goes_to_gw_type is_from_gw_type',
      '(int,int):int': 'is_from_gw_type_flags',
    },
  },
  enum: {
    enum: {
      '():int': 'enum_query i_enum_query is_from_user_enum',
      '(str):int': 'enum_i_query_suffix enum_pv_query enum_query_suffix is_from_user_enum_suffix',
      '(str,str):int': 'enum_pv_query_suffix enum_query_suffix_service i_enum_query_suffix_service is_from_user_enum_suffix_service',
      '(str,str,str):int': 'enum_pv_query_suffix_service',
    },
  },
  evapi: {
    evapi: {
      '():int': 'close',
      '(str):int': 'async_relay relay set_tag',
      '(str,str):int': 'async_multicast async_unicast relay_multicast relay_unicast',
    },
  },
  exec: {
    exec: {
      '(str):int': 'exec_avp exec_cmd exec_dset exec_msg',
    },
  },
  gcrypt: {
    gcrypt: {
      '(str,str,str):int': 'aes_decrypt aes_encrypt hmac_sha256 hmac_sha512',
    },
  },
  geoip: {
    geoip: {
      '(str,str):int': 'match',
    },
  },
  geoip2: {
    geoip2: {
      '(str,str):int': 'match',
      '(str,str,str):int': 'distance',
    },
  },
  group: {
    group: {
      '(str,str):int': 'is_user_in',
    },
  },
  htable: {
    htable: {
      '(str):int': 'sht_iterator_end sht_iterator_next sht_iterator_rm sht_reset',
      '(str,int):int': 'sht_iterator_setex sht_iterator_seti',
      '(str,str):int':
        'sht_dec sht_inc sht_is_null sht_iterator_sets sht_iterator_start sht_lock sht_rm sht_rm_name_re ' +
        'sht_rm_value_re sht_unlock',
      '(str,str):xval': 'sht_get sht_gete sht_getw',
      '(str,str,int):int': 'sht_setex sht_seti',
      '(str,str,int,int):int': 'sht_setxi',
      '(str,str,str):int': 'sht_cn sht_match_name sht_match_str_value sht_rm_name sht_rm_value sht_sets',
      '(str,str,str,int):int': 'sht_setxs',
    },
  },
  http_async_client: {
    http_async_client: {
      '(str,str):int': 'query send',
      '(str,str,str):int': 'send_xdata',
    },
  },
  http_client: {
    http_client: {
      '(str,str):int': 'query',
      '(str,str,str):int': 'curl_connect query_post',
      '(str,str,str,str):int': 'get_hdrs query_post_hdrs',
      '(str,str,str,str,str):int': 'curl_connect_post query_request query_request_v2pk',
    },
  },
  imc: {
    imc: {
      '():int': 'imc_manager',
      '(str):int': 'imc_room_active',
      '(str,str):int': 'imc_room_member',
    },
  },
  ims_charging: {
    ims_charging: {
      '():int': 'Ro_set_session_id_avp',
      '(str,int,str):int': 'Ro_CCR_Stop',
      '(str,str,int,str,str):int': 'Ro_CCR',
    },
  },
  ims_dialog: {
    ims_dialog: {
      '():int': 'is_known_dlg',
      '(str,str):int': 'set_dlg_profile',
      '(str,str,str):int': 'get_profile_size',
    },
  },
  ims_diameter_server: {
    ims_diameter_server: {
      '(str,int,int,str):int': 'diameter_request diameter_request_async',
    },
  },
  ims_qos: {
    ims_qos: {
      '(str,str):int': 'Rx_AAR_Register',
      '(str,str,str,int):int': 'Rx_AAR',
    },
  },
  ims_qos_npn: {
    ims_qos: {
      '(str,str):int': 'Rx_AAR_Register',
      '(str,str,str,int,str):int': 'Rx_AAR',
    },
  },
  influxdbc: {
    influxdbc: {
      '():int': 'measureend push',
      '(str):int': 'measure',
      '(str,int):int': 'ic_long',
    },
  },
  ipops: {
    ipops: {
      '(int):int': 'dns_set_local_ttl',
      '(str):int': 'ip_type is_ip is_ip4 is_ip6 is_ip6_reference is_ip_rfc1918 is_pure_ip',
      '(str,str):int':
        'compare_ips compare_pure_ips detailed_ip_type detailed_ipv4_type detailed_ipv6_type dns_int_match_ip ' +
        'dns_query dns_sys_match_ip ip_is_in_subnet is_in_subnet naptr_query ptr_query srv_query',
    },
  },
  jansson: {
    jansson: {
      '(str,str,str):int': 'get',
    },
  },
  jsonrpcs: {
    jsonrpcs: {
      '():int': 'dispatch',
      '():xval': 'response',
      '(str):int': 'exec execx',
    },
  },
  jwt: {
    jwt: {
      '(str,str,str):int': 'jwt_generate',
      '(str,str,str,str):int': 'jwt_generate_hdrs jwt_verify jwt_verify_key',
    },
  },
  jwt3: {
    jwt3: {
      '(str,str,str):int': 'jwt3_generate',
      '(str,str,str,str):int': 'jwt3_generate_hdrs jwt3_verify jwt3_verify_key',
    },
  },
  kafka: {
    kafka: {
      '(str,str):int': 'send',
      '(str,str,str):int': 'send_key',
    },
  },
  kazoo: {
    kazoo: {
      '(str):int': 'kazoo_subscribe',
      '(str,str,str):int': 'kazoo_publish',
    },
  },
  keepalive: {
    keepalive: {
      '(str):int': 'is_alive',
      '(str,str):int': 'add_destination del_destination',
    },
  },
  kemix: {
    kx: {
      '():int': 'get_bodylen get_conid get_msglen get_msgtype get_protoid get_send_sock_port get_status get_timestamp',
      '():xval':
        'get_au get_body get_callid get_cturi get_duri get_fhost get_furi get_fuser get_method get_msgbuf get_nhuri ' +
        'get_ouri get_proto get_rcv_sock_name get_rcvaddr_sock get_rcvadvip get_rcvadvport get_rcvip get_rcvport ' +
        'get_rhost get_ruri get_ruser get_send_sock get_send_sock_name get_srcaddr_sock get_srcip get_srcport ' +
        'get_srcuri get_thost get_turi get_tuser get_ua gete_au gete_body gete_cturi gete_duri gete_fhost gete_fuser ' +
        'gete_rhost gete_ruser gete_thost gete_tuser gete_ua gets_status getw_au getw_body getw_cturi getw_duri ' +
        'getw_fhost getw_fuser getw_rhost getw_ruser getw_thost getw_tuser getw_ua',
      '(str):bool': 'ifdef ifndef',
      '(str):int': 'get_defn get_envn',
      '(str):xval': 'get_def get_env',
    },
  },
  kex: {
    kex: {
      '():int': 'resetdebug',
      '(int):int': 'setdebug',
    },
  },
  lcr: {
    lcr: {
      '():int': 'from_any_gw inactivate_gw next_gw to_any_gw',
      '(int):int': 'defunct_gw from_gw load_gws to_gw',
      '(int,str):int': 'load_gws_ruser',
      '(int,str,int):int': 'from_gw_addr to_gw_addr',
      '(int,str,int,int):int': 'from_gw_addr_port',
      '(int,str,str):int': 'load_gws_furi',
      '(str,int):int': 'from_any_gw_addr to_any_gw_addr',
      '(str,int,int):int': 'from_any_gw_addr_port',
    },
  },
  ldap: {
    ldap: {
      '():int': 'result_next',
      '(str):int': 'search',
    },
    secsipid: {
      '(str,str):int': 'result_str',
    },
  },
  log_custom: {
    log_custom: {
      '(str):int': 'log_udp',
    },
  },
  log_systemd: {
    log_systemd: {
      '(str):int': 'sd_journal_send_xvap',
      '(str,str):int': 'sd_journal_print',
    },
  },
  lwsc: {
    lwsc: {
      '(str,str):int': 'lwsc_notify lwsc_request',
      '(str,str,str):int': 'lwsc_notify_proto lwsc_request_proto',
    },
  },
  maxfwd: {
    maxfwd: {
      '(int):int': 'is_maxfwd_lt process_maxfwd',
    },
  },
  mediaproxy: {
    mediaproxy: {
      '():int': 'end_media_session engage_media_proxy use_media_proxy',
    },
  },
  microhttpd: {
    microhttpd: {
      '(int,str,str,str):int': 'mhttpd_reply',
    },
  },
  misc_radius: {
    misc_radius: {
      '():int': 'does_uri_exist does_uri_user_exist',
      '(str):int': 'does_uri_exist_uval does_uri_user_exist_uval load_callee_avps load_caller_avps',
      '(str,str):int': 'is_user_in',
    },
  },
  mqtt: {
    mqtt: {
      '(str):int': 'unsubscribe',
      '(str,int):int': 'subscribe',
      '(str,str,int):int': 'publish',
    },
  },
  mqueue: {
    mqueue: {
      '(str):int': 'mq_fetch mq_pv_free mq_size',
      '(str):xval': 'mqk_get mqk_gete mqk_getw mqv_get mqv_gete mqv_getw',
      '(str,str,str):int': 'mq_add',
    },
  },
  msilo: {
    msilo: {
      '():int': 'mdump mstore',
      '(str):int': 'mdump_uri mstore_uri',
      '(str,str,str):int': 'mstore_addrs',
    },
  },
  msrp: {
    msrp: {
      '():int': 'cmap_lookup cmap_save is_reply is_request relay',
      '(int):int': 'relay_flags reply_flags',
      '(str,str):int': 'forward set_dst',
      '(str,str,str):int': 'reply',
    },
  },
  mtree: {
    mtree: {
      '(str,str,int):int': 'mt_match',
    },
  },
  nat_traversal: {
    nat_traversal: {
      '():int': 'fix_contact nat_keepalive',
      '(int):int': 'client_nat_test',
    },
  },
  nathelper: {
    nathelper: {
      '():int':
        'add_contact_alias fix_nated_contact fix_nated_register handle_ruri_alias set_contact_alias ' +
        'set_contact_alias_trim',
      '(int):int': 'add_rcv_param fix_nated_sdp handle_ruri_alias_mode nat_uac_test',
      '(int,str):int': 'fix_nated_sdp_ip',
      '(str):int': 'is_rfc1918 set_alias_to_pv',
      '(str,str,str):int': 'add_contact_alias_addr',
    },
  },
  nats: {
    nats: {
      '(str,str):int': 'publish',
      '(str,str,str):int': 'publish_request',
    },
  },
  ndb_mongodb: {
    ndb_mongodb: {
      '(str):int': 'free_reply next_reply',
      '(str,str,str,str,str):int': 'exec exec_simple execx find find_one',
    },
  },
  ndb_redis: {
    ndb_redis: {
      '(str):int': 'redis_free',
      '(str,str,str):int': 'redis_cmd',
      '(str,str,str,str):int': 'redis_cmd_p1',
      '(str,str,str,str,str):int': 'redis_cmd_p2',
      '(str,str,str,str,str,str):int': 'redis_cmd_p3',
    },
  },
  nghttp2: {
    nghttp2: {
      '(str,str):int': 'nghttp2_reply nghttp2_reply_header',
    },
  },
  path: {
    path: {
      '():int': 'add_path add_path_received',
      '(str):int': 'add_path_advertised_address add_path_received_advertised_address add_path_received_user add_path_user',
      '(str,str):int':
        'add_path_advertised_address_user add_path_received_advertised_address_user add_path_received_user_params ' +
        'add_path_user_params',
      '(str,str,str):int': 'add_path_advertised_address_user_params add_path_received_advertised_address_user_params',
    },
  },
  pdb: {
    pdb: {
      '(str,str):int': 'pdb_query',
    },
  },
  pdt: {
    pdt: {
      '(int,int):int': 'pprefix2domain',
      '(str,int):int': 'pd_translate',
    },
  },
  permissions: {
    permissions: {
      '():int': 'allow_source_address_group allow_trusted',
      '(int):int': 'allow_source_address',
      '(int,str,int):int': 'allow_address',
      '(str,int):int': 'allow_address_group',
    },
  },
  phonenum: {
    phonenum: {
      '(str,str):int': 'match',
      '(str,str,str):int': 'match_cn',
    },
  },
  pike: {
    pike: {
      '():int': 'pike_check_req',
      '(str):int': 'pike_check_ip',
    },
  },
  pipelimit: {
    pipelimit: {
      '():int': 'pl_drop',
      '(int):int': 'pl_drop_retry',
      '(int,int):int': 'pl_drop_range',
      '(str):int': 'pl_active pl_check',
      '(str,str,int):int': 'pl_check_limit',
    },
  },
  posops: {
    posops: {
      '():int': 'pos_body_end pos_body_start pos_headers_end pos_headers_start',
      '(int,int):int': 'pos_rm',
      '(int,str):int':
        'pos_append pos_find_str pos_findi_str pos_insert pos_rfind_str pos_rfindi_str pos_rsearch pos_search ' +
        'pos_set_char',
    },
  },
  prefix_route: {
    prefix_route: {
      '():int': 'prefix_route_uri',
      '(str):int': 'prefix_route',
    },
  },
  presence: {
    presence: {
      '():int': 'handle_publish handle_subscribe',
      '(str):int': 'handle_publish_uri handle_subscribe_uri',
      '(str,str):int': 'pres_auth_status pres_has_subscribers pres_update_watchers',
      '(str,str,int):int': 'pres_refresh_watchers',
      '(str,str,int,str,str):int': 'pres_refresh_watchers_file',
    },
  },
  presence_xml: {
    presence_xml: {
      '(str,str):int': 'pres_check_activities pres_check_basic',
    },
  },
  pua: {
    pua: {
      '():int': 'pua_update_contact',
    },
  },
  pua_json: {
    pua_json: {
      '(str):int': 'publish',
    },
  },
  pua_usrloc: {
    pua: {
      '():int': 'pua_set_publish',
    },
  },
  pv: {
    pvx: {
      '():int': 'pv_xavi_print pv_xavp_print pv_xavu_print sbranch_append sbranch_reset sbranch_set_ruri',
      '(str):int':
        'avp_is_null avp_rm pv_xavp_to_var xavi_is_null xavi_rm xavi_rm_all xavp_is_null xavp_push_dst xavp_rm ' +
        'xavp_rm_all xavu_is_null xavu_rm',
      '(str):xval':
        'avp_get avp_gete avp_getw shv_get shvinc_get var_get xavi_get xavi_getd xavi_gete xavi_getw xavp_get ' +
        'xavp_getd xavp_gete xavp_getw xavu_get xavu_gete xavu_getw',
      '(str,int):int': 'avp_seti shv_seti var_seti xavi_seti xavp_lshift xavp_seti xavu_seti',
      '(str,int):xval': 'xavi_get_keys xavi_getd_p1 xavp_get_keys xavp_getd_p1',
      '(str,int,str):int': 'xavp_copy',
      '(str,int,str,int):int': 'xavp_copy_dst',
      '(str,str):int':
        'avp_sets evalx pv_var_to_xavp shv_sets var_sets xavi_child_is_null xavi_child_rm xavi_sets xavp_child_is_null ' +
        'xavp_child_rm xavp_params_explode xavp_params_implode xavp_params_implode_qval xavp_sets xavu_child_is_null ' +
        'xavu_child_rm xavu_params_explode xavu_params_implode xavu_sets',
      '(str,str):xval':
        'xavi_child_get xavi_child_gete xavi_child_getw xavp_child_get xavp_child_gete xavp_child_getw xavu_child_get ' +
        'xavu_child_gete xavu_child_getw',
      '(str,str,int):int': 'xavi_child_seti xavp_child_seti xavu_child_seti',
      '(str,str,str):int': 'xavi_child_sets xavp_child_sets xavp_xparams_explode xavu_child_sets',
      '(str,str,str,str):int': 'xavp_slist_explode',
    },
  },
  pv_headers: {
    pv_headers: {
      '():int': 'pvh_apply_headers pvh_collect_headers pvh_reset_headers',
      '(str):int': 'pvh_check_header',
      '(str,int):int': 'pvh_remove_header',
      '(str,str):int': 'pvh_append_header pvh_header_param_exists pvh_remove_header_param',
      '(str,str,int):int': 'pvh_modify_header',
    },
  },
  pvtpl: {
    pvtpl: {
      '(str,str):int': 'pvtpl_render',
    },
  },
  rabbitmq: {
    rabbitmq: {
      '(str,str,str,str):int': 'publish',
      '(str,str,str,str,str):int': 'publish_consume',
    },
  },
  ratelimit: {
    ratelimit: {
      '():int': 'rl_check',
      '(int):int': 'rl_check_pipe',
    },
  },
  regex: {
    regex: {
      '(str,int):int': 'pcre_match_group',
      '(str,str):int': 'pcre_match',
    },
  },
  registrar: {
    registrar: {
      '():int': 'reg_send_reply',
      '(str):int': 'add_sock_hdr lookup lookup_branches reg_free_contacts registered set_q_override',
      '(str,int):int': 'save',
      '(str,int,str):int': 'save_uri',
      '(str,str):int': 'lookup_to_dset lookup_uri registered_uri unregister',
      '(str,str):xval': 'ulc_rget',
      '(str,str,int):int': 'reg_from_user registered_flags',
      '(str,str,int):xval': 'ulc_cget',
      '(str,str,int,int):int': 'registered_action',
      '(str,str,str):int': 'reg_fetch_contacts unregister_ruid',
      '(str,str,str,str):int': 'lookup_xavp',
    },
  },
  rls: {
    rls: {
      '():int': 'handle_notify handle_subscribe',
      '(str):int': 'handle_subscribe_uri',
      '(str,str):int': 'update_subs',
    },
  },
  rr: {
    rr: {
      '():int': 'loose_route loose_route_preloaded next_hop_route record_route remove_record_route',
      '(int):int': 'loose_route_mode',
      '(str):int':
        'add_rr_param check_route_param is_direction record_route_advertised_address record_route_params ' +
        'record_route_preset_one',
      '(str,str):int': 'record_route_preset',
    },
  },
  rtjson: {
    rtjson: {
      '():int': 'next_route push_routes update_branch',
      '(str):int': 'init_routes',
    },
  },
  rtpengine: {
    rtpengine: {
      '():int':
        'block_dtmf0 block_media0 rtpengine_answer0 rtpengine_connect0 rtpengine_delete0 rtpengine_manage0 ' +
        'rtpengine_offer0 rtpengine_query0 silence_media0 start_forwarding0 start_recording stop_forwarding0 ' +
        'stop_media0 stop_recording unblock_dtmf0 unblock_media0 unsilence_media0',
      '(int):int': 'set_rtpengine_set',
      '(int,int):int': 'set_rtpengine_set2',
      '(str):int':
        'block_dtmf block_media play_dtmf play_media rtpengine_answer rtpengine_connect rtpengine_delete ' +
        'rtpengine_manage rtpengine_offer rtpengine_query rtpengine_subscribe_answer rtpengine_unsubscribe ' +
        'silence_media start_forwarding stop_forwarding stop_media unblock_dtmf unblock_media unsilence_media',
      '(str,str):int':
        'block_dtmf2 block_media2 play_media2 rtpengine_answer2 rtpengine_connect2 rtpengine_delete2 rtpengine_manage2 ' +
        'rtpengine_offer2 rtpengine_query2 rtpengine_query_v silence_media2 start_forwarding2 stop_forwarding2 ' +
        'stop_media2 unblock_dtmf2 unblock_media2 unsilence_media2',
      '(str,str,str,str):int': 'rtpengine_subscribe_request',
    },
  },
  rtpproxy: {
    rtpproxy: {
      '():int':
        'rtpproxy_answer0 rtpproxy_destroy0 rtpproxy_manage0 rtpproxy_offer0 rtpproxy_stop_stream2uac ' +
        'rtpproxy_stop_stream2uas start_recording',
      '(int):int': 'set_rtpproxy_set',
      '(str):int': 'rtpproxy_answer rtpproxy_destroy rtpproxy_manage rtpproxy_offer',
      '(str,int):int': 'rtpproxy_stream2uac rtpproxy_stream2uas',
      '(str,str):int': 'rtpproxy_answer_ip rtpproxy_manage_ip rtpproxy_offer_ip',
    },
  },
  ruxc: {
    ruxc: {
      '(str,str,str):int': 'http_get',
      '(str,str,str,str):int': 'http_delete http_post',
    },
  },
  sanity: {
    sanity: {
      '():int': 'sanity_check_defaults sanity_reply',
      '(int,int):int': 'sanity_check',
    },
  },
  sca: {
    sca: {
      '():int': 'call_info_update_default handle_subscribe',
      '(int):int': 'call_info_update_mask',
      '(int,str):int': 'call_info_update_turi',
      '(int,str,str):int': 'call_info_update',
    },
  },
  sdpops: {
    sdpops: {
      '():int': 'sdp_content sdp_get_address_family sdp_with_ice',
      '(int):int': 'sdp_content_flags sdp_print',
      '(str):int':
        'remove_media sdp_get sdp_iterator_end sdp_iterator_next sdp_iterator_rm sdp_iterator_start sdp_transport ' +
        'sdp_with_active_media sdp_with_codecs_by_id sdp_with_codecs_by_name sdp_with_media sdp_with_transport ' +
        'sdp_with_transport_like',
      '(str):xval': 'sdp_iterator_value',
      '(str,str):int':
        'keep_codecs_by_id keep_codecs_by_name remove_codecs_by_id remove_codecs_by_name remove_line_by_prefix ' +
        'sdp_get_line_startswith sdp_iterator_append sdp_iterator_insert',
    },
  },
  secfilter: {
    secfilter: {
      '():int':
        'ki_check_domain_contact_hdr ki_check_domain_from_hdr ki_check_domain_to_hdr ki_check_name_contact_hdr ' +
        'ki_check_name_from_hdr ki_check_name_to_hdr ki_check_username_contact_hdr ki_check_username_from_hdr ' +
        'ki_check_username_to_hdr secf_check_contact_hdr secf_check_from_hdr secf_check_ip secf_check_sqli_all ' +
        'secf_check_to_hdr secf_check_ua',
      '(str):int': 'secf_check_country secf_check_dst secf_sqli_hdr',
    },
  },
  secsipid: {
    secsipid: {
      '():xval': 'secsipid_get_val',
      '(str):int': 'secsipid_check_identity secsipid_check_identity_pubkey',
      '(str):xval': 'secsipid_get_url',
      '(str,str):int': 'secsipid_check',
      '(str,str,str):int': 'secsipid_sign secsipid_sign_prvkey secsipid_verify',
      '(str,str,str,str,str,str):int': 'secsipid_add_identity secsipid_build_identity secsipid_build_identity_prvkey',
    },
  },
  sipcapture: {
    sipcapture: {
      '():int': 'sip_capture',
      '(str):int': 'report_capture sip_capture_forward sip_capture_table',
      '(str,str):int': 'float2int report_capture_cid sip_capture_mode',
      '(str,str,str):int': 'report_capture_data',
    },
  },
  sipdump: {
    sipdump: {
      '():xval': 'get_buf get_dst_ip get_src_ip get_tag',
      '(str):int': 'send',
    },
  },
  sipjson: {
    sipjson: {
      '(str,str):int': 'sj_serialize',
    },
  },
  siprepo: {
    siprepo: {
      '():int': 'sr_msg_check',
      '(int):int': 'sr_msg_match',
      '(str,int):int': 'sr_msg_push',
      '(str,str):int': 'sr_msg_rm',
      '(str,str,str,int):int': 'sr_msg_pull',
      '(str,str,str,str,int):int': 'sr_msg_async_pull',
    },
  },
  sipt: {
    sipt: {
      '():bool': 'has_isup_body',
      '(str,str):bool': 'forwarding',
      '(str,str,str):bool': 'destination',
      '(str,str,str,str):bool': 'destination_terminator set_bci_1 set_calling',
    },
  },
  siptrace: {
    siptrace: {
      '():int': 'sip_trace',
      '(str):int': 'hlog sip_trace_dst sip_trace_mode',
      '(str,str):int': 'hlog_cid sip_trace_dst_cid',
      '(str,str,str):int': 'sip_trace_dst_cid_type',
      '(str,str,str,str,str):int': 'sip_trace_msg',
    },
  },
  siputils: {
    siputils: {
      '():int':
        'decode_contact decode_contact_header has_totag is_first_hop is_gruu is_http is_reply is_request is_sip ' +
        'options_reply sip_parse_headers',
      '(int):int': 'hdr_date_check is_first_hop_mode',
      '(str):int':
        'add_uri_param contact_param_check contact_param_decode contact_param_decode_ruri contact_param_rm is_alphanum ' +
        'is_numeric is_tel_number is_uri is_user uri_param uri_param_any uri_param_rm',
      '(str,str):int':
        'cmp_aor cmp_hdr_name cmp_uri contact_param_encode contact_param_encode_alias encode_contact is_alphanumex ' +
        'uri_param_value',
    },
  },
  sl: {
    sl: {
      '():int': 'send_reply_error sl_reply_error',
      '(int,str):int': 'send_reply sl_send_reply',
      '(int,str,int):int': 'send_reply_mode',
      '(str,str):int': 'sl_forward_reply',
    },
  },
  slack: {
    slack: {
      '(str):int': 'slack_send',
    },
  },
  speeddial: {
    speeddial: {
      '(str):int': 'lookup',
      '(str,str):int': 'lookup_owner',
    },
  },
  sqlops: {
    sqlops: {
      '(str):int': 'sql_num_columns sql_num_rows sql_result_free',
      '(str,int,int):int': 'sql_is_null',
      '(str,int,int):xval': 'sql_result_get sql_result_gete sql_result_getz',
      '(str,str):int': 'sql_query_async',
      '(str,str,str):int': 'sql_pvquery sql_query sql_xquery',
    },
  },
  ss7ops: {
    ss7ops: {
      '(int):int': 'isup_to_json',
    },
  },
  sst: {
    sst: {
      '(int):int': 'sst_check_min',
    },
  },
  statistics: {
    statistics: {
      '(str):int': 'reset_stat',
      '(str,int):int': 'update_stat',
    },
  },
  statsc: {
    statsc: {
      '():int': 'statsc_reset',
    },
  },
  statsd: {
    statsd: {
      '(str):int': 'statsd_decr statsd_incr statsd_start statsd_stop',
      '(str,str):int': 'statsd_gauge statsd_histogram statsd_labels_decr statsd_labels_incr statsd_labels_stop statsd_set',
      '(str,str,str):int': 'statsd_labels_gauge statsd_labels_histogram statsd_labels_set',
    },
  },
  stirshaken: {
    stirshaken: {
      '():int': 'stirshaken_check_identity',
      '(str):int': 'stirshaken_check_identity_with_cert stirshaken_check_identity_with_key',
      '(str,str,str,str,str):int': 'stirshaken_add_identity',
      '(str,str,str,str,str,str):int': 'stirshaken_add_identity_with_key',
    },
  },
  sworker: {
    sworker: {
      '():int': 'active',
      '(str):int': 'task',
    },
  },
  tcpops: {
    tcpops: {
      '():int': 'tcp_close_connection tcp_enable_closed_event tcp_keepalive_disable',
      '(int):int':
        'tcp_close_connection_id tcp_conid_alive tcp_conid_state tcp_enable_closed_event_cid tcp_keepalive_disable_cid ' +
        'tcp_set_connection_lifetime tcp_set_otcpid tcp_set_otcpid_flag',
      '(int,int):int': 'tcp_set_connection_lifetime_cid',
      '(int,int,int):int': 'tcp_keepalive_enable',
      '(int,int,int,int):int': 'tcp_keepalive_enable_cid',
      '(str):int': 'tcp_con_alive',
      '(str,str):int': 'tcp_get_conid',
    },
  },
  textops: {
    textops: {
      '():int': 'has_body is_audio_on_hold set_body_multipart_mode',
      '(str):int':
        'filter_body has_body_type is_present_hf is_present_hf_re is_privacy remove_body_part remove_hf remove_hf_re ' +
        'search search_body set_body_multipart_boundary subst subst_body subst_uri subst_user',
      '(str,int):int': 'remove_hf_idx',
      '(str,str):int':
        'append_body_part append_body_part_hex cmp_istr cmp_str ends_with get_body_part get_body_part_raw ' +
        'remove_hf_exp replace replace_all replace_body replace_body_all replace_body_atonce replace_hdrs ' +
        'search_append search_append_body search_str set_body set_body_hex set_body_multipart_content set_reply_body ' +
        'set_reply_body_hex starts_with str_all_in str_any_in str_find str_ifind',
      '(str,str,int,int,str):int': 'regex_substring',
      '(str,str,str):int':
        'append_body_part_cd append_body_part_hex_cd in_list in_list_prefix remove_hf_match replace_body_str ' +
        'replace_hdrs_str replace_str search_hf set_body_multipart subst_hf subst_v',
    },
  },
  textopsx: {
    textopsx: {
      '():int': 'keep_hf msg_apply_changes remove_body',
      '(int):int': 'change_reply_status_code',
      '(int,str):int': 'change_reply_status',
      '(str):int':
        'bl_iterator_end bl_iterator_next bl_iterator_rm bl_iterator_start hf_iterator_end hf_iterator_next ' +
        'hf_iterator_prev hf_iterator_rm hf_iterator_start keep_hf_re msg_set_buffer remove_hf_value',
      '(str):xval': 'bl_iterator_value hf_iterator_hbody hf_iterator_hname',
      '(str,str):int':
        'append_hf_value assign_hf_value assign_hf_value2 bl_iterator_append bl_iterator_insert exclude_hf_value ' +
        'fnmatch hf_iterator_append hf_iterator_insert hf_value_exists include_hf_value insert_hf_value ' +
        'remove_hf_value2',
      '(str,str,str):int': 'fnmatch_ex',
    },
  },
  timer: {
    timer: {
      '(str,int):int': 'timer_enable',
    },
  },
  tls: {
    tls: {
      '():int': 'is_peer_verified',
      '(str):int': 'set_connect_server_id',
      '(str):xval': 'cget',
    },
  },
  tls_wolfssl: {
    tls: {
      '():int': 'is_peer_verified',
      '(str):int': 'set_connect_server_id',
      '(str):xval': 'cget',
    },
  },
  tm: {
    tm: {
      '():int':
        't_any_replied t_any_timeout t_branch_replied t_branch_timeout t_check_trans t_clean t_drop_replies_all ' +
        't_exists t_get_branch_index t_get_status_code t_is_canceled t_is_expired t_is_retr_async_reply ' +
        't_load_contacts t_lookup_cancel t_lookup_request t_newtran t_next_contact_flow t_next_contacts t_relay ' +
        't_release t_reply_error t_reset_fr t_reset_max_lifetime t_reset_retr t_retransmit_reply t_save_lumps ' +
        't_use_uac_headers',
      '(int):int':
        'ki_t_load_contacts_mode t_grep_status t_lookup_cancel_flags t_relay_to_flags t_set_auto_inv_100 ' +
        't_set_disable_6xx t_set_disable_failover t_set_disable_internal_reply t_set_fr_inv t_set_no_auto_ack ' +
        't_set_no_e2e_cancel_reason',
      '(int,int):int': 't_set_fr t_set_max_lifetime t_set_retr',
      '(int,str):int': 't_reply t_send_reply',
      '(str):int':
        't_check_status t_drop_replies t_is_set t_on_branch t_on_branch_failure t_on_failure t_on_reply ' +
        't_relay_to_proto t_relay_to_proxy t_replicate',
      '(str,int):int': 't_relay_to_proxy_flags',
      '(str,str,int):int': 't_relay_to_proto_addr',
      '(str,str,str,str,str,str):int': 't_uac_send',
    },
  },
  tmrec: {
    tmrec: {
      '():int': 'is_leap_year_now',
      '(int):int': 'is_leap_year',
      '(str):int': 'match time_period_match',
      '(str,int):int': 'match_timestamp time_period_match_timestamp',
    },
  },
  tmx: {
    tmx: {
      '():int':
        't_drop t_flush_flags t_flush_xflags t_is_branch_route t_is_failure_route t_is_reply_route t_is_request_route ' +
        't_precheck_trans t_reuse_branch t_suspend',
      '(int):int': 't_drop_rcode',
      '(int,int,str):int': 't_continue',
      '(str):int': 't_cancel_branches',
      '(str,str,int):int': 't_cancel_callid',
      '(str,str,int,int):int': 't_cancel_callid_reason',
      '(str,str,int,str):int': 't_reply_callid',
      '(str,str,str,str):int': 't_uac_ack_local',
    },
  },
  topos: {
    topos: {
      '(str):int': 'tps_set_context',
    },
  },
  tsilo: {
    tsilo: {
      '():int': 'ts_store',
      '(int,int,str):int': 'ts_append_to',
      '(int,int,str,str):int': 'ts_append_to_uri',
      '(str):int': 'ts_store_uri',
      '(str,str):int': 'ts_append ts_append_by_contact',
      '(str,str,str):int': 'ts_append_by_contact_uri',
    },
  },
  uac: {
    uac: {
      '():int': 'uac_auth uac_req_send uac_restore_from uac_restore_to',
      '(int):int': 'uac_auth_mode',
      '(str):int': 'uac_reg_refresh uac_reg_status uac_replace_from_uri uac_replace_to_uri',
      '(str,int):int': 'uac_reg_request_to',
      '(str,str):int': 'uac_reg_disable uac_reg_enable uac_reg_lookup uac_reg_lookup_uri uac_replace_from uac_replace_to',
    },
  },
  uac_redirect: {
    uac_redirect: {
      '():int': 'get_redirects_all',
      '(int,int):int': 'get_redirects',
      '(int,int,str):int': 'get_redirects_acc',
    },
  },
  uri_db: {
    uri_db: {
      '():int': 'check_from check_to does_uri_exist',
      '(str):int': 'check_uri',
      '(str,str,str):int': 'check_uri_realm',
    },
  },
  userblocklist: {
    userblocklist: {
      '():int': 'check_global_blocklist',
      '(str):int': 'check_allowlist check_blocklist',
      '(str,str):int': 'check_user_allowlist check_user_blocklist',
      '(str,str,str):int': 'check_user_allowlist_number check_user_blocklist_number',
      '(str,str,str,str):int': 'check_user_allowlist_table check_user_blocklist_table',
    },
  },
  utils: {
    utils: {
      '(str,str):int': 'xcap_auth_status',
    },
  },
  uuid: {
    uuid: {
      '():xval': 'get rget tget',
    },
  },
  websocket: {
    websocket: {
      '():int': 'close handle_handshake',
      '(int,str):int': 'close_reason',
      '(int,str,int):int': 'close_conid',
      '(str,int,str,str,int):int': 'connect send',
    },
  },
  xcap_server: {
    xcap_server: {
      '(str,str):int': 'xcaps_del xcaps_get',
      '(str,str,str):int': 'xcaps_put',
    },
  },
  xhttp: {
    xhttp: {
      '():xval': 'get_hu',
      '(int,str,str,str):int': 'xhttp_reply',
    },
  },
  xhttp_pi: {
    xhttp_pi: {
      '():int': 'dispatch',
    },
  },
  xhttp_prom: {
    xhttp_prom: {
      '():int': 'check_uri dispatch',
      '(str):int': 'counter_reset_l0 gauge_reset_l0',
      '(str,int):int': 'counter_inc_l0',
      '(str,int,str):int': 'counter_inc_l1',
      '(str,int,str,str):int': 'counter_inc_l2',
      '(str,int,str,str,str):int': 'counter_inc_l3',
      '(str,str):int': 'counter_reset_l1 gauge_inc_l0 gauge_reset_l1 gauge_set_l0 histogram_observe_l0',
      '(str,str,str):int': 'counter_reset_l2 gauge_inc_l1 gauge_reset_l2 gauge_set_l1 histogram_observe_l1',
      '(str,str,str,str):int': 'counter_reset_l3 gauge_inc_l2 gauge_reset_l3 gauge_set_l2 histogram_observe_l2',
      '(str,str,str,str,str):int': 'gauge_inc_l3 gauge_set_l3 histogram_observe_l3',
    },
  },
  xhttp_rpc: {
    xhttp_rpc: {
      '():int': 'dispatch',
    },
  },
  xlog: {
    xlog: {
      '(str):int': 'xalert xcrit xdbg xerr xinfo xnotice xwarn',
      '(str,str):int': 'xlog',
      '(str,str,str):int': 'xlog_facility',
    },
  },
  xmlrpc: {
    xmlrpc: {
      '():int': 'dispatch_rpc',
      '(int,str):int': 'xmlrpc_reply',
    },
  },
}
