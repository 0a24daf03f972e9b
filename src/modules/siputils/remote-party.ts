/** Remote-Party-ID from the AVP that modules of authentication fill. */
import type { RouteContext } from '../../runtime/context.ts'
import { parseAvpName, type AvpName } from '../../runtime/avp.ts'
import { parseNameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { isE164 } from './number.ts'

const FORM = /^\$(?:avp\(([^()]+)\)|\(avp\(([^()]+)\)\))$/

/** The name in `$avp(name)`; undefined for an empty text, a text is the error message. */
export function remotePartyAvp(text: string): AvpName | string | undefined {
  if (text === '') return undefined
  const found = FORM.exec(text)
  const name = found?.[1] ?? found?.[2]
  return name === undefined ? `malformed or non AVP ${text} AVP definition` : parseAvpName(name)
}

/** The value to append; undefined when there is none, or a number. */
export function remoteParty(context: RouteContext, avp: AvpName | undefined): string | undefined {
  if (avp === undefined) {
    context.host.log.error('siputils', 'rpid avp not defined')
    return undefined
  }
  const value = context.avps.first(avp)?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Puts the header behind the others. */
export function appendRemoteParty(context: RouteContext, avp: AvpName | undefined, prefix: string, suffix: string): number {
  const value = remoteParty(context, avp)
  if (value === undefined) return -1
  const { message } = context
  const headers = message.headers()
  const end = headers[headers.length - 1]?.end ?? message.headersStart
  message.edits.insert(end, `Remote-Party-ID: ${prefix}${value}${suffix}\r\n`)
  return 1
}

/** True when the user of the URI in the AVP is an E.164 number. */
export function isRemotePartyE164(context: RouteContext, avp: AvpName | undefined, lengthMax: number): boolean {
  const value = remoteParty(context, avp)
  if (value === undefined) return false
  const address = value.includes('<') ? parseNameAddr(value, 0, value.length) : undefined
  const uri = address instanceof ParseError ? address : parseUri(address?.uri ?? value)
  if (uri instanceof ParseError) {
    context.host.log.error('siputils', `failed to parse RPID URI ${value}`)
    return false
  }
  return isE164(uri.user, lengthMax)
}
