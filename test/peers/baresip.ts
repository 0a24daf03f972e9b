/** A baresip without screen and sound card: steered over its control socket, with a recording for a microphone. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { startProgram, type Finished } from '../support/program.ts'
import { until } from '../support/until.ts'

const SAMPLES_PER_SECOND = 8000
const SILENCE_SECONDS = 10
const BYTES_PER_SAMPLE = 2
const MODULES = '/usr/lib/baresip/modules'
const LIFE_MS_MAX = 60_000
/** Phones of others are slow to send media beside other tests. */
const EVENT_MS_MAX = 20_000
const QUIT_MS_MAX = 1_500

export interface PhoneRequest {
  readonly user: string
  readonly address: string
  readonly transport: 'udp' | 'tcp'
  /** `address:port` of the proxy: the domain of the phone's address of record. */
  readonly domain: string
  readonly folder: string
  /** Seconds for which it registers at the proxy; 0 or absent for not at all. */
  readonly registersForS?: number
  /** For the challenges of the proxy. */
  readonly password?: string
}

/** What a phone says of its call: `CALL_ESTABLISHED`, or `CALL_CLOSED 486 Rejected`. */
export type CallEvent = string

export interface Phone {
  readonly address: string
  readonly port: number
  /** What the call went through so far, without what concerns its media. */
  readonly events: readonly CallEvent[]
  command(name: string, params?: string): void
  /** Waits for an event of this type, also one of media: `CALL_RTPESTAB`; for so many of them. */
  saw(type: string, times?: number): Promise<void>
  /** Waits until the trace has a 200 to a REGISTER: it may have come before anybody could listen for events. */
  registered(): Promise<void>
  /** Waits for a request of this method in the trace. */
  got(method: string): Promise<void>
  /** What it printed so far: SIP messages, and what it shows its user. */
  output(): string
  /** Ends the program; its output has the SIP messages that it sent and got. */
  quit(): Promise<Finished>
}

export async function startPhone(request: PhoneRequest): Promise<Phone> {
  const { user, address, folder: parent } = request
  const folder = join(parent, user)
  const port = await freePort(address)
  const controlPort = await freePort(address)
  mkdirSync(folder)
  writeFileSync(join(folder, 'silence.wav'), silence())
  writeFileSync(join(folder, 'contacts'), '')
  writeFileSync(join(folder, 'accounts'), accountLine(request))
  writeFileSync(join(folder, 'config'), configuration(folder, address, port, controlPort))
  const program = startProgram('baresip', ['-4', '-s', '-v', '-f', folder], folder, LIFE_MS_MAX, 'silent')
  const types: string[] = []
  const events: CallEvent[] = []
  const control = await connectTo(address, controlPort, () => program.output()).catch((error: unknown) => {
    program.kill()
    throw error
  })
  readNetstrings(control, (text) => {
    const event: unknown = JSON.parse(text)
    if (typeof event !== 'object' || event === null || !('type' in event) || typeof event.type !== 'string') return
    types.push(event.type)
    // Class "call" is the signalling; RTCP reports come under it as well.
    if (!('class' in event) || event.class !== 'call' || event.type === 'CALL_RTCP') return
    const reason = event.type === 'CALL_CLOSED' && 'param' in event ? ` ${String(event.param)}` : ''
    events.push(`${event.type}${reason}`)
  })
  const command = (name: string, params = ''): void => {
    const text = JSON.stringify({ command: name, params })
    control.write(`${text.length}:${text},`)
  }
  return {
    address,
    port,
    events,
    command,
    saw: (type, times = 1) => until(
      () => types.filter((seen) => seen === type).length >= times,
      () => `${user} sees ${type} after ${types.join(', ')}\n${program.output()}`,
      EVENT_MS_MAX,
    ),
    registered: () => until(
      () => /\nSIP\/2\.0 200 [^\n]*\n(?:[^\r\n]+\r?\n)*?CSeq: \d+ REGISTER\r?\n/.test(program.output()),
      () => `${user} is registered\n${program.output()}`,
    ),
    output: () => program.output(),
    got: (method) => until(() => program.output().includes(`\n${method} sip:`), () => `${user} gets ${method}\n${program.output()}`),
    async quit() {
      if (!control.destroyed) command('quit')
      // In the middle of a transaction it would wait for that, and ends at the second signal.
      const timer = setInterval(() => program.kill(), QUIT_MS_MAX)
      const end = await program.finished
      clearInterval(timer)
      control.destroy()
      return end
    },
  }
}

const accountLine = ({ user, domain, transport, registersForS = 0, password }: PhoneRequest): string =>
  `<sip:${user}@${domain};transport=${transport}>${password === undefined ? '' : `;auth_user=${user};auth_pass=${password}`};regint=${registersForS};answermode=manual;audio_codecs=PCMU/${SAMPLES_PER_SECOND}/1\n`

const configuration = (folder: string, address: string, port: number, controlPort: number): string => `poll_method epoll
sip_listen ${address}:${port}
net_interface ${address}
ctrl_tcp_listen ${address}:${controlPort}
audio_path ${folder}
audio_source aufile,${join(folder, 'silence.wav')}
audio_player aubridge,ear
audio_alert aubridge,bell
ausrc_srate ${SAMPLES_PER_SECOND}
auplay_srate ${SAMPLES_PER_SECOND}
ausrc_channels 1
auplay_channels 1
module_path ${MODULES}
module stdio.so
module g711.so
module aubridge.so
module aufile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
`

/** Ten seconds of nothing as a WAV file: its packets are sent all the same. */
function silence(): Buffer {
  const data = Buffer.alloc(SILENCE_SECONDS * SAMPLES_PER_SECOND * BYTES_PER_SAMPLE)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(head.length - 8 + data.length, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(SAMPLES_PER_SECOND, 24)
  head.writeUInt32LE(SAMPLES_PER_SECOND * BYTES_PER_SAMPLE, 28)
  head.writeUInt16LE(BYTES_PER_SAMPLE, 32)
  head.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

/** The control socket is the last thing that baresip opens, so a phone that can be reached is ready. */
async function connectTo(address: string, port: number, output: () => string): Promise<Socket> {
  let connected: Socket | undefined
  let isTrying = false
  const attempt = (): void => {
    isTrying = true
    const socket = connect({ host: address, port })
    socket.once('connect', () => { connected = socket })
    socket.on('error', () => { isTrying = false })
  }
  await until(() => {
    if (connected === undefined && !isTrying) attempt()
    return connected !== undefined
  }, () => `baresip listens for commands on ${address}:${port}\n${output()}`)
  if (connected === undefined) throw new Error('unreachable')
  return connected
}

/** `5:hello,` for each text, cut into packets as it comes. */
function readNetstrings(socket: Socket, take: (text: string) => void): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes])
    for (;;) {
      const colon = rest.indexOf(':')
      const end = colon + 1 + Number(rest.toString('latin1', 0, Math.max(0, colon)))
      if (colon < 0 || rest.length <= end) return
      take(rest.toString('utf8', colon + 1, end))
      rest = rest.subarray(end + 1)
    }
  })
}
