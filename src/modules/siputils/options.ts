import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { SlApi } from '../sl/api.ts'

export interface Capabilities {
  readonly options_accept: string
  readonly options_accept_encoding: string
  readonly options_accept_language: string
  readonly options_support: string
}

/** Answers an OPTIONS request whose URI has no user with what this server can do; -1 for any other request. */
export function replyToOptions(context: RouteContext, sl: SlApi, can: Capabilities): number {
  const { host, message } = context
  if (message.method !== 'OPTIONS') {
    host.log.error('siputils', `options_reply() called for ${message.method}`)
    return -1
  }
  const uri = message.parsedUri()
  if (uri instanceof ParseError) {
    host.log.error('siputils', `the request URI cannot be read: ${uri.reason}`)
    return -1
  }
  if (uri.user !== '') {
    host.log.error('siputils', 'ruri contains username')
    return -1
  }
  message.addReplyHeader(
    `Accept: ${can.options_accept}\r\nAccept-Encoding: ${can.options_accept_encoding}\r\n` +
      `Accept-Language: ${can.options_accept_language}\r\nSupported: ${can.options_support}\r\n`,
  )
  return sl.reply(context, 200, 'OK') === -1 ? -1 : 1
}
