/** dbg_sip_msg(): the message as its changes make it, and the changes, in the log. */
import type { LogLevel } from '../../base/log.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { applyEdits, outgoingInfo } from '../../sip/build-request.ts'
import type { OutgoingInfo } from '../../sip/edits.ts'
import type { SipMessage } from '../../sip/message.ts'

const START = '------------------------- START OF SIP message debug --------------------------\n'
const HEADERS = '------------------------------ SIP header diffs -------------------------------\n'
const BODY = '------------------------------- SIP body diffs --------------------------------\n'
const END = '-------------------------- END OF SIP message debug ---------------------------\n\n'

export function showMessage(context: RouteContext, line: number, level: LogLevel, facility: string | undefined): number {
  const { message, host } = context
  const { socket } = message.received
  const out = outgoingInfo(socket, socket.transport)
  const rest = message.hasEdits ? applyEdits(message, message.edits.clone(), out, 'udp') : message.text.slice(message.headersStart)
  const inserted = insertedTexts(message, out)
  host.log.write({
    level, origin: 'debugger: ', ...(facility === undefined ? {} : { facility }), isVerbatim: true,
    text: `CONFIG LINE ${line}\n${START}${firstLine(message)}${rest}${HEADERS}${inserted.headers}${BODY}${inserted.body}${END}`,
  })
  return 1
}

function firstLine(message: SipMessage): string {
  if (message.isRequest) return `${message.method} ${message.uri} ${message.version}\r\n`
  return `${message.version} ${message.newStatus || message.status} ${message.newReason ?? message.reason}\r\n`
}

/** What the script put into headers and body. */
function insertedTexts(message: SipMessage, out: OutgoingInfo): { readonly headers: string; readonly body: string } {
  const found = { headers: '', body: '' }
  if (!message.hasEdits) return found
  const { edits } = message
  for (const edit of edits.list) {
    const text = [...edit.before ?? [], ...edit.after ?? []].map((part) => (typeof part === 'function' ? part(out, edits) : part)).join('')
    if (edit.start < message.bodyStart) found.headers += text
    else found.body += text
  }
  return found
}
