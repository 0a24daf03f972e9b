/** `{urialias....}`: destinations in the short form of the parameter alias, `192.0.2.1~5060~1`. */
import type { TransformationDef } from '../../../define/define.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import { parseUri, uriParam } from '../../../sip/uri.ts'
import { ofFilledText } from './parameters.ts'

/** By the number at the end; the first two need not be written. */
const TRANSPORTS: readonly string[] = ['', '', 'tcp', 'tls', 'sctp', 'ws', 'ws']

function encode(text: string): string | null {
  const uri = parseUri(text)
  if (uri instanceof ParseError) return null
  const transport = TRANSPORTS.indexOf(uriParam(uri, 'transport')?.toLowerCase() || 'udp')
  return `${uri.host}~${uri.port || 5060}~${transport < 0 ? 1 : transport}`
}

function decode(text: string): string | null {
  const [host = '', port, digits = ''] = text.split('~')
  const transport = /^[0-6]/.test(digits) ? TRANSPORTS[Number(digits.charAt(0))] : undefined
  if (port === undefined || transport === undefined) return null
  return transport === '' ? `sip:${host}:${port}` : `sip:${host}:${port};transport=${transport}`
}

export const uriAliasTransformations: Readonly<Record<string, TransformationDef>> = {
  'urialias.encode': ofFilledText('A URI in the short form.', encode),
  'urialias.decode': ofFilledText('The URI of a short form.', decode),
}
