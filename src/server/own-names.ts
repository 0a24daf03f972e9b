/** Names and addresses that are this server (`alias`, `listen`, `advertise`): what `myself` means. */
import type { ListenSocket, TransportName } from '../sip/endpoint.ts'

interface OwnName {
  readonly host: string
  /** 0 fits any port. */
  readonly port: number
  readonly transport: TransportName | undefined
  /** The host's subdomains are own too. */
  readonly hasSubdomains: boolean
}

export class OwnNames {
  readonly #sockets: readonly ListenSocket[]
  readonly #aliases: OwnName[] = []
  readonly #checks: ((host: string) => boolean)[] = []

  constructor(sockets: readonly ListenSocket[]) {
    this.#sockets = sockets
  }

  add(host: string, port: number, transport: TransportName | undefined): void {
    this.#aliases.push({ host: host.toLowerCase(), port, transport, hasSubdomains: false })
  }

  /** A domain whose subdomains are own too. */
  addDomain(domain: string, port: number, transport: TransportName | undefined): void {
    this.#aliases.push({ host: domain.toLowerCase(), port, transport, hasSubdomains: true })
  }

  /** Asked last, for hosts that a module knows as own. */
  addCheck(check: (host: string) => boolean): void {
    this.#checks.push(check)
  }

  /** As Kamailio prints them at the start: `udp: host:5060`, with `*` for what is not said. */
  texts(): readonly string[] {
    return this.#aliases.map(({ host, port, transport }) => `${transport ?? '*'}: ${host}:${port === 0 ? '*' : port}`)
  }

  has(host: string, port: number, transport: TransportName | undefined): boolean {
    const name = host.toLowerCase()
    for (const socket of this.#sockets) {
      if (transport !== undefined && socket.transport !== transport) continue
      if (socket.address === name && (port === 0 || socket.port === port)) return true
      const { advertise } = socket
      if (advertise && advertise.host.toLowerCase() === name && (port === 0 || (advertise.port || socket.port) === port)) return true
    }
    for (const alias of this.#aliases) {
      if (alias.host !== name && !(alias.hasSubdomains && name.endsWith(`.${alias.host}`))) continue
      if (port !== 0 && alias.port !== 0 && alias.port !== port) continue
      if (transport !== undefined && alias.transport !== undefined && alias.transport !== transport) continue
      return true
    }
    return this.#checks.some((check) => check(host))
  }
}
