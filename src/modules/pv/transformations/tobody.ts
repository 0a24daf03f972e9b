/** `{tobody....}`: the value of a To or From header, read by the grammar of SIP. */
import type { PvValue, TransformationDef } from '../../../define/define.ts'
import { parseNameAddr, type NameAddr } from '../../../sip/headers/name-addr.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import type { SipUri } from '../../../sip/uri.ts'
import { ofFilledText } from './parameters.ts'

function toBody(summary: string, read: (address: NameAddr, uri: SipUri, text: string) => PvValue): TransformationDef {
  return ofFilledText(summary, (text) => {
    const address = parseNameAddr(text, 0, text.length)
    if (address instanceof ParseError) return null
    const uri = address.parsedUri()
    return uri instanceof ParseError ? null : read(address, uri, text)
  })
}

/** The last one counts, without its quotes. */
function tagOf(address: NameAddr): string {
  let tag = ''
  for (const param of address.params) if (param.name.toLowerCase() === 'tag') tag = param.value ?? ''
  return tag.length >= 2 && tag.startsWith('"') && tag.endsWith('"') ? tag.slice(1, -1) : tag
}

function paramsOf(address: NameAddr, _uri: SipUri, text: string): string {
  const first = address.params[0]
  return first ? text.slice(first.start) : ''
}

export const toBodyTransformations: Readonly<Record<string, TransformationDef>> = {
  'tobody.uri': toBody('The URI.', (address) => address.uri),
  'tobody.tag': toBody('The tag.', tagOf),
  'tobody.user': toBody('User of the URI.', (_address, uri) => uri.user),
  'tobody.host': toBody('Host of the URI.', (_address, uri) => uri.host),
  'tobody.params': toBody('The parameters of the header.', paramsOf),
  'tobody.display': toBody('The display name as written.', (address) => address.display),
}
