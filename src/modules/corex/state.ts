import { SetupError, type VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { parseDnsRecord } from './dns-record.ts'
import { createNetworkIo } from './network-io.ts'

export interface CorexParams {
  readonly alias_subdomains: readonly (string | number)[]
  readonly dns_cache: readonly (string | number)[]
  readonly dns_file: readonly (string | number)[]
  readonly nio_intercept: number
  readonly nio_min_msg_len: number
  readonly nio_msg_avp: string
}

export interface Corex {
  readonly host: Host
  readonly params: CorexParams
}

/** Takes the aliases and DNS records that the parameters name. */
export function setUp(host: Host, params: CorexParams): Corex | SetupError {
  for (const text of params.alias_subdomains) {
    const domain = parseSocketName(String(text))
    if (domain === undefined) return new SetupError(`alias_subdomains: '${text}' is not [proto:]domain[:port]`)
    host.network.addOwnDomain(domain.host, domain.port, domain.transport)
  }
  const lines = [...params.dns_cache.map(String)]
  for (const path of params.dns_file) {
    const text = host.files.read(String(path))
    if (text === undefined) return new SetupError(`dns_file: cannot read ${path}`)
    lines.push(...text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')))
  }
  for (const line of lines) {
    const record = parseDnsRecord(line)
    if (typeof record === 'string') return new SetupError(record)
    host.network.addDnsRecord(record.name, record.address)
  }
  return { host, params }
}

const watched = new WeakSet<Corex>()

/** Puts event_route[network:msg] on the way of all bytes, from when the configuration asks for it and has one. */
export function watchForRoute(state: Corex, host: Host): void {
  if (state.params.nio_intercept === 0 || host.routes.event('network:msg') === undefined || watched.has(state)) return
  watched.add(state)
  let result: VariableHandle | undefined
  if (state.params.nio_msg_avp !== '') {
    const parsed = host.prepare.variable(state.params.nio_msg_avp)
    if (typeof parsed === 'string') host.log.error('corex', `nio_msg_avp: ${parsed}`)
    else result = parsed
  }
  host.network.intercept(createNetworkIo(host, result, state.params.nio_min_msg_len))
}
