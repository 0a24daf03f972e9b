/** Parameters of URIs as siputils sees them: found, added and taken away. */
import { lastParam, parseParamList, type ListParam } from '../../sip/param-list.ts'
import { URI_BYTES_MAX } from '../../sip/rewrite-uri.ts'
import { uriParam, type SipUri } from '../../sip/uri.ts'

/** True for tel: URIs, and with `phone2tel` for SIP URIs with user=phone. */
export function isTelephone(uri: SipUri, phone2tel: boolean): boolean {
  return uri.scheme === 'tel' || (phone2tel && uriParam(uri, 'user') === 'phone')
}

/** Where parameters stand in the text of a URI. */
export interface ParamText {
  readonly text: string
  readonly start: number
}

/** The parameters of the URI itself. */
export function uriParams(uri: SipUri): ParamText {
  const isBare = uri.scheme === 'tel'
  return { text: uri.params, start: (isBare ? uri.hostStart : uri.hostPortEnd) + 1 }
}

/** Those of the telephone number, where the URI is one: in `sip:+1;a=b@host;user=phone` that is `a=b`. */
export function numberParams(uri: SipUri, phone2tel: boolean): ParamText {
  if (!isTelephone(uri, phone2tel) || uri.scheme === 'tel') return uriParams(uri)
  const semicolon = uri.user.indexOf(';')
  if (semicolon < 0) return { text: '', start: 0 }
  return { text: uri.user.slice(semicolon + 1), start: uri.text.indexOf(':') + 2 + semicolon }
}

/** A parameter by name; undefined when it is absent or the list cannot be read. */
export function findParam(params: ParamText, name: string, ignoresCase: boolean): ListParam | undefined {
  const list = parseParamList(params.text)
  return list ? lastParam(list, name, ignoresCase) : undefined
}

/** The URI with a parameter behind the others; undefined when it gets too long. */
export function addParam(uri: SipUri, param: string): string | undefined {
  const { text } = uri
  const question = uri.headers === '' ? -1 : text.length - uri.headers.length - 1
  const end = question < 0 ? text.length : question
  const added = `${text.slice(0, end)};${param}${text.slice(end)}`
  return added.length > URI_BYTES_MAX ? undefined : added
}

/** The URI without a parameter: as it was when there is none of that name, undefined when the list cannot be read. */
export function removeParam(uri: SipUri, name: string): string | undefined {
  const { text, start } = uriParams(uri)
  const list = parseParamList(text)
  if (list === undefined) return undefined
  const param = lastParam(list, name, true)
  if (param === undefined) return uri.text
  // Blanks may stand between the semicolon and the name.
  const semicolon = uri.text.lastIndexOf(';', start + param.start)
  return uri.text.slice(0, semicolon) + uri.text.slice(start + param.end)
}
