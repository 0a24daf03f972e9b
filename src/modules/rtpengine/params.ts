import { param, type Param } from '../../define/define.ts'

const STRETCHES = ['min', 'max', 'average'] as const
export type Stretch = (typeof STRETCHES)[number]
export const SIDES = ['', '_A', '_B'] as const
export type Side = (typeof SIDES)[number]

/** What can be had of each stretch, by the word in the parameter's name. */
export const FIGURES = {
  '': 'the MOS value', at: 'when that was', packetloss: 'the packet loss in percent', jitter: 'the jitter in milliseconds',
  roundtrip: 'the round-trip time', roundtrip_leg: 'the round-trip time of the leg', samples: 'how many samples that is of',
} as const
export type Figure = keyof typeof FIGURES

const WORDS: Readonly<Record<Stretch, string>> = { min: 'At the lowest MOS', max: 'At the highest MOS', average: 'On average' }

/** `mos_min_pv`, `mos_average_jitter_A_pv` ... */
export const mosParamName = (stretch: Stretch, figure: Figure, side: Side): string =>
  `mos_${stretch}${figure === '' ? '' : `_${figure}`}${side}_pv`

/** What each stretch has; the whole call has no leg of its own, but Kamailio knows the parameter. */
export function figuresOf(stretch: Stretch): readonly Figure[] {
  return stretch === 'average'
    ? ['', 'packetloss', 'jitter', 'roundtrip', 'roundtrip_leg', 'samples']
    : ['', 'at', 'packetloss', 'jitter', 'roundtrip', 'roundtrip_leg']
}

export const stretches: readonly Stretch[] = STRETCHES

function mosParams(): Readonly<Record<string, Param<string>>> {
  const made: Record<string, Param<string>> = {}
  for (const side of SIDES) {
    const of = side === '' ? 'of the call' : `of the legs with the label of side ${side.slice(1)}`
    if (side !== '') made[`mos${side}_label_pv`] = param.str('', `Label of the legs of side ${side.slice(1)}, a text with variables.`)
    for (const stretch of STRETCHES) {
      for (const figure of figuresOf(stretch)) {
        const summary = `Variable that gets a figure ${of}. ${WORDS[stretch]}: ${FIGURES[figure]}.`
        made[mosParamName(stretch, figure, side)] = param.str('', summary)
      }
    }
  }
  return made
}

export const mosParameters = mosParams()

export const rtpengineParams = {
  rtpengine_sock: param.list('Engines: `[set ==] udp:host:port[=weight] udp6:[host]:port ws://host:port ...`; again for further sets.'),
  rtpengine_disable_tout: param.int(60, 'Seconds that an engine which does not answer is left alone.', { reloadable: true }),
  aggressive_redetection: param.int(1, 'Try all engines of a set again when none is left.', { reloadable: true }),
  rtpengine_tout_ms: param.int(1000, 'Milliseconds to wait for an answer.', { reloadable: true }),
  queried_nodes_limit: param.int(30, 'How many engines are asked for one message.', { reloadable: true }),
  rtpengine_retr: param.int(5, 'How often a command is sent over UDP.', { reloadable: true }),
  rtpengine_allow_op: param.int(0, 'Calls go on with an engine that is disabled: 1 in any case, 2 when that was done by hand.'),
  control_cmd_tos: param.int(-1, 'Type of service of commands, 0 to 255.'),
  db_url: param.str('', 'Database with the engines, in place of rtpengine_sock.'),
  table_name: param.str('rtpengine', 'Its table.'),
  setid_col: param.str('setid', 'Column of the set.'),
  url_col: param.str('url', 'Column of the URL.'),
  weight_col: param.str('weight', 'Column of the weight.'),
  disabled_col: param.str('disabled', 'Column that switches an engine off.'),
  extra_id_pv: param.str('', 'Text with variables that via-branch=extra takes.'),
  setid_avp: param.str('', 'AVP with the number of the set to use.'),
  force_send_interface: param.str('', 'Own address that commands leave from.'),
  rtp_inst_pvar: param.str('', 'Variable that gets the URL of the engine in use.'),
  write_sdp_pv: param.str('', 'Variable that gets the new description, in place of the body.'),
  read_sdp_pv: param.str('', 'Variable with the description, in place of the body.'),
  hash_table_tout: param.int(3600, 'Seconds after which it is forgotten which engine has a call.'),
  hash_table_size: param.int(256, 'Rows of the table of calls.'),
  setid_default: param.int(0, 'Set for messages whose script chose none.'),
  media_duration: param.str('', 'Variable that gets how many milliseconds play_media() will take.'),
  hash_algo: param.int(0, 'How the Call-ID chooses the engine: 0 sum of bytes, 1 SHA-1, 2 CRC-32.'),
  wsapi: param.str('', '`lwsc` allows WebSockets to engines.'),
  ...mosParameters,
}
