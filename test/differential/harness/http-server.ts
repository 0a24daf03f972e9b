/** An HTTP server with canned answers, for cases whose scripts ask one. Every request is recorded as it came. */
import { createServer, type Server, type Socket } from 'node:net'
import type { Arrival } from './endpoints.ts'
import { intoSlot } from './slots.ts'
import { unescapeRaw } from './traffic.ts'

const ADDRESS = '127.0.30.4'
const PORT = 8088

/** What a path is answered with: bytes, nothing at all, or the end of the connection. */
type Answer = { kind: 'bytes' | 'ends', text: string } | { kind: 'silent' } | { kind: 'close' }

const canned = (rest: string): Answer => {
  const [, word = '', text = ''] = /^(\S+) ?(.*)$/.exec(rest) ?? []
  if (word === 'silent' || word === 'close') return { kind: word }
  const body = unescapeRaw(text)
  if (word === 'raw' || word === 'ends') return { kind: word === 'raw' ? 'bytes' : 'ends', text: body }
  return { kind: 'bytes', text: `HTTP/1.1 ${word} Canned\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}` }
}

/** A request at the start of what came, if it is there whole. */
const takeRequest = (text: string): string | null => {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0)
  return text.length < end + 4 + length ? null : text.slice(0, end + 4 + length)
}

export class HttpServer {
  readonly #answers = new Map<string, Answer[]>()
  readonly #slot: number
  readonly #record: (arrival: Arrival) => void
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  /** `PATH STATUS BODY`, `PATH raw BYTES`, `PATH ends BYTES` (the connection as well), `PATH silent` and `PATH close`; a path that is named several times is answered in turn. */
  constructor(answers: readonly string[], slot: number, record: (arrival: Arrival) => void) {
    this.#slot = slot
    this.#record = record
    for (const line of answers) {
      const [, path = '', rest = ''] = /^(\S+) (.*)$/.exec(intoSlot(line, slot)) ?? []
      this.#answers.set(path, [...this.#answers.get(path) ?? [], canned(rest)])
    }
  }

  async open(): Promise<void> {
    if (this.#answers.size === 0) return
    this.#server = createServer((socket) => { this.#serve(socket) })
    await new Promise<void>((resolve, reject) => {
      this.#server?.once('error', reject)
      this.#server?.listen({ host: intoSlot(ADDRESS, this.#slot), port: PORT }, resolve)
    })
  }

  #serve(socket: Socket): void {
    let text = ''
    this.#sockets.add(socket)
    socket.on('error', () => { /* seen as a close */ })
    socket.on('close', () => { this.#sockets.delete(socket) })
    socket.on('data', (data) => {
      text += data.toString('latin1')
      for (let request = takeRequest(text); request !== null; request = takeRequest(text)) {
        text = text.slice(request.length)
        this.#record({ socket: 'http', transport: 'UDP', from: 'the server', data: request })
        this.#answer(socket, request)
      }
    })
  }

  #answer(socket: Socket, request: string): void {
    const path = /^\S+ (?:http:\/\/[^/]*)?([^ ?]*)/.exec(request)?.[1] ?? ''
    const answers = this.#answers.get(path)
    const answer = (answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0]) ?? canned('404 nothing here')
    if (answer.kind === 'bytes' || answer.kind === 'ends') socket.write(Buffer.from(answer.text, 'latin1'))
    if (answer.kind === 'close' || answer.kind === 'ends') socket.end()
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server?.close()
  }
}
