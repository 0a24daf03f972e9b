import type { Host } from '../../runtime/host.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseDate } from '../../sip/headers/date.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'

/** 1 when Date is no more than that many seconds ago; -1 when it is absent or unreadable, -2 before 1970, -4 older. */
export function checkDate(host: Host, message: SipMessage, ageMaxSeconds: number): number {
  const text = message.value(HeaderType.date)
  if (text === undefined) {
    host.log.error('siputils', 'Date header field is not found')
    return -1
  }
  const dateMs = parseDate(text)
  if (dateMs instanceof ParseError) {
    host.log.error('siputils', 'failed parsing DATE body')
    return -1
  }
  if (dateMs < 0) return -2
  const now = Math.floor(host.clock.now() / 1000)
  const date = dateMs / 1000
  if (now <= date + ageMaxSeconds) return 1
  host.log.error('siputils', `outdated date header value (${now - date + ageMaxSeconds} sec)`)
  return -4
}
