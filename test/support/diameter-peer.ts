/** A Diameter peer of the tests' own: it listens or connects, says what it is told to, and keeps what it hears. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { AvpProblem, findAvp, group, makeAvp, textAvp, textOf, unsignedAvp, type Avp } from '../../src/diameter/avp.ts'
import { MessageFramer } from '../../src/diameter/framing.ts'
import { Command, decodeMessage, encodeMessage, isRequest, type DiameterMessage } from '../../src/diameter/message.ts'

const M = 0x40
export const CX = 16_777_216
const NAMES: Readonly<Record<number, string>> = { 257: 'CE', 280: 'DW', 282: 'DP', 300: 'UA', 272: 'CC', 275: 'ST', 274: 'AS', 271: 'AC' }

export interface PeerOptions {
  readonly name: string
  readonly realm?: string
  /** AVPs that announce applications; Cx when nothing is said. */
  readonly applications?: readonly Avp[]
  /** What it answers requests with: AVPs, nothing, or the end of the connection. */
  readonly answer?: (request: DiameterMessage, peer: DiameterTestPeer) => readonly Avp[] | 'silent' | 'close'
  /** Result-Code of its CEA. */
  readonly resultCode?: number
  /** Answers nothing of the base protocol. */
  readonly isMute?: boolean
}

export const cxApplication = (): Avp => makeAvp(260, 0, M, group([unsignedAvp(266, M, 10_415), unsignedAvp(258, M, CX)]))

/** `CER 0x80 app 0: 264/0 0x40 "name"; ...`, without the identifiers, which are chance. */
export function describe(message: DiameterMessage): string {
  const name = NAMES[message.commandCode] ?? String(message.commandCode)
  const kind = isRequest(message) ? 'R' : 'A'
  const avps = message.avps.map(({ code, vendorId, flags, data }) => {
    const text = data.toString('latin1')
    const shown = /^[ -~]+$/.test(text) && data.length !== 4 ? JSON.stringify(text) : data.toString('hex')
    return `${code}/${vendorId} 0x${flags.toString(16)} ${shown}`
  })
  return `${name}${kind} 0x${message.flags.toString(16)} app ${message.applicationId}: ${avps.join('; ')}`
}

export class DiameterTestPeer {
  readonly options: PeerOptions
  /** What came, in words. */
  readonly heard: string[] = []
  readonly messages: DiameterMessage[] = []
  readonly sockets = new Set<Socket>()
  #server: Server | undefined
  #ids = 1000

  constructor(options: PeerOptions) {
    this.options = options
  }

  get origin(): readonly Avp[] {
    return [textAvp(264, M, this.options.name), textAvp(296, M, this.options.realm ?? 'test')]
  }

  get identity(): readonly Avp[] {
    return [
      ...this.origin, makeAvp(257, 0, M, Buffer.from([0, 1, 127, 0, 0, 1])), unsignedAvp(266, M, 10_415), textAvp(269, 0, 'tests'),
      ...(this.options.applications ?? [cxApplication()]), unsignedAvp(265, M, 10_415),
    ]
  }

  async listen(host: string, port = 0): Promise<number> {
    const server = createServer((socket) => this.#serve(socket))
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, resolve)
    })
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Connects, and introduces itself unless told otherwise. */
  async connect(host: string, port: number, isIntroduced = true): Promise<Socket> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      const opened = connect({ host, port }, () => resolve(opened))
      opened.once('error', reject)
    })
    this.#serve(socket)
    if (isIntroduced) socket.write(this.request(Command.capabilitiesExchange, 0, this.identity, 0x80))
    return socket
  }

  /** Bytes of a request of this peer. */
  request(commandCode: number, applicationId: number, avps: readonly Avp[], flags = 0xc0): Buffer {
    const id = ++this.#ids
    return encodeMessage({ flags, commandCode, applicationId, hopByHop: id, endToEnd: id, avps })
  }

  /** A request of an application, with session and origin in front. */
  uar(avps: readonly Avp[], session = 'test;1;2'): Buffer {
    return this.request(300, CX, [textAvp(263, M, session), ...this.origin, cxApplication(), ...avps])
  }

  send(bytes: Buffer): void {
    for (const socket of this.sockets) socket.write(bytes)
  }

  /** Ends connections, keeps listening. */
  hangUp(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.hangUp()
    const server = this.#server
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  #serve(socket: Socket): void {
    const framer = new MessageFramer()
    socket.setNoDelay(true)
    this.sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.sockets.delete(socket)
      this.heard.push('closed')
    })
    socket.on('data', (bytes: Buffer) => {
      framer.push(bytes)
      for (let next = framer.next(); next instanceof Buffer; next = framer.next()) {
        const message = decodeMessage(Buffer.from(next))
        if (message instanceof AvpProblem) this.heard.push(`unreadable: ${message.reason}`)
        else this.#take(socket, message)
      }
    })
  }

  #take(socket: Socket, message: DiameterMessage): void {
    this.heard.push(describe(message))
    this.messages.push(message)
    if (!isRequest(message)) return
    const avps = this.#answerTo(message)
    if (avps === 'close') socket.destroy()
    if (typeof avps === 'string') return
    const { commandCode, applicationId, hopByHop, endToEnd } = message
    socket.write(encodeMessage({ flags: message.flags & 0x40, commandCode, applicationId, hopByHop, endToEnd, avps }))
    if (commandCode === Command.disconnectPeer) socket.end()
  }

  #answerTo(request: DiameterMessage): readonly Avp[] | 'silent' | 'close' {
    const { answer, isMute = false, resultCode = 2001 } = this.options
    const session = findAvp(request.avps, 263)
    switch (request.commandCode) {
      case Command.capabilitiesExchange:
        return isMute ? 'silent' : [unsignedAvp(268, M, resultCode), ...this.identity]
      case Command.deviceWatchdog: case Command.disconnectPeer:
        return isMute ? 'silent' : [unsignedAvp(268, M, 2001), ...this.origin]
      default: {
        const given = answer?.(request, this) ?? []
        if (typeof given === 'string') return given
        return [...(session === undefined ? [] : [textAvp(263, M, textOf(session) ?? '')]), unsignedAvp(268, M, 2001), ...this.origin, ...given]
      }
    }
  }
}
