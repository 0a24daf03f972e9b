import { param, type ParamValues } from '../../define/define.ts'

/** Both of them. */
const BASIC_AND_DIGEST = 3

export const httpClientParams = {
  connection_timeout: param.int(4, 'Seconds that a question may take.'),
  cacert: param.str('', 'File of the authorities that servers are checked with.'),
  client_cert: param.str('', 'File of the own certificate (PEM).'),
  client_key: param.str('', 'File of its key (PEM).'),
  cipher_suites: param.str('', 'Ciphers that TLS may use.'),
  tlsversion: param.int(0, 'Lowest version of TLS, as libcurl numbers them: 0 the usual, 4 1.0, 5 1.1, 6 1.2, 7 1.3.'),
  verify_peer: param.int(1, '1: check the certificates of servers.'),
  verify_host: param.int(2, '0: the certificate may be of another host.'),
  httpproxyport: param.int(0, 'Port of the proxy; 0 for no proxy of named connections.'),
  httpproxy: param.str('', 'URL of a proxy.'),
  httpredirect: param.int(0, '1: follow redirections.'),
  useragent: param.str('', 'User-Agent; the server\'s own when it is not set.'),
  maxdatasize: param.int(0, 'Bytes of an answer that are kept of named connections; 0 for all (8 MB).'),
  config_file: param.str('', 'File with connections.'),
  httpcon: param.list('A connection: "name=>http://user:password@host/path;timeout=3;failover=other".'),
  authmethod: param.int(BASIC_AND_DIGEST, 'How a password may go, as bits: 1 Basic, 2 Digest.'),
  keep_connections: param.int(0, '1: use connections to servers again.'),
  query_result: param.int(1, '1: http_client_query() gives the first line only.'),
  query_maxdatasize: param.int(0, 'Bytes of an answer that http_client_query() keeps; 0 for all (8 MB).'),
  netinterface: param.str('', 'Address or interface to ask from.'),
}

export type HttpClientParams = ParamValues<typeof httpClientParams>
