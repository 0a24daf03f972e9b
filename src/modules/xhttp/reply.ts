import type { RouteContext } from '../../runtime/context.ts'
import { ownText } from '../../base/own-text.ts'
import type { State } from './state.ts'

/** As in Kamailio. */
const CODE_MIN = 100
const CODE_MAX = 700

/**
 * Answers the request: 1, or -1 when there is no answer. Type and body stay for the next answer to the same request, and a body cannot be
 * replaced, as in Kamailio.
 */
export function sendReply(
  { host, sl }: State, context: RouteContext, code: number, reason: string, contentType: string, body: string,
): number {
  if (sl === undefined) return -1
  if (code < CODE_MIN || code > CODE_MAX) {
    host.log.error('xhttp', `${code} is no status of an answer`)
    return -1
  }
  const { message } = context
  if (contentType !== '') message.addReplyHeader(`Content-Type: ${ownText(contentType)}\r\n`)
  if (body !== '') {
    if (message.replyBody !== undefined) {
      host.log.error('xhttp', 'the answer has a body already')
      return -1
    }
    message.replyBody = { text: ownText(body), contentType: undefined }
  }
  if (sl.reply(context, code, reason) > 0) return 1
  host.log.error('xhttp', 'the answer was not sent')
  return -1
}
