/** FIFOs and Unix datagram sockets in the server's working directory, for cases whose scripts write to them. */
import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { loadAddon } from '../../../src/net/native-addon.ts'
import type { Arrival } from './endpoints.ts'

export class Pipes {
  readonly #fifos: { readonly name: string, readonly file: number }[] = []
  readonly #sockets: { close: () => void }[] = []
  readonly #datagrams: Arrival[] = []

  constructor(folder: string, fifos: readonly string[], sockets: readonly string[]) {
    for (const name of fifos) {
      const path = join(folder, name)
      execFileSync('mkfifo', ['-m', '666', path])
      this.#fifos.push({ name, file: openSync(path, constants.O_RDWR | constants.O_NONBLOCK) })
    }
    const addon = sockets.length === 0 ? undefined : loadAddon(process.env)
    if (typeof addon === 'string') throw new Error(`a case with a Unix socket needs the add-on: ${addon}`)
    for (const name of sockets) {
      const socket = addon?.openUnix({ path: join(folder, name) }, (text) => { this.#datagrams.push(arrivalOf(name, text)) })
      if (socket === undefined || 'error' in socket) throw new Error(`cannot open the Unix socket ${name}`)
      this.#sockets.push(socket)
    }
  }

  /** What has come since the last call. */
  take(): Arrival[] {
    const arrivals = this.#datagrams.splice(0)
    const bytes = Buffer.allocUnsafe(this.#fifos.length === 0 ? 0 : 65536)
    for (const { name, file } of this.#fifos) {
      try {
        const length = readSync(file, bytes)
        if (length > 0) arrivals.push(arrivalOf(name, bytes.toString('latin1', 0, length)))
      } catch {
        // Nothing was written.
      }
    }
    return arrivals
  }

  close(): void {
    for (const { file } of this.#fifos) closeSync(file)
    for (const socket of this.#sockets) socket.close()
  }
}

/** Lines end in LF there; the transcript expects CRLF. */
const arrivalOf = (name: string, text: string): Arrival =>
  ({ socket: name, transport: 'pipe', from: 'the server', data: text.replace(/\n/g, '\r\n') })
