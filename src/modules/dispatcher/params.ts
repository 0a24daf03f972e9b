import { param } from '../../define/define.ts'

export const dispatcherParams = {
  list_file: param.str('/etc/kamailio/dispatcher.list', 'File with the sets, read where there is no db_url.'),
  db_url: param.str('', 'Database with the sets; empty for the file.'),
  table_name: param.str('dispatcher', 'Its table.'),
  setid_col: param.str('setid', 'Column of the set\'s id.'),
  destination_col: param.str('destination', 'Column of the destination\'s URI.'),
  flags_col: param.str('flags', 'Column of the flags.'),
  priority_col: param.str('priority', 'Column of the priority.'),
  attrs_col: param.str('attrs', 'Column of the attributes.'),
  force_dst: param.int(1, 'Overwrite a destination URI that is set already; 0 makes ds_select_dst() fail then.'),
  flags: param.int(0, 'As a sum: 1 hash the user of URIs only, 2 keep further destinations for failover.'),
  use_default: param.int(0, 'Keep the last destination of each set for when no other is left.'),
  xavp_dst: param.str('_dsdst_', 'XAVP with the destinations that were selected, the current one first; empty for none.'),
  xavp_dst_mode: param.int(0, 'As a sum: 1 leave out attrs, 2 add socket, 4 add sockname.'),
  xavp_ctx: param.str('_dsctx_', 'XAVP with what is known of the selection; empty for none.'),
  xavp_ctx_mode: param.int(0, '1 leaves out cnt.'),
  hash_pvar: param.str('', 'Text with variables that algorithm 7 hashes.'),
  setid_pvname: param.str('', 'Variable that gets the set in which ds_is_from_list() found the address, where it looked in all.'),
  attrs_pvname: param.str('', 'Variable that gets the attributes of the destination it found.'),
  ds_probing_threshold: param.int(1, 'Failures after which a destination is inactive.', { reloadable: true, cfgName: 'probing_threshold' }),
  ds_inactive_threshold: param.int(1, 'Successes after which it is active again.', { reloadable: true, cfgName: 'inactive_threshold' }),
  ds_ping_method: param.str('OPTIONS', 'Method of pings.'),
  ds_ping_from: param.str('sip:dispatcher@localhost', 'From of pings.'),
  ds_ping_interval: param.int(0, 'Seconds between two pings; 0 for none.'),
  ds_ping_latency_stats: param.int(0, 'Measure how long answers to pings take.'),
  ds_latency_estimator_alpha: param.int(900, 'Weight of what was known before in the estimate of the latency, in thousandths.'),
  ds_ping_reply_codes: param.str('', 'Further good answers: `code=404;class=3`.', { reloadable: true, cfgName: 'ping_reply_codes' }),
  ds_probing_mode: param.int(0, 'Who is pinged: 0 those that probe, once; 1 all; 2 inactive ones that probe; 3 those that probe, always.'),
  ds_hash_size: param.int(0, 'Counts calls for algorithm 10, in 2 to the power of this many slots; 0 does not.'),
  ds_hash_expire: param.int(7200, 'Seconds after which a call that never ended is counted no more.'),
  ds_hash_initexpire: param.int(7200, 'Seconds after which a call that was never answered is counted no more.'),
  ds_hash_check_interval: param.int(30, 'Seconds between two searches for such calls.'),
  outbound_proxy: param.str('', 'URI that pings are sent to; empty for the destination.'),
  ds_default_socket: param.str('', 'Socket of destinations that have none of their own.'),
  ds_default_sockname: param.str('', 'The same by its name; goes before ds_default_socket.'),
  ds_timer_mode: param.int(0, 'Which of Kamailio\'s timer processes is used; one process does all here.'),
  event_callback: param.str('', 'Function of a KEMI script that is called in place of event routes.'),
  ds_attrs_none: param.int(0, 'Give destinations without attributes the attribute none=yes.'),
  ds_db_extra_attrs: param.str('', 'Further columns that become attributes: `name=column;name=column`.'),
  ds_load_mode: param.int(0, '1 refuses the whole list for one destination that is wrong.'),
  reload_delta: param.int(5, 'Seconds between two reloads; 0 for no limit.'),
  ds_dns_mode: param.int(1, 'When names are looked up, as a sum: 1 at the start, 2 in ds_is_from_list(), 4 by a timer; 8 asks for SRV.'),
  ds_dns_interval: param.int(600, 'Seconds between two rounds of that timer.'),
  ds_dns_ttl: param.int(0, 'Seconds that answers to these questions are kept; 0 for as long as they say.'),
}

/** Bits of `flags`. */
export const Option = { userOnly: 1, failover: 2 } as const

/** Bits of `xavp_dst_mode`. */
export const XavpMode = { noAttributes: 1, socket: 2, sockname: 4 } as const

/** Bits of `ds_dns_mode`. */
export const DnsMode = { atStart: 1, always: 2, timer: 4, services: 8 } as const

/** Values of `ds_probing_mode`. */
export const ProbingMode = { once: 0, all: 1, inactive: 2, flagged: 3 } as const
