/** Where a phone of the tests' own has its media: it counts what comes and sends it back. */
import { createSocket, type Socket } from 'node:dgram'

export class MediaSocket {
  received = 0
  readonly address: string
  readonly port: number
  readonly #socket: Socket

  private constructor(socket: Socket, address: string, echoes: boolean) {
    this.#socket = socket
    this.address = address
    this.port = socket.address().port
    socket.on('message', (bytes, from) => {
      this.received++
      if (echoes) socket.send(bytes, from.port, from.address)
    })
  }

  static open(address: string, echoes: boolean): Promise<MediaSocket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4')
      socket.once('error', reject)
      socket.bind({ address, port: 0 }, () => resolve(new MediaSocket(socket, address, echoes)))
    })
  }

  get description(): string {
    return [
      'v=0', `o=- 1 1 IN IP4 ${this.address}`, 's=-', `c=IN IP4 ${this.address}`, 't=0 0', `m=audio ${this.port} RTP/AVP 0 101`,
      'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', '',
    ].join('\r\n')
  }

  /** So many packets of 20 ms of silence to where a description says. */
  async send(sdp: string, count: number): Promise<void> {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? ''
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0)
    for (let number = 0; number < count; number++) {
      const head = Buffer.alloc(12)
      head[0] = 0x80
      head.writeUInt16BE(number, 2)
      head.writeUInt32BE(number * 160, 4)
      head.writeUInt32BE(this.port, 8)
      this.#socket.send(Buffer.concat([head, Buffer.alloc(160, 0xff)]), port, address)
      await new Promise((resolve) => { setTimeout(resolve, 5) })
    }
  }

  close(): void {
    this.#socket.close()
  }
}
