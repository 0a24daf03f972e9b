import { arg, defineModule, fn, form, param, type FunctionDef } from '../../define/define.ts'
import { avpNameOf } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { DatagramPeer } from '../../runtime/peer-ports.ts'

interface Statsd {
  readonly host: Host
  readonly params: { readonly ip: string; readonly port: string }
  /** From `start` on, where the address is one. */
  peer: DatagramPeer | undefined
}

/** Kamailio's buffer. */
const LINE_BYTES_MAX = 253

const key = arg.literal('key', 'Name of the figure.')
const value = arg.literal('value', 'The figure.')

/** 1, or 0 where there is no socket: then the script ends, as in Kamailio. */
function send({ peer, host }: Statsd, line: string): number {
  if (peer === undefined) return 0
  const sent = peer.send(line.slice(0, LINE_BYTES_MAX))
  if (sent !== true) host.log.error('statsd', `could not send the correct info to statsd (${sent})`)
  return 1
}

/** A whole number as C reads it: decimal, 0x or 0. Undefined for anything else. */
function wholeNumber(text: string): number | undefined {
  const found = /^\s*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9]\d*))$/.exec(text)
  if (found === null) return text === '' ? 0 : undefined
  const [, sign, hexadecimal, octal, decimal] = found
  const number = hexadecimal !== undefined ? Number.parseInt(hexadecimal, 16)
    : octal !== undefined ? Number.parseInt(octal, 8) : Number(decimal)
  return (sign === '-' ? -number : number) | 0
}

function sendSet(state: Statsd, name: string, text: string): number {
  const number = wholeNumber(text)
  if (number !== undefined) return send(state, `${name}:${number}|s\n`)
  state.host.log.error('statsd', `statsd_count could not  use the provide value(${text})`)
  return 0
}

/** The start is kept in an AVP of the key's name. */
function startTimer({ host }: Statsd, { avps }: RouteContext, name: string): number {
  const avp = avpNameOf(name)
  if (avp === undefined) return -1
  avps.add(avp, String(host.clock.now()))
  return 1
}

function stopTimer(state: Statsd, { avps }: RouteContext, name: string): number {
  const avp = avpNameOf(name)
  const started = avp === undefined ? undefined : avps.first(avp)
  if (started === undefined || started.value === '') {
    state.host.log.error('statsd', `Statsd: statsd_stop not valid key(${name})`)
    return 1
  }
  if (!/^\s*[+-]?\d+$/.test(String(started.value))) return 0
  avps.remove(started)
  return send(state, `${name}:${(state.host.clock.now() - Number(started.value)) | 0}|ms\n`)
}

const ofKey = (summary: string, run: (state: Statsd, context: RouteContext, name: string) => number): FunctionDef<Statsd> =>
  fn({ summary, routes: 'any', args: [key], run: (context, state: Statsd, name) => run(state, context, name) })

const ofValue = (summary: string, run: (state: Statsd, name: string, text: string) => number): FunctionDef<Statsd> => ({
  summary,
  forms: [form({ routes: 'any', args: [key, value], run: (_context, state: Statsd, name, text) => run(state, name, text) })],
})

export default defineModule({
  name: 'statsd',
  summary: 'Figures for a StatsD server.',
  area: 'operations',
  params: {
    ip: param.str('127.0.0.1', 'Address, or name, of the server.'),
    port: param.str('8125', 'Its port.'),
  },
  setup: (host, params): Statsd => ({ host, params, peer: undefined }),
  async start(state, host) {
    const { ip, port } = state.params
    const { found, reason } = await host.names.addresses(ip)
    const [address] = found
    const peer = address === undefined ? reason : await host.peers.openDatagram(
      { host: address, port: Number(port), family: address.includes(':') ? 6 : 4 },
      {
        onDatagram: () => undefined,
        onError: (problem) => host.log.error('statsd', `could not send the correct info to statsd (${problem})`),
      },
    )
    if (typeof peer === 'string') host.log.error('statsd', `Statsd: could not initiate a connect to statsd: ${peer}`)
    else state.peer = peer
  },
  stop: ({ peer }) => peer?.close(),
  functions: {
    statsd_gauge: ofValue('Sends a figure as it is.', (state, name, text) => send(state, `${name}:${text}|g\n`)),
    statsd_histogram: ofValue('Sends a figure for a histogram.', (state, name, text) => send(state, `${name}:${text}|h\n`)),
    statsd_set: ofValue('Sends a member of a set: a whole number.', sendSet),
    statsd_incr: ofKey('Counts one up.', (state, _context, name) => send(state, `${name}:1|c\n`)),
    statsd_decr: ofKey('Counts one down.', (state, _context, name) => send(state, `${name}:-1|c\n`)),
    statsd_start: ofKey('Begins to measure a time, in an AVP of that name.', startTimer),
    statsd_stop: ofKey('Sends the milliseconds since statsd_start().', stopTimer),
  },
})
