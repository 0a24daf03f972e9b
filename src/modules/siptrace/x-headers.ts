/** X-Siptrace headers: what one server tells the next about a message that it copies as it is. */
import type { SipTrace, Traced } from './trace.ts'

/** What Kamailio takes of each value, and of all headers together. */
const VALUE_BYTES_MAX = 50
const HEADERS_BYTES_MAX = 512

const WRITTEN = new RegExp(
  `\\r\\nX-Siptrace-Fromip:\\s*(\\S{1,${VALUE_BYTES_MAX}})\\s+X-Siptrace-Toip:\\s*(\\S{1,${VALUE_BYTES_MAX}})\\s+` +
  `X-Siptrace-Time:\\s*(\\d+)\\s*(\\d+)\\s+X-Siptrace-Method:\\s*(\\S{1,${VALUE_BYTES_MAX}})\\s+X-Siptrace-Dir:\\s*(\\S{1,3})`,
)

/** The message without its X-Siptrace headers, and as they say. Undefined, with a line in the log, when there are none. */
export function readXHeaders({ host }: SipTrace, traced: Traced): Traced | undefined {
  const end = traced.text.indexOf('\r\n\r\n')
  if (end < 0) {
    host.log.error('siptrace', 'malformed message')
    return undefined
  }
  const head = traced.text.slice(0, end)
  const start = head.indexOf('\r\nX-Siptrace-Fromip: ')
  const found = start < 0 ? null : WRITTEN.exec(head.slice(start))
  if (found === null) {
    host.log.error('siptrace', `message without x-headers from ${traced.fromIp}, callid ${traced.callId}`)
    return undefined
  }
  const [, fromIp = '', toIp = '', seconds = '', microseconds = '', method = '', direction = ''] = found
  return {
    ...traced, fromIp, toIp, method, direction,
    atMs: Number(seconds) * 1000 + Number(microseconds) / 1000,
    text: traced.text.slice(0, start) + traced.text.slice(end),
  }
}

/** The message with X-Siptrace headers; undefined when it has no end of headers, or they are too long. */
export function withXHeaders({ host }: SipTrace, { text, fromIp, toIp, atMs, method, direction }: Traced): string | undefined {
  const end = text.indexOf('\r\n\r\n')
  const headers = `X-Siptrace-Fromip: ${fromIp}\r\nX-Siptrace-Toip: ${toIp}\r\n` +
    `X-Siptrace-Time: ${Math.floor(atMs / 1000)} ${Math.floor((atMs % 1000) * 1000)}\r\n` +
    `X-Siptrace-Method: ${method}\r\nX-Siptrace-Dir: ${direction}\r\n`
  if (end < 0 || headers.length >= HEADERS_BYTES_MAX) {
    host.log.error('siptrace', end < 0 ? 'malformed message' : 'string too long')
    return undefined
  }
  return text.slice(0, end + 2) + headers + text.slice(end + 2)
}
