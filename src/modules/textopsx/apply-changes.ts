/** The message as its changes make it, read anew: what follows in the script sees them. */
import type { RouteContext } from '../../runtime/context.ts'
import { applyEdits, outgoingInfo } from '../../sip/build-request.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { isHttpVersion, parseForeignAgain } from '../../sip/parse-foreign.ts'
import { parseMessage } from '../../sip/parse-message.ts'

/** 1 when done, -1 when the changed message cannot be read; then the old one stays. */
export function applyChanges(context: RouteContext): number {
  const { message } = context
  const { socket } = message.received
  const firstLine = changedFirstLine(message)
  const text = message.hasEdits
    ? firstLine + applyEdits(message, message.edits.clone(), outgoingInfo(socket, socket.transport), 'udp')
    : firstLine + message.text.slice(message.headersStart)
  return replaceMessage(context, text)
}

function changedFirstLine(message: SipMessage): string {
  if (message.isRequest) {
    if (message.newUri === undefined) return message.text.slice(0, message.headersStart)
    return `${message.method} ${message.newUri} ${message.version}\r\n`
  }
  if (message.newStatus === 0 && message.newReason === undefined) return message.text.slice(0, message.headersStart)
  return `${message.version} ${message.newStatus || message.status} ${message.newReason ?? message.reason}\r\n`
}

/** Puts a message read from this text in the place of the one that came; what the script set on it stays. */
export function replaceMessage(context: RouteContext, text: string): number {
  const old = context.message
  const fresh = isHttpVersion(old.version) ? parseForeignAgain(text, old.received, old.id) : parseMessage(text, old.received, old.id)
  if (fresh instanceof ParseError || fresh.isRequest !== old.isRequest) {
    const reason = fresh instanceof ParseError ? fresh.reason : 'a request cannot become a reply, nor a reply a request'
    context.host.log.error('textopsx', `the changed message cannot be used: ${reason}`)
    return -1
  }
  fresh.receivedAtMs = old.receivedAtMs
  fresh.dstUri = old.dstUri
  fresh.pathVector = old.pathVector
  fresh.forceSocket = old.forceSocket
  fresh.advertisedAddress = old.advertisedAddress
  fresh.advertisedPort = old.advertisedPort
  fresh.mtuTransport = old.mtuTransport
  fresh.flags = old.flags
  fresh.xflags = old.xflags
  fresh.branchFlags = old.branchFlags
  fresh.msgFlags = old.msgFlags
  fresh.outConnectionId = old.outConnectionId
  fresh.instance = old.instance
  fresh.regId = old.regId
  fresh.ruid = old.ruid
  fresh.locationUserAgent = old.locationUserAgent
  fresh.replyHeaders = old.replyHeaders
  fresh.replyBody = old.replyBody
  context.message = fresh
  return 1
}
