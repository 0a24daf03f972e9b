import { HeaderType } from '../../sip/header-name.ts'
import { decimal, type SipMessage } from '../../sip/message.ts'
import type { Host } from '../../runtime/host.ts'

/** What there is of a Max-Forwards: a number, nothing, or something that is no number. */
function current(message: SipMessage): number | 'absent' | 'invalid' {
  const header = message.header(HeaderType.maxForwards)
  if (header === undefined) return message.error === undefined ? 'absent' : 'invalid'
  if (header.written !== undefined) return Number(header.written)
  // Kamailio takes an empty value for 0.
  if (header.bodyEnd === header.bodyStart) return 0
  return decimal(message.text, header.bodyStart, header.bodyEnd) ?? 'invalid'
}

/**
 * Lowers Max-Forwards, but not below 0, and to `limit` at most; adds it where it is absent.
 * 1 lowered, 2 added, -1 was 0, -2 no number. The digits are written over the old ones, blanks in front, as Kamailio does.
 */
export function processMaxForwards(host: Host, message: SipMessage, initial: number, limit: number): number {
  const value = current(message)
  if (value === 'invalid') return refuse(host, -2)
  if (value === 'absent') {
    const first = message.headers()[0]
    message.edits.insert(first?.start ?? message.headersStart, `Max-Forwards: ${initial}\r\n`)
    return 2
  }
  if (value === 0) return -1
  const header = message.header(HeaderType.maxForwards)
  if (header === undefined) return -2
  const lowered = String(Math.min(value - 1, limit)).padStart(header.bodyEnd - header.bodyStart)
  header.written = lowered
  const edit = message.edits.removalAt(header.bodyStart)
  if (edit !== undefined) message.edits.withdraw(edit)
  message.edits.replace(header.bodyStart, header.bodyEnd, lowered)
  return 1
}

/** 1 when Max-Forwards is below the value; -1 when not, -2 when it is absent, -3 when it is no number. */
export function isBelow(host: Host, message: SipMessage, limit: number): number {
  const value = current(message)
  if (value === 'invalid') return refuse(host, -3)
  if (value === 'absent') return -2
  return value < limit ? 1 : -1
}

function refuse(host: Host, result: number): number {
  host.log.error('maxfwd', 'is_maxfwd_present(): unable to parse the max forwards number')
  return result
}
