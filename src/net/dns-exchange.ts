/** One question to one DNS server, and what comes back. */
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import type { Clock } from '../base/clock.ts'
import type { Reading } from './dns-answer.ts'
import type { DnsServer } from './resolver-config.ts'

const TCP_ANSWER_BYTES_MAX = 65535

export interface DnsQuestion {
  readonly server: DnsServer
  readonly bytes: Buffer
  readonly timeoutMs: number
  /** Reads a packet; undefined for a stray one. */
  read(bytes: Uint8Array): Reading | undefined
  onStray(): void
}

/** Asks by either way; undefined when no answer comes in time. Never rejects. */
export interface DnsExchange {
  overUdp(question: DnsQuestion): Promise<Reading | undefined>
  overTcp(question: DnsQuestion): Promise<Reading | undefined>
}

/** By sockets of the system. */
export function systemDns(clock: Clock): DnsExchange {
  return { overUdp: (question) => askUdp(clock, question), overTcp: (question) => askTcp(clock, question) }
}

/** One packet there and one back. Each question has a socket of its own, whose port forgers have to guess. */
function askUdp(clock: Clock, { server, bytes, timeoutMs, read, onStray }: DnsQuestion): Promise<Reading | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4')
    let isDone = false
    const finish = (reading: Reading | undefined): void => {
      if (isDone) return
      isDone = true
      cancel()
      socket.close()
      resolve(reading)
    }
    const cancel = clock.after(timeoutMs, () => finish(undefined))
    // The server's port is closed, or there is no way to it.
    socket.on('error', () => finish(undefined))
    socket.on('message', (packet) => {
      if (isDone) return
      const reading = read(packet)
      if (reading) finish(reading)
      else onStray()
    })
    socket.connect(server.port, server.address, (error?: Error | null) => {
      // There is no way to it: this comes here and not as an event.
      if (error) finish(undefined)
      else if (!isDone) socket.send(bytes)
    })
  })
}

function askTcp(clock: Clock, { server, bytes, timeoutMs, read }: DnsQuestion): Promise<Reading | undefined> {
  return new Promise((resolve) => {
    const stream = connect({ host: server.address, port: server.port })
    let received = Buffer.alloc(0)
    const finish = (reading: Reading | undefined): void => {
      cancel()
      stream.destroy()
      resolve(reading)
    }
    const cancel = clock.after(timeoutMs, () => finish(undefined))
    stream.on('error', () => finish(undefined))
    stream.on('end', () => finish(undefined))
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const length = received.length < 2 ? TCP_ANSWER_BYTES_MAX : received.readUInt16BE(0)
      if (received.length >= length + 2) finish(read(received.subarray(2, length + 2)))
    })
    const prefix = Buffer.alloc(2)
    prefix.writeUInt16BE(bytes.length)
    stream.write(Buffer.concat([prefix, bytes]))
  })
}
