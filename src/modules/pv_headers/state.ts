import type { ParamValues } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import type { XavpTree } from '../../runtime/xavp.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './params.ts'

export interface PvHeaders {
  readonly host: Host
  readonly params: ParamValues<typeof params>
  /** Names in lower case. */
  readonly skipped: ReadonlySet<string>
  readonly split: ReadonlySet<string>
  /** Lists of headers that pvh_collect_headers() filled, and that pvh_apply_headers() wrote into the message. */
  readonly collected: WeakSet<XavpTree>
  readonly applied: WeakSet<XavpTree>
  /** `$x_rr` of replies, which pvh_apply_headers() writes into them. */
  readonly reasons: WeakMap<SipMessage, string>
}

export function setUp(host: Host, values: PvHeaders['params']): PvHeaders {
  const split = namesIn(values.split_headers)
  tellWhatIsMissing(host)
  return {
    host,
    params: values,
    skipped: new Set(namesIn(values.skip_headers)),
    // Of several names Kamailio 5.6 leaves the first one out.
    split: new Set(split.length > 1 ? split.slice(1) : split),
    collected: new WeakSet(),
    applied: new WeakSet(),
    reasons: new WeakMap(),
  }
}

function namesIn(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim().toLowerCase()).filter((name) => name !== '')
}

function tellWhatIsMissing(host: Host): void {
  if (!host.hasModule('uac')) {
    host.log.warning('pv_headers', 'failed to import bind_uac')
    host.log.notice('pv_headers', 'without the module uac, From and To stay as they are')
  }
  if (!host.hasModule('tm')) {
    host.log.warning('pv_headers', 'Cannot import load_tm function from tm module')
    host.log.notice('pv_headers', 'without the module tm, headers are collected and applied by the script only')
  }
}
