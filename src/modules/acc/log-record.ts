/** Records in the log: `ACC: transaction answered: timestamp=...;method=...;...`. */
import { localTime, strftime, universalTime } from '../../base/strftime.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { extraValues, legValues, type Named } from './extra.ts'
import type { AccRecord } from './record.ts'
import type { Acc } from './state.ts'

export type LogKind = 'request accounted' | 'call missed' | 'transaction answered' | 'request acknowledged'

/** Kamailio's buffer. */
const TEXT_BYTES_MAX = 65_534

export function logRecord(acc: Acc, context: RouteContext, kind: LogKind, record: AccRecord): number {
  const seconds = Math.floor(record.atMs / 1000)
  acc.host.log.write({
    level: acc.level,
    origin: 'acc: ',
    text: `ACC: ${kind}: timestamp=${seconds}${timeText(acc, record)}${valuesText(acc, context, record)}\n`,
    isVerbatim: true,
    ...(acc.facility === undefined ? {} : { facility: acc.facility }),
  })
  return 1
}

function valuesText(acc: Acc, context: RouteContext, record: AccRecord): string {
  let text = ''
  const add = (values: readonly Named[]): boolean => {
    for (const [name, value] of values) {
      const piece = `;${name}=${value ?? ''}`
      if (text.length + piece.length > TEXT_BYTES_MAX) {
        acc.host.log.warning('acc', 'acc message too long, truncating..')
        return false
      }
      text += piece
    }
    return true
  }
  const fits = add(coreValues(record)) && add(extraValues(context, acc.logExtra))
  if (fits) for (const leg of legValues(context, acc.legs)) if (!add(leg)) break
  return text
}

function coreValues({ method, fromTag, toTag, callId, code, reason }: AccRecord): readonly Named[] {
  return [['method', method], ['from_tag', fromTag], ['to_tag', toTag], ['call_id', callId], ['code', code], ['reason', reason]]
}

function timeText({ params }: Acc, { atMs }: AccRecord): string {
  switch (params.time_mode) {
    case 1:
      return `;${params.time_exten}=${microseconds(atMs)}`
    case 2:
      return `;${params.time_attr}=${(atMs / 1000).toFixed(3)}`
    case 3:
    case 4:
      return `;${params.time_attr}=${formattedTime(params.time_format, params.time_mode, atMs)}`
    default:
      return ''
  }
}

export function microseconds(atMs: number): number {
  return Math.floor((atMs % 1000) * 1000)
}

const TIME_BYTES_MAX = 127

/** Empty where the text is too long, as in Kamailio. */
export function formattedTime(format: string, mode: number, atMs: number): string {
  const text = strftime(format, mode === 3 ? localTime(atMs) : universalTime(atMs))
  return text.length > TIME_BYTES_MAX ? '' : text
}
