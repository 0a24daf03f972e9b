/** The network as the server uses it: sockets, own names, sending, finding hosts. */
import type { Log } from '../base/log.ts'
import { addressFamily } from '../net/address.ts'
import { loadAddon, type NativeAddon } from '../net/native-addon.ts'
import { isUdpError, openUdpSocket, type UdpSocket } from '../net/udp.ts'
import type { FileAccess, LocateQuery, Location, NetworkPort, SendError } from '../runtime/host.ts'
import type { Settings } from '../runtime/settings.ts'
import type { ListenSocket, ReceivedFrom, Target, TransportName } from '../sip/endpoint.ts'

export function loadNetworkAddon(): NativeAddon | undefined {
  const addon = loadAddon(process.env)
  return typeof addon === 'string' ? undefined : addon
}

export class ServerNetwork implements NetworkPort {
  readonly sockets: ListenSocket[] = []
  readonly aliasNames: string[] = []
  onMessage: (text: string, from: ReceivedFrom) => void = () => undefined
  readonly #udp: (UdpSocket | undefined)[] = []
  readonly #addon = loadNetworkAddon()
  private readonly numeric = new Map<string, boolean>()

  constructor(_settings: Settings, _log: Log, _files: FileAccess) {}

  get udpBody(): string {
    return this.#addon ? 'add-on' : 'dgram'
  }

  addOwnName(name: string): void {
    this.aliasNames.push(name)
  }

  async open(wanted: Omit<ListenSocket, 'index'>): Promise<string | undefined> {
    const socket: ListenSocket = { ...wanted, index: this.sockets.length }
    if (wanted.transport !== 'udp') {
      this.sockets.push(socket)
      this.#udp.push(undefined)
      return undefined
    }
    const opened = await openUdpSocket(
      { address: wanted.address, port: wanted.port, family: wanted.family },
      {
        onDatagram: (text, sourceAddress, sourcePort) => this.onMessage(text, { socket, sourceAddress, sourcePort, connectionId: 0 }),
        onError: () => undefined,
      },
      this.#addon,
    )
    if (isUdpError(opened)) return opened.reason
    this.sockets.push(socket)
    this.#udp.push(opened)
    return undefined
  }

  send(text: string, target: Target): true | SendError {
    const udp = this.#udp[target.socket?.index ?? 0]
    return udp ? udp.send(text, target.address, target.port) : { reason: 'no socket' }
  }

  findSocket(transport: TransportName): ListenSocket | undefined {
    return this.sockets.find((socket) => socket.transport === transport)
  }

  socketOf(host: string, port: number): ListenSocket | undefined {
    return this.sockets.find((socket) => socket.address === host && (port === 0 || socket.port === port))
  }

  socketNamed(name: string): ListenSocket | undefined {
    return this.sockets.find((socket) => socket.name === name)
  }

  isMyself(host: string, port: number): boolean {
    return this.socketOf(host, port) !== undefined
  }

  addAlias(): boolean {
    return false
  }

  locate(query: LocateQuery): Location {
    if (!this.isNumeric(query.host)) return { targets: [], reason: 'no DNS' }
    return { targets: [{ transport: query.transport ?? 'udp', address: query.host, port: query.port || 5060 }], reason: '' }
  }

  private isNumeric(host: string): boolean {
    const known = this.numeric.get(host)
    if (known !== undefined) return known
    const is = addressFamily(host) !== 0
    if (this.numeric.size > 4096) this.numeric.clear()
    this.numeric.set(host, is)
    return is
  }

  interfaceAddresses(): readonly string[] {
    return []
  }

  async close(): Promise<void> {
    for (const socket of this.#udp) await socket?.close()
  }
}
