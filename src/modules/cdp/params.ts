import { param, type ParamValues } from '../../define/define.ts'

export const cdpParams = {
  config_file: param.str('DiameterPeer.xml', 'The XML file with this node, its peers and routes.'),
  latency_threshold: param.int(500, 'Milliseconds after which an answer is late, and the log says so.'),
  workerq_latency_threshold: param.int(100, 'Milliseconds a connection may be left unread before the log says so.'),
  workerq_length_threshold_percentage: param.int(0, 'Percent of the queue above which the log warns; 0 for never.'),
  debug_heavy: param.int(0, 'Log the peers with their states at each look at them (level debug).'),
  enable_tls: param.int(0, 'Connect by TLS, and accept by TLS where there is a certificate.'),
  tls_method: param.str('TLSv1.2+', 'Version of TLS: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3, or one of them with + for newer ones as well.'),
  private_key: param.str('', 'File with the private key, in PEM form.'),
  certificate: param.str('', 'File with the certificate and its chain, in PEM form.'),
  ca_list: param.str('', 'File with the certificates of authorities: who is not certified by one of them is refused.'),
}

export type CdpParams = ParamValues<typeof cdpParams>
