import { machine, product, version } from '../server/identity.ts'

/** `kahea -v`, in the shape of Kamailio's. */
export function versionText(): string {
  const { node, v8 } = process.versions
  return `version: ${product} ${version} (${machine})
flags: USE_TCP, USE_DNS_CACHE, USE_DNS_FAILOVER, USE_NAPTR
id: unknown
node ${node}, V8 ${v8}
`
}

/** `kahea -I`. */
export function internalsText(): string {
  return `Print out of kahea internals
  Version: ${product} ${version} (${machine})
  Default config: /etc/kamailio/kamailio.cfg
  Modules: built in
  Node: ${process.versions.node}
`
}
