import { param, type Param, type ParamValues } from '../../define/define.ts'

const none = (summary: string): Param<string | undefined> => ({ type: 'str', summary, initial: undefined })

export const dmqParams = {
  server_address: none('The own address as other nodes know it: `sip:192.0.2.1:5090`.'),
  server_socket: none('The socket to send from, `udp:192.0.2.1:5090`, where it is not that of server_address.'),
  notification_address: param.list('Another node, from which the others become known; may be given several times.'),
  notification_channel: param.str('notification_peer', 'The channel on which nodes tell of each other.'),
  multi_notify: param.int(0, 'Take all addresses of the name in notification_address (A, AAAA, SRV), and look again while running.'),
  num_workers: param.int(2, 'How many of Kamailio\'s processes handle messages; without effect here.'),
  worker_usleep: param.int(0, 'How Kamailio\'s processes wait; without effect here.'),
  ping_interval: param.int(60, 'Seconds between two rounds of pings and comparisons.'),
  remove_inactive: param.int(1, 'Forget nodes that stay away; with 0 they are listed on, and pinged.'),
  fail_count_enabled: param.int(0, 'Count the pings in a row that a node left unanswered before its state changes.'),
  fail_count_threshold_not_active: param.int(0, 'With fail_count_enabled: a node is not_active after more failures than this.'),
  fail_count_threshold_disabled: param.int(1, 'With fail_count_enabled: a node is disabled after more failures than this.'),
}

export type DmqParams = ParamValues<typeof dmqParams>
