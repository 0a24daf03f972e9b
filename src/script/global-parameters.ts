/**
 * Which form a global parameter's value takes. `number`: without a sign; `int`: with or without one; `word`: a bare
 * word; `text`: a string or a bare word.
 */
export type ParameterForm =
  | 'number' | 'int' | 'string' | 'word' | 'text' | 'number-or-word' | 'ipv4' | 'ipv6' | 'tls-method' | 'protocol'
  | 'host' | 'addresses'

export interface GlobalParameter {
  readonly name: string
  readonly aliases: readonly string[]
  readonly form: ParameterForm
}

/** Kamailio 5.6's global parameters; after `=` the other spellings of the same one. */
const byForm: readonly (readonly [ParameterForm, string])[] = [
  ['number', `
    fork fork_delay modinit_delay log_stderror log_color log_prefix_mode port maxbuffer sql_buffer_size
    children socket_workers async_workers async_usleep async_nonblock check_via phone2tel sip_warning mhomed
    dns rev_dns dns_try_ipv6 dns_try_naptr dns_srv_lb=dns_srv_loadbalancing dns_retr_time dns_slow_query_ms
    dns_retr_no dns_servers_no dns_use_search_list dns_search_full_match dns_naptr_ignore_rfc
    dns_cache_init use_dns_cache use_dns_failover dns_cache_flags dns_cache_negative_ttl dns_cache_max_ttl
    dns_cache_min_ttl dns_cache_mem dns_cache_gc_interval dns_cache_del_nonexp=dns_cache_delete_nonexpired
    dns_cache_rec_pref auto_bind_ipv6 bind_ipv6_link_local
    dst_blocklist_init use_dst_blocklist dst_blocklist_mem dst_blocklist_expire=dst_blocklist_ttl
    dst_blocklist_gc_interval dst_blocklist_udp_imask dst_blocklist_tcp_imask dst_blocklist_tls_imask
    dst_blocklist_sctp_imask
    disable_tcp tcp_accept_aliases tcp_accept_unique tcp_connection_match tcp_children tcp_max_connections
    tcp_no_connect tcp_fd_cache tcp_buf_write=tcp_async tcp_conn_wq_max tcp_wq_max tcp_rd_buf_size tcp_wq_blk_size
    tcp_defer_accept tcp_delayed_ack tcp_syncnt tcp_linger2 tcp_keepalive tcp_keepidle tcp_keepintvl tcp_keepcnt
    tcp_crlf_ping tcp_accept_no_cl tcp_accept_hep3 tcp_accept_haproxy tcp_clone_rcvbuf tcp_reuse_port
    disable_tls=tls_disable enable_tls=tls_enable tlslog=tls_log tls_port_no tls_max_connections tls_verify
    tls_require_certificate tls_handshake_timeout tls_send_timeout disable_sctp enable_sctp sctp_children
    server_signature reply_to_via auto_aliases advertised_port disable_core_dump open_files_limit
    shm=shm_mem=shm_mem_size shm_force_alloc mlock_pages real_time rt_prio rt_policy
    rt_timer1_prio=rt_fast_timer_prio=rt_ftimer_prio rt_timer1_policy=rt_ftimer_policy
    rt_timer2_prio=rt_stimer_prio rt_timer2_policy=rt_stimer_policy
    mcast_loopback mcast_ttl pmtu_discovery exit_timeout=ser_kill_timeout max_while_loops
    pv_buffer_size pv_buffer_slots pv_cache_limit pv_cache_action http_reply_hack=http_reply_parse verbose_startup
    route_locks_size wait_worker1_mode wait_worker1_time wait_worker1_usleep server_id max_recursive_level
    max_branches latency_limit_db latency_limit_action latency_limit_cfg msg_time onsend_route_reply
    udp_mtu force_rport=add_rport local_rport udp4_raw_mtu udp4_raw_ttl`],
  ['int', `
    debug dns_udp_pref=dns_udp_preference dns_tcp_pref=dns_tcp_preference dns_tls_pref=dns_tls_preference
    dns_sctp_pref=dns_sctp_preference ip_free_bind=ipfreebind=ip_nonlocal_bind memlog=mem_log memdbg=mem_dbg
    mem_summary mem_safety mem_join mem_status_mode sip_parser_log_oneline sip_parser_log sip_parser_mode
    corelog=core_log tcp_connect_timeout tcp_send_timeout tcp_connection_lifetime tcp_wait_data tcp_script_mode
    received_route_mode latency_log latency_cfg_log udp4_raw`],
  ['string', `
    log_name log_prefix log_engine_type log_engine_data xavp_via_params xavp_via_fields ipv6_hex_style
    stats_name_separator async_workers_group version_table tls_certificate tls_private_key tls_ca_list
    server_header user_agent_header uri_host_extra_chars hdr_name_extra_chars`],
  ['word', 'log_facility'],
  ['text', 'user=uid group=gid chroot workdir=wdir rundir=run_dir tcp_poll_method mcast'],
  ['number-or-word', 'tos'],
  ['ipv4', 'tcp_source_ipv4'],
  ['ipv6', 'tcp_source_ipv6'],
  ['tls-method', 'tls_method'],
  ['protocol', 'udp_mtu_try_proto'],
  ['host', 'advertised_address'],
  ['addresses', 'listen alias'],
]

function collect(): readonly GlobalParameter[] {
  const all: GlobalParameter[] = []
  for (const [form, names] of byForm) {
    for (const spellings of names.trim().split(/\s+/)) {
      const [name = '', ...aliases] = spellings.split('=')
      all.push({ name, aliases, form })
    }
  }
  return all
}

export const globalParameters: readonly GlobalParameter[] = collect()

/** By first spelling. */
export const parameterForms: ReadonlyMap<string, ParameterForm> = new Map(
  globalParameters.map((parameter) => [parameter.name, parameter.form]),
)

/** Global parameters that came after Kamailio 5.6: worth a word of their own in an error. */
export const laterParameters: ReadonlySet<string> = new Set([
  'socket', 'domain', 'auto_domains', 'return_mode', 'xavp_via_reply_params', 'tcp_close_rst', 'tcp_listen_backlog',
  'tcp_accept_protocols', 'tcp_accept_protos', 'msg_recv_max_size', 'tcp_msg_read_timeout', 'tcp_msg_data_timeout',
  'tcp_accept_iplimit', 'tcp_check_timer', 'rpc_exec_delta', 'async_tkv_gname', 'async_tkv_evcb', 'mem_add_size',
])
