/** The host without a prefix such as `sip.`, in any case of letters, where something is left of it (`domain_prefix`). */
export function withoutHostPrefix(host: string, prefix: string): string {
  const { length } = prefix
  return length > 0 && length < host.length && host.slice(0, length).toLowerCase() === prefix.toLowerCase() ? host.slice(length) : host
}
