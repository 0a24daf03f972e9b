import { param, type ParamValues } from '../../define/define.ts'

export const httpAsyncParams = {
  workers: param.int(1, 'Kamailio\'s processes that ask; one process does all here.'),
  connection_timeout: param.int(500, 'Milliseconds that a question may take.'),
  hash_size: param.int(2048, 'Accepted for compatibility; nothing to act on here.'),
  tls_version: param.int(0, 'Lowest version of TLS, as libcurl numbers them: 0 the usual, 4 1.0, 5 1.1, 6 1.2, 7 1.3.'),
  tls_verify_host: param.int(1, '0: the certificate may be of another host.'),
  tls_verify_peer: param.int(1, '1: check the certificates of servers.'),
  curl_verbose: param.int(0, 'Accepted for compatibility; nothing to act on here.'),
  curl_follow_redirect: param.int(0, '1: follow redirections.'),
  tls_client_cert: param.str('', 'File of the own certificate (PEM).'),
  tls_client_key: param.str('', 'File of its key (PEM).'),
  tls_ca_path: param.str('', 'Folder, or file, of the authorities that servers are checked with.'),
  memory_manager: param.str('shm', '`shm` or `sys`; nothing to act on here.'),
  authmethod: param.int(3, 'How a password may go, as bits: 1 Basic, 2 Digest.'),
  tcp_keepalive: param.int(0, '1: TCP keep-alive.'),
  tcp_ka_idle: param.int(0, 'Seconds of silence before the first keep-alive.'),
  tcp_ka_interval: param.int(0, 'Accepted: the time between keep-alives is the system\'s.'),
}

export type HttpAsyncParams = ParamValues<typeof httpAsyncParams>
