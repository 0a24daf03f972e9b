import type { Header } from '../../sip/header.ts'
import { decimal } from '../../sip/header-block.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Host } from '../../runtime/host.ts'

/** The number in a Max-Forwards; undefined when it is none. */
function numberIn(header: Header): number | undefined {
  if (header.written !== undefined) return Number(header.written)
  // Kamailio takes an empty value for 0.
  return header.bodyEnd === header.bodyStart ? 0 : decimal(header.text, header.bodyStart, header.bodyEnd)
}

/**
 * Lowers Max-Forwards, but not below 0, and to `limit` at most; adds it where it is absent.
 * 1 lowered, 2 added, -1 was 0, -2 no number. The digits are written over the old ones, blanks in front, as Kamailio does.
 */
export function processMaxForwards(host: Host, message: SipMessage, initial: number, limit: number): number {
  const header = message.header(HeaderType.maxForwards)
  if (header === undefined) {
    if (message.error !== undefined) return refuse(host, -2)
    const [first] = message.headers()
    message.edits.insert(first?.start ?? message.headersStart, `Max-Forwards: ${initial}\r\n`)
    return 2
  }
  const value = numberIn(header)
  if (value === undefined) return refuse(host, -2)
  if (value === 0) return -1
  const { bodyStart, bodyEnd } = header
  const digits = String(Math.min(value - 1, limit))
  const lowered = digits.length === bodyEnd - bodyStart ? digits : digits.padStart(bodyEnd - bodyStart)
  header.written = lowered
  const edit = message.edits.removalAt(bodyStart)
  if (edit !== undefined) message.edits.withdraw(edit)
  message.edits.replace(bodyStart, bodyEnd, lowered)
  return 1
}

/** 1 when Max-Forwards is below the value; -1 when not, -2 when it is absent, -3 when it is no number. */
export function isBelow(host: Host, message: SipMessage, limit: number): number {
  const header = message.header(HeaderType.maxForwards)
  if (header === undefined) return message.error === undefined ? -2 : refuse(host, -3)
  const value = numberIn(header)
  if (value === undefined) return refuse(host, -3)
  return value < limit ? 1 : -1
}

function refuse(host: Host, result: number): number {
  host.log.error('maxfwd', 'is_maxfwd_present(): unable to parse the max forwards number')
  return result
}
