/** An RTPproxy that gives ports by number and keeps what it was asked, over UDP. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'

export class FakeRtpProxy {
  /** Commands without their cookies, but for questions about versions. */
  commands: string[] = []
  /** False: it hears and says nothing. */
  answers = true
  #socket: Socket | undefined = undefined
  readonly #address: string
  readonly #port: number
  readonly #reply: (command: string) => string

  constructor(address: string, port: number, reply: (command: string) => string = usualReply) {
    this.#address = address
    this.#port = port
    this.#reply = reply
  }

  open(): Promise<void> {
    const socket = createSocket('udp4')
    this.#socket = socket
    socket.on('message', (bytes, from) => this.#take(bytes.toString('latin1'), from))
    return new Promise((resolve) => void socket.bind(this.#port, this.#address, resolve))
  }

  close(): void {
    this.#socket?.close()
  }

  #take(text: string, from: RemoteInfo): void {
    const blank = text.indexOf(' ')
    // Kamailio sends bytes behind the end of z's digits along, for the second stream and further ones.
    const command = text.slice(blank + 1).replaceAll('\0', '')
    if (!command.startsWith('V')) this.commands.push(command)
    if (!this.answers) return
    const answer = `${text.slice(0, blank)} ${versionReply(command) ?? this.#reply(command)}\n`
    this.#socket?.send(Buffer.from(answer, 'latin1'), from.port, from.address)
  }
}

function versionReply(command: string): string | undefined {
  if (command === 'V') return '20040107'
  return command.startsWith('VF ') ? '1' : undefined
}

/** `port address`, the port by the stream's own; figures for Q. */
function usualReply(command: string): string {
  const words = command.split(' ')
  if (/^[UL]/.test(command)) return `${(Number(words[3]) % 10000) + 40000} 192.0.2.77${command.includes('6 ') ? ' 6' : ''}`
  return command.startsWith('Q') ? '10 20 30 40 50' : '0'
}
