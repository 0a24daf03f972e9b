/** Where hosts are: numeric ones at once, names by DNS (RFC 3263). */
import { addressFamily } from '../net/address.ts'
import type { LocateQuery, Location } from '../runtime/host.ts'
import type { Settings } from '../runtime/settings.ts'

const NUMERIC_MAX = 4096

export class HostFinder {
  readonly #settings: Settings
  /** Which hosts are numeric: asked for each message, so remembered. */
  readonly #numeric = new Map<string, boolean>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  readonly #records = new Map<string, string>()

  /** A name whose address is known without asking. */
  addRecord(name: string, address: string): void {
    this.#records.set(name.toLowerCase(), address)
  }

  locate(query: LocateQuery): Location | Promise<Location> {
    if (this.#isNumeric(query.host)) {
      const transport = query.transport ?? (query.isSips ? 'tls' : 'udp')
      const port = query.port || (transport === 'tls' || transport === 'wss' ? 5061 : 5060)
      return { targets: [{ transport, address: query.host, port }], reason: '' }
    }
    return { targets: [], reason: `no DNS (${this.#settings.dns_try_ipv6})` }
  }

  #isNumeric(host: string): boolean {
    const known = this.#numeric.get(host)
    if (known !== undefined) return known
    const isNumeric = addressFamily(host) !== 0
    if (this.#numeric.size >= NUMERIC_MAX) this.#numeric.clear()
    // The text may be a slice of a message, which it would keep alive.
    this.#numeric.set(Buffer.from(host, 'latin1').toString('latin1'), isNumeric)
    return isNumeric
  }
}
