/** Debian's rtpengine without its kernel module, on an address of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { BencodeDictionary, decodeDictionary, encode } from '../../src/modules/rtpengine/bencode.ts'
import { freePort } from '../support/free-port.ts'

const READY_MS_MAX = 10_000
const ANSWER_MS_MAX = 500

export interface Engine {
  readonly address: string
  /** Of the control protocol over UDP, and over WebSockets. */
  readonly port: number
  readonly httpPort: number
  /** Asks it by the control protocol; undefined when it does not answer. */
  ask(question: BencodeDictionary): Promise<BencodeDictionary | undefined>
  /** RTP packets that it has passed on since it was started. */
  relayed(): Promise<number>
  /** Ends it at once, as when it crashes. */
  kill(): Promise<void>
  /** Starts it again on the same ports. */
  restart(): Promise<void>
}

export interface EnginePlace {
  readonly address: string
  /** Of the control protocol; any that is free when absent. */
  readonly port?: number
  /** Ports for media, from this one on. */
  readonly mediaPort?: number
}

export async function startEngine(place: EnginePlace): Promise<Engine> {
  const { address } = place
  const port = place.port ?? await freePort(address)
  const httpPort = await freePort(address)
  const mediaPort = place.mediaPort ?? 32_000
  const folder = mkdtempSync(`${tmpdir()}/kahea-rtpengine-`)
  const ask = (question: BencodeDictionary): Promise<BencodeDictionary | undefined> => askOnce(address, port, question)
  let child: ChildProcess
  const start = async (): Promise<void> => {
    child = spawn('rtpengine', [
      '--config-file=none', '--foreground', '--log-stderr', '--table=-1', `--interface=${address}`, `--listen-ng=${address}:${port}`,
      `--listen-http=${address}:${httpPort}`, `--port-min=${mediaPort}`, `--port-max=${mediaPort + 400}`, '--log-level=3', '--num-threads=1',
      `--pidfile=${folder}/pid`, '--delete-delay=0', '--timeout=60',
    ], { stdio: 'ignore' })
    const endMs = performance.now() + READY_MS_MAX
    while ((await ask(new BencodeDictionary().add('command', 'ping'))) === undefined) {
      if (performance.now() > endMs || child.exitCode !== null) throw new Error(`rtpengine does not answer on ${address}:${port}`)
      await new Promise((resolve) => { setTimeout(resolve, 30) })
    }
  }
  await start()
  // A test process that leaves early takes its engine along.
  process.once('exit', () => child.kill('SIGKILL'))
  return {
    address,
    port,
    httpPort,
    ask,
    async relayed() {
      const answer = await ask(new BencodeDictionary().add('command', 'statistics'))
      return answer?.dictionary('statistics')?.dictionary('totalstatistics')?.int('relayedpackets', 0) ?? -1
    },
    kill: () => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    }),
    restart: start,
  }
}

/** An engine answers a cookie that it knows with what it said before. */
let questions = 0

function askOnce(address: string, port: number, question: BencodeDictionary): Promise<BencodeDictionary | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const end = (answer: BencodeDictionary | undefined): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => end(undefined), ANSWER_MS_MAX)
    socket.once('message', (bytes) => {
      const text = bytes.toString('latin1')
      end(decodeDictionary(text.slice(text.indexOf(' ') + 1)))
    })
    socket.once('error', () => end(undefined))
    socket.connect(port, address, () => socket.send(Buffer.from(`${process.pid}_${++questions} ${encode(question)}`, 'latin1')))
  })
}
