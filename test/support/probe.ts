/** Asks a server, again and again, which script it has. */
import { createSocket } from 'node:dgram'
import { renameSync, writeFileSync } from 'node:fs'
import { until } from './until.ts'

/** What the server answers to a request by which script it has. */
export class Probe {
  readonly #socket = createSocket('udp4')
  readonly #server: string
  readonly #port: number
  readonly #own: string
  #number = 0
  #answers: string[] = []

  constructor(server: string, port: number, own: string) {
    this.#server = server
    this.#port = port
    this.#own = own
    this.#socket.on('message', (bytes) => void this.#answers.push(bytes.toString('latin1')))
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#socket.bind({ address: this.#own }, resolve))
    return this
  }

  /** The reason of the answer to one request, which is sent again as long as nothing comes. */
  async ask(): Promise<string> {
    const callId = `probe-${++this.#number}`
    const { port } = this.#socket.address()
    const request = [
      `OPTIONS sip:probe@${this.#server} SIP/2.0`, `Via: SIP/2.0/UDP ${this.#own}:${port};branch=z9hG4bK-${callId}`, 'Max-Forwards: 70',
      `From: <sip:probe@${this.#own}>;tag=1`, `To: <sip:probe@${this.#server}>`, `Call-ID: ${callId}`, 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', '',
    ].join('\r\n')
    const send = (): void => this.#socket.send(request, this.#port, this.#server)
    const find = (): string | undefined => this.#answers.find((answer) => answer.includes(callId))
    const again = setInterval(send, 500)
    send()
    try {
      await until(() => find() !== undefined, () => `no answer to ${callId}`, 30_000)
    } finally {
      clearInterval(again)
    }
    const answer = find() ?? ''
    this.#answers = []
    return /^SIP\/2\.0 200 (.*)\r/.exec(answer)?.[1] ?? answer
  }

  /** Asks until that is the answer, for ten seconds; the last one. */
  async askUntil(wanted: string): Promise<string> {
    let last = ''
    for (let tries = 0; tries < 200 && last !== wanted; tries++) {
      last = await this.ask()
      if (last !== wanted) await new Promise((resolve) => { setTimeout(resolve, 50) })
    }
    return last
  }

  close(): void {
    this.#socket.close()
  }
}

/** Writes as editors do: another file takes the name. */
export function save(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, 'latin1')
  renameSync(`${file}.new`, file)
}
