/** A server in a simulated world whose routes are a script that a test may change. */
import type { LogRecord } from '../../src/base/log.ts'
import { seededRandom } from '../../src/base/random.ts'
import { startServer, type Server } from '../../src/server/server.ts'
import { loadConfiguration, StartFailure, type LoadedConfiguration } from '../../src/server/start.ts'
import { SimulatedNetwork } from '../simulation/network.ts'
import { messageText, readMessage, valuesOf } from '../simulation/sip-text.ts'
import { simulatedWorld } from '../simulation/world.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const place = { address: '192.0.2.1', port: 5060 }
const caller = { address: '192.0.2.3', port: 5060 }
export const next = { address: '192.0.2.2', port: 5060 }

export interface ScriptServer {
  readonly server: Server
  readonly clock: VirtualClock
  /** Files of the world; the script is `/routes.js` or `/routes.ts`. */
  readonly files: Record<string, string>
  /** First lines of what came back to the caller. */
  readonly answers: string[]
  readonly replies: string[]
  readonly log: string[]
  send(method: string, id: number, headers?: readonly (readonly [string, string])[], uri?: string): void
  /** Answers whatever comes to the next hop. */
  answerNext(status: string): void
  /** Lets everything happen that happens within so many milliseconds. */
  wait(ms: number): Promise<void>
  /** The same, again and again, until something is so. */
  until(isSo: () => boolean): Promise<void>
}

const MODULES = ['pv', 'xlog', 'kemix', 'tm', 'tmx', 'sl', 'textops', 'siputils', 'corex', 'htable', 'cfgutils']

export async function startScript(language: 'js' | 'ts', source: string, extra = ''): Promise<ScriptServer> {
  const path = `/routes.${language}`
  const module = language === 'js' ? 'app_jsdt' : 'app_ts'
  const text = `listen=udp:${place.address}:${place.port}
${[...MODULES, module].map((name) => `loadmodule "${name}.so"\n`).join('')}
modparam("htable", "htable", "t=>size=4;")
modparam("${module}", "load", "${path}")
modparam("${module}", "time_limit", 100)
cfgengine "${language === 'js' ? 'jsdt' : 'ts'}"
${extra}`
  const loaded = await loadConfiguration({ path: '/kamailio.cfg', readFile: () => text, defines: new Map(), substs: [], environment: {} })
  return start(loaded, { [path]: bytes(source) })
}

/** A script that is its own configuration. */
export async function startOwn(path: string, source: string): Promise<ScriptServer> {
  const readFile = (name: string): string | undefined => (name === path ? bytes(source) : undefined)
  return start(await loadConfiguration({ path, readFile, defines: new Map(), substs: [], environment: {} }), { [path]: bytes(source) })
}

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

async function start(loaded: LoadedConfiguration, files: Record<string, string>): Promise<ScriptServer> {
  const clock = new VirtualClock()
  const random = seededRandom(1)
  const network = new SimulatedNetwork(clock, random)
  const log: string[] = []
  const answers: string[] = []
  const replies: string[] = []
  const server = await startServer({
    loaded, settings: { ...loaded.configuration.settings, debug: 2 }, listens: [], aliases: [], environment: {}, addon: undefined,
    world: simulatedWorld({ clock, random, network, files }),
    sink: () => ({ colours: new Map(), write: (record: LogRecord) => void log.push(record.origin + record.text), close: () => undefined }),
    onShutdown: () => undefined,
  })
  if (server instanceof StartFailure) throw new Error(`${server.reason} ${server.diagnostics.map(({ message }) => message).join('; ')}`)
  network.bind(caller, (packet) => {
    answers.push(packet.slice(0, packet.indexOf('\r\n')))
    replies.push(packet)
  })
  const script: ScriptServer = {
    server, clock, files, answers, replies, log,
    send(method, id, headers = [], uri = `sip:bob@${next.address}`) {
      const given = new Set(headers.map(([name]) => name))
      network.send(messageText(`${method} ${uri} SIP/2.0`, [
        ...([
          ['Via', `SIP/2.0/UDP ${caller.address}:${caller.port};branch=z9hG4bK-${method}-${id}`],
          ['Max-Forwards', '70'],
          ['From', `<sip:alice@example.com>;tag=f${id}`],
          ['To', '<sip:bob@example.com>'],
          ['Call-ID', `call-${id}`],
          ['CSeq', `1 ${method}`],
        ] as const).filter(([name]) => !given.has(name)),
        ...headers,
      ]), caller, place)
    },
    answerNext(status) {
      network.bind(next, (packet) => {
        const asked = readMessage(packet)
        const kept = asked.headers.filter(({ name }) => ['from', 'to', 'call-id', 'cseq'].includes(name))
        network.send(messageText(`SIP/2.0 ${status}`, [
          ...valuesOf(asked, 'via').map((via) => ['Via', via] as const), ...kept.map(({ name, value }) => [name, value] as const),
        ]), next, place)
      })
    },
    async wait(ms) {
      await clock.advance(ms)
      // What the script waits for besides the clock.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      await clock.advance(5)
    },
    async until(isSo) {
      for (let turn = 0; turn < 1000 && !isSo(); turn++) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        await script.wait(10)
      }
    },
  }
  return script
}
