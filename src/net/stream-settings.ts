/** What connections need of the server's settings; Kamailio's names, read each time, since `cfg.set` changes them. */
export interface StreamSettings {
  readonly tcp_accept_no_cl: number
  readonly tcp_accept_haproxy: number
  readonly tcp_accept_unique: number
  /** Connections from one address; 0 for no limit. */
  readonly tcp_accept_iplimit: number
  readonly tcp_close_rst: number
  /** Bytes. */
  readonly tcp_conn_wq_max: number
  /** Bytes. */
  readonly tcp_wq_max: number
  /** Seconds. */
  readonly tcp_connect_timeout: number
  /** Seconds. */
  readonly tcp_send_timeout: number
  /** Seconds. */
  readonly tcp_connection_lifetime: number
  readonly tcp_connection_match: number
  readonly tcp_max_connections: number
  readonly tls_max_connections: number
  readonly tcp_no_connect: number
  /** Bytes. */
  readonly tcp_rd_buf_size: number
  /** Seconds. */
  readonly tcp_msg_read_timeout: number
  /** Seconds. */
  readonly tcp_msg_data_timeout: number
  readonly tcp_crlf_ping: number
  readonly tcp_keepalive: number
  /** Seconds. */
  readonly tcp_keepidle: number
  readonly tcp_listen_backlog: number
  readonly tcp_source_ipv4: string
  readonly tcp_source_ipv6: string
}

/** Kamailio's values when the configuration says nothing. */
export const defaultStreamSettings: StreamSettings = {
  tcp_accept_no_cl: 0,
  tcp_accept_haproxy: 0,
  tcp_accept_unique: 0,
  tcp_accept_iplimit: 1024,
  tcp_close_rst: 0,
  tcp_conn_wq_max: 32768,
  tcp_wq_max: 10485760,
  tcp_connect_timeout: 10,
  tcp_send_timeout: 10,
  tcp_connection_lifetime: 120,
  tcp_connection_match: 0,
  tcp_max_connections: 2048,
  tls_max_connections: 2048,
  tcp_no_connect: 0,
  tcp_rd_buf_size: 16384,
  tcp_msg_read_timeout: 20,
  tcp_msg_data_timeout: 20,
  tcp_crlf_ping: 1,
  tcp_keepalive: 1,
  tcp_keepidle: 0,
  tcp_listen_backlog: 1024,
  tcp_source_ipv4: '',
  tcp_source_ipv6: '',
}
