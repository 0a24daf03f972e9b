import type { Host } from './host.ts'

/** The value of the Server header; empty when server_signature is off. */
export function productOf(host: Host): string {
  const { server_signature, server_header } = host.settings
  if (server_signature === 0) return ''
  if (server_header === '') return host.identity.product
  const colon = server_header.indexOf(':')
  return colon < 0 ? server_header : server_header.slice(colon + 1).trim()
}

/** The User-Agent header line; empty where server_signature is off. */
export function userAgentLine({ settings, identity }: Host): string {
  if (settings.server_signature === 0) return ''
  return settings.user_agent_header === '' ? `User-Agent: ${identity.product}\r\n` : `${settings.user_agent_header}\r\n`
}
