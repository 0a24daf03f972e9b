/** A record of the dns_cache parameter: `name=proxy.example;type=A;addr=192.0.2.1;ttl=60;flags=0`. */
export function parseDnsRecord(line: string): { readonly name: string; readonly address: string } | string {
  const fields = new Map<string, string>()
  for (const part of line.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0) fields.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim())
  }
  const name = fields.get('name')
  const address = fields.get('addr')
  const type = (fields.get('type') ?? 'A').toUpperCase()
  if (name === undefined || address === undefined) return `dns_cache: '${line}' has no name or no addr`
  if (type !== 'A' && type !== 'AAAA') return `dns_cache: '${line}': the type is A or AAAA, not ${type}`
  return { name: name.toLowerCase(), address }
}
