/** What name resolution needs of the server's settings; Kamailio's names, read each time. */
export interface DnsSettings {
  readonly dns_try_naptr: number
  readonly dns_try_ipv6: number
  readonly dns_srv_lb: number
  readonly dns_udp_pref: number
  readonly dns_tcp_pref: number
  readonly dns_tls_pref: number
  readonly dns_sctp_pref: number
  readonly dns_naptr_ignore_rfc: number
  /** Seconds before a question is asked again; 0 for resolv.conf's. */
  readonly dns_retr_time: number
  /** How often a question is asked; 0 for resolv.conf's. */
  readonly dns_retr_no: number
  /** How many servers are asked; 0 for all. */
  readonly dns_servers_no: number
  readonly dns_use_search_list: number
  readonly use_dns_cache: number
  /** Bits: 1 no IPv4, 2 no IPv6, 4 IPv6 first. */
  readonly dns_cache_flags: number
  /** Kilobytes. */
  readonly dns_cache_mem: number
  readonly dns_slow_query_ms: number
  /** Seconds, as the following ones. */
  readonly dns_cache_min_ttl: number
  readonly dns_cache_max_ttl: number
  readonly dns_cache_negative_ttl: number
  readonly use_dns_failover: number
}

/** Kamailio's values when the configuration says nothing. */
export const defaultDnsSettings: DnsSettings = {
  dns_try_naptr: 0,
  dns_try_ipv6: 1,
  dns_srv_lb: 0,
  dns_udp_pref: 30,
  dns_tcp_pref: 20,
  dns_tls_pref: 10,
  dns_sctp_pref: 20,
  dns_naptr_ignore_rfc: 1,
  dns_retr_time: 0,
  dns_retr_no: 0,
  dns_servers_no: 0,
  dns_use_search_list: 1,
  use_dns_cache: 1,
  dns_cache_flags: 0,
  dns_cache_mem: 500,
  dns_slow_query_ms: 0,
  dns_cache_min_ttl: 0,
  dns_cache_max_ttl: 0x7fffffff,
  dns_cache_negative_ttl: 60,
  use_dns_failover: 0,
}
