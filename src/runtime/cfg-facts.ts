/**
 * Kamailio's parameters that can be changed while the server runs, by group and in the order `cfg.list` shows them. Behind a
 * name: `!` the value is not shown, `=` it cannot be changed, `/a..b` the numbers it takes, `#n` its value where nothing here
 * has such a parameter.
 */
export const cfgFacts: Readonly<Record<string, string>> = {
  tm: `auto_inv_100_reason default_reason ac_extra_hdrs ruri_matching/0..1 via1_matching/0..1 callid_matching callid_cseq_matching
    fr_timer! fr_inv_timer! fr_inv_timer_next wt_timer! retr_timer1! retr_timer2! max_inv_lifetime! max_noninv_lifetime!
    noisy_ctimer/0..1 auto_inv_100/0..1 unix_tx_timeout restart_fr_on_each_reply/0..1 pass_provisional_replies/0..1
    aggregate_challenges/0..1 unmatched_cancel/0..2 default_code/400..699 reparse_invite/0..1 blst_503/0..1
    blst_503_def_timeout blst_503_min_timeout blst_503_max_timeout blst_methods_add blst_methods_lookup cancel_b_method!/0..2
    reparse_on_dns_failover!/0..1 disable_6xx_block/0..1 local_ack_mode/0..2 local_cancel_reason/0..1 e2e_cancel_reason/0..1
    relay_100/0..1 enable_uac_fr/0..1`,
  registrar: `realm_pref default_expires default_expires_range/0..100 expires_range/0..100 min_expires max_expires max_contacts
    retry_after case_sensitive default_q/-1..1000 append_branches use_expired_contacts`,
  dbg: 'mod_level_mode!/0..1 mod_facility_mode!/0..1',
  dispatcher: 'probing_threshold inactive_threshold ping_reply_codes',
  maxfwd: 'max_limit/0..255',
  rtpengine: 'rtpengine_disable_tout aggressive_redetection/0..1 rtpengine_tout_ms queried_nodes_limit/0..30 rtpengine_retr',
  xlog: 'methods_filter',
  siputils: 'ring_timeout',
  tcp: `connect_timeout! send_timeout! connection_lifetime! max_connections! max_tls_connections! no_connect/0..1 fd_cache=/0..1
    async=/0..1 connect_wait=#1 conn_wq_max/0..1048576 wq_max/0..1073741824 defer_accept= delayed_ack/0..1 syncnt/0..1024
    linger2/0..3600 keepalive/0..1 keepidle/0..86400 keepintvl/0..86400 keepcnt/0..1024 crlf_ping/0..1 accept_aliases/0..1
    alias_flags/0..2#1 new_conn_alias_flags/0..2#2 accept_no_cl/0..1 reuse_port/0..1 wait_data_ms/0..7200000
    rd_buf_size/512..16777216 wq_blk_size/1..65535`,
  core: `debug log_facility! memdbg use_dst_blocklist!/0..1 dst_blocklist_expire dst_blocklist_mem! dst_blocklist_udp_imask
    dst_blocklist_tcp_imask dst_blocklist_tls_imask dst_blocklist_sctp_imask dns_try_ipv6!/0..1 dns_try_naptr/0..1 dns_udp_pref
    dns_tcp_pref dns_tls_pref dns_sctp_pref dns_retr_time dns_slow_query_ms dns_retr_no dns_servers_no dns_use_search_list/0..1
    dns_search_full_match/0..1 dns_reinit!#0 dns_naptr_ignore_rfc/0..1 use_dns_cache!/0..1 dns_cache_flags/0..4
    use_dns_failover!/0..1 dns_srv_lb/0..1 dns_cache_negative_ttl dns_cache_min_ttl dns_cache_max_ttl dns_cache_mem!
    dns_cache_del_nonexp/0..1 dns_cache_rec_pref/0..3 mem_dump_pkg#0 mem_dump_shm!#0 max_while_loops udp_mtu/0..65535
    udp_mtu_try_proto/1..4 udp4_raw!/-1..1 udp4_raw_mtu/28..65535 udp4_raw_ttl!/-1..255 force_rport/0..1 memlog mem_summary
    mem_safety mem_join mem_status_mode sip_parser_log_oneline sip_parser_log corelog latency_cfg_log latency_log
    latency_limit_db latency_limit_action latency_limit_cfg pv_cache_limit pv_cache_action`,
}

/** Parameters of the tcp group whose global name is not `tcp_` and theirs. */
export const tcpSettingNames: Readonly<Record<string, string>> = {
  max_tls_connections: 'tls_max_connections',
  wait_data_ms: 'tcp_wait_data',
}

export interface CfgFact {
  readonly name: string
  readonly isReadable: boolean
  readonly isWritable: boolean
  readonly min: number
  readonly max: number
  /** The value where there is no such parameter here. */
  readonly constant: number | undefined
}

export function factsOf(group: string): readonly CfgFact[] {
  const text = cfgFacts[group] ?? ''
  return [...text.matchAll(/(\w+)([!=]?)(?:\/(-?\d+)\.\.(-?\d+))?(?:#(\d+))?/g)].map(([, name = '', mark, min, max, constant]) => ({
    name,
    isReadable: mark !== '!',
    isWritable: mark !== '=',
    min: min === undefined ? -0x8000_0000 : Number(min),
    max: max === undefined ? 0x7fff_ffff : Number(max),
    constant: constant === undefined ? undefined : Number(constant),
  }))
}
