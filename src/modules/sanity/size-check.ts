/** Whether a message and its parts are no longer than they may be. Nothing is answered when they are. */
import { HeaderType } from '../../sip/header-name.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { SanityParams } from './params.ts'

const fits = (length: number, limit: number): boolean => limit <= 0 || length <= limit

export function sizesFit(message: SipMessage, sizes: SanityParams): boolean {
  const headers = message.headers()
  if (message.error !== undefined || !fits(message.text.length, sizes.size_message)) return false
  if (message.isRequest && !fits(message.uri.length, sizes.size_ruri)) return false
  if (!fits(methodLength(message), sizes.size_method)) return false
  for (const header of headers) if (!fits(header.end - header.start, sizes.size_header)) return false
  if (!fits(message.text.length - message.bodyStart, sizes.size_body)) return false
  if (!fits((headers[headers.length - 1]?.end ?? message.headersStart) - message.headersStart, sizes.size_headers)) {
    return false
  }
  return (
    addressFits(message.from(), sizes.size_from_uri) &&
    addressFits(message.to(), sizes.size_to_uri) &&
    listFits(message, HeaderType.contact, sizes.size_contact_uri) &&
    listFits(message, HeaderType.route, sizes.size_route_uri) &&
    listFits(message, HeaderType.recordRoute, sizes.size_route_uri) &&
    listFits(message, HeaderType.path, sizes.size_path_uri) &&
    listFits(message, HeaderType.pAssertedIdentity, sizes.size_pai_uri)
  )
}

/** A reply's method is that of CSeq. */
function methodLength(message: SipMessage): number {
  if (message.isRequest) return message.method.length
  const cseq = message.cseq()
  return cseq?.method.length ?? 0
}

function addressFits(address: NameAddr | ParseError | undefined, limit: number): boolean {
  if (limit <= 0) return true
  return address !== undefined && !(address instanceof ParseError) && fits(address.uri.length, limit)
}

function listFits(message: SipMessage, type: HeaderType, limit: number): boolean {
  if (limit <= 0) return true
  const addresses = message.addresses(type)
  return !(addresses instanceof ParseError) && addresses.every((address) => fits(address.uri.length, limit))
}
