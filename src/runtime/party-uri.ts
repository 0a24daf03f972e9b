/** The URIs in From and To, with the core's lines in the log where they cannot be had. */
import { ParseError } from '../sip/parse-error.ts'
import type { SipUri } from '../sip/uri.ts'
import type { RouteContext } from './context.ts'

export function fromUri(context: RouteContext): SipUri | undefined {
  return partyUri(context, 'From')
}

export function toUri(context: RouteContext): SipUri | undefined {
  return partyUri(context, 'To')
}

function partyUri({ host, message }: RouteContext, name: 'From' | 'To'): SipUri | undefined {
  const address = name === 'From' ? message.from() : message.to()
  if (address === undefined || address instanceof ParseError) {
    const missing = name === 'From' ? 'bad msg or missing FROM header' : 'bad msg or missing TO header'
    host.log.error('<core>', address === undefined ? missing : `bad ${name} header`)
    host.log.error('<core>', `cannot parse ${name.toUpperCase()} header`)
    return undefined
  }
  const uri = address.parsedUri()
  if (!(uri instanceof ParseError)) return uri
  host.log.error('<core>', `failed to parse ${name} uri`)
  return undefined
}
