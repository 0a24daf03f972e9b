import { globalParameters } from './global-parameters.ts'

/** What a reserved word stands for: the word itself under its first spelling, a number, or an operator. */
export interface Keyword {
  readonly kind: 'keyword' | 'number' | 'operator'
  /** The first spelling: `sethost` is `rewritehost`. */
  readonly text: string
  readonly value: number
}

/** Reserved words other than the global parameters: the first spelling, then the others that mean the same. */
const words: readonly (readonly string[])[] = [
  ['if'], ['else'], ['switch'], ['case'], ['default'], ['while'],
  ['drop'], ['exit'], ['return'], ['break'],
  ['route'], ['request_route'], ['reply_route'], ['onreply_route'], ['failure_route'], ['branch_route'],
  ['onsend_route'], ['event_route'],
  ['forward'], ['forward_udp'], ['forward_tcp'], ['forward_tls'], ['forward_sctp'],
  ['log'], ['error'], ['exec'], ['setflag'], ['resetflag'], ['isflagset'],
  ['setavpflag'], ['resetavpflag'], ['isavpflagset'], ['flags', 'bool'], ['avpflags'],
  ['rewritehost', 'sethost', 'seth'], ['rewritehostport', 'sethostport', 'sethp'],
  ['rewritehostporttrans', 'sethostporttrans', 'sethpt'], ['rewriteuser', 'setuser', 'setu'],
  ['rewriteuserpass', 'setuserpass', 'setup'], ['rewriteport', 'setport', 'setp'], ['rewriteuri', 'seturi'],
  ['revert_uri'], ['prefix'], ['strip'], ['strip_tail'], ['userphone'], ['remove_branch'], ['clear_branches'],
  ['add_local_rport'], ['force_tcp_alias', 'add_tcp_alias'],
  ['set_advertised_address'], ['set_advertised_port'], ['force_send_socket'],
  ['set_forward_no_connect'], ['set_reply_no_connect'], ['set_forward_close'], ['set_reply_close'],
  ['cfg_select'], ['cfg_reset'],
  ['method'], ['uri'], ['status'], ['from_uri'], ['to_uri'], ['src_ip'], ['src_port'], ['dst_ip'], ['dst_port'],
  ['snd_ip'], ['snd_port'], ['snd_proto', 'to_proto'], ['snd_af', 'to_af'], ['to_ip'], ['to_port'],
  ['proto'], ['af'], ['myself'], ['max_len'],
  ['strlen'], ['strempty'], ['defined'], ['selval'],
  ['advertise', 'ADVERTISE'], ['virtual'], ['name', 'NAME'], ['statistics'],
  ['kemi'], ['onsend_route_callback'], ['reply_route_callback'], ['event_route_callback'],
  ['received_route_callback'], ['pre_routing_callback'], ['description', 'descr', 'desc'],
  ['loadmodule'], ['loadmodulex'], ['loadpath', 'mpath'], ['modparam'], ['modparamx'], ['cfgengine'],
  ['include_file'], ['import_file'],
  ['udp', 'UDP'], ['tcp', 'TCP'], ['tls', 'TLS'], ['sctp', 'SCTP'], ['ws', 'WS'], ['wss', 'WSS'],
  ['sslv23', 'SSLv23', 'SSLV23'], ['sslv2', 'SSLv2', 'SSLV2'], ['sslv3', 'SSLv3', 'SSLV3'],
  ['tlsv1', 'TLSv1', 'TLSV1'],
]

/** Words that are numbers wherever a number may stand. `inet` and `inet6` are the system's AF_INET and AF_INET6. */
const numbers: readonly (readonly [number, readonly string[]])[] = [
  [1, ['yes', 'true', 'on', 'enable']],
  [0, ['no', 'false', 'off', 'disable']],
  [2, ['inet', 'INET', 'ipv4', 'IPv4', 'IPV4']],
  [10, ['inet6', 'INET6', 'ipv6', 'IPv6', 'IPV6']],
]

const operators: readonly (readonly [string, string])[] = [
  ['and', '&&'], ['or', '||'], ['not', '!'], ['mod', 'mod'],
  ['eq', 'eq'], ['ne', 'ne'], ['ieq', 'ieq'], ['ine', 'ine'],
]

function collect(): ReadonlyMap<string, Keyword> {
  const table = new Map<string, Keyword>()
  const add = (spellings: readonly string[]) => {
    const keyword: Keyword = { kind: 'keyword', text: spellings[0] ?? '', value: 0 }
    for (const spelling of spellings) table.set(spelling, keyword)
  }
  for (const parameter of globalParameters) add([parameter.name, ...parameter.aliases])
  for (const spellings of words) add(spellings)
  for (const [value, spellings] of numbers) {
    for (const spelling of spellings) table.set(spelling, { kind: 'number', text: spelling, value })
  }
  for (const [word, operator] of operators) table.set(word, { kind: 'operator', text: operator, value: 0 })
  return table
}

/** Every reserved word of the language, by spelling. */
export const keywords: ReadonlyMap<string, Keyword> = collect()
