import { param } from '../../define/define.ts'

export const permissionsParams = {
  default_allow_file: param.str('permissions.allow', 'Rules for allow_routing() without arguments: who may call whom.'),
  default_deny_file: param.str('permissions.deny', 'And who may not.'),
  check_all_branches: param.int(1, 'allow_routing() looks at every branch, not only at the Request-URI.'),
  allow_suffix: param.str('.allow', 'What is put behind a base name for the file that allows.'),
  deny_suffix: param.str('.deny', 'And for the file that denies.'),
  db_url: param.str('', 'Database with the tables of addresses and trusted peers; empty for none.'),
  db_mode: param.int(0, 'Trusted peers: 0 asks the database each time, 1 keeps the table in memory.'),
  trusted_table: param.str('trusted', 'Table of trusted peers.'),
  source_col: param.str('src_ip', 'Column of the address a peer sends from.'),
  proto_col: param.str('proto', 'Column of its transport: udp, tcp, tls, sctp, ws, wss, `any` of them, or none.'),
  from_col: param.str('from_pattern', 'Column of a regular expression for the From URI.'),
  ruri_col: param.str('ruri_pattern', 'Column of a regular expression for the Request-URI.'),
  tag_col: param.str('tag', 'Column of the tag, in both tables.'),
  priority_col: param.str('priority', 'Column of the order in which peers are tried.'),
  peer_tag_avp: param.str('', 'AVP that gets the tag of what matched, such as `$avp(tag)`.'),
  peer_tag_mode: param.int(0, '0 stops at the first match, 1 gathers the tags of all and counts them.'),
  address_table: param.str('address', 'Table of addresses, subnets and names.'),
  address_file: param.str('', 'File with these instead of the table.'),
  grp_col: param.str('grp', 'Column of the group.'),
  ip_addr_col: param.str('ip_addr', 'Column of the address or name.'),
  mask_col: param.str('mask', 'Column of the length of the network prefix.'),
  port_col: param.str('port', 'Column of the port, 0 for any.'),
  max_subnets: param.int(512, 'Most subnets that are loaded.', { min: 0 }),
  load_backends: param.int(0xffff, 'What is used, as a sum: 1 addresses, 2 trusted peers, 4 default_allow_file, 8 default_deny_file.'),
  reload_delta: param.int(5, 'Seconds that pass between two reloads.'),
  trusted_cleanup_interval: param.int(60, 'Accepted as in Kamailio; old tables are gone as soon as nobody uses them.'),
}

/** load_backends. */
export const Backend = { addresses: 1, trusted: 2, allowFile: 4, denyFile: 8 } as const
