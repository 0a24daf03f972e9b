import { machine, product, version } from '../server/identity.ts'

/** `kahea -v`, in the shape of Kamailio's. */
export function versionText(): string {
  return `version: ${product} ${version} (${machine})\nflags: USE_TCP, USE_DNS_CACHE, USE_DNS_FAILOVER, USE_NAPTR\nid: unknown\nnode ${process.versions.node}, V8 ${process.versions.v8}\n`
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
