import { SetupError } from '../../define/define.ts'
import type { Worker } from '../../runtime/context.ts'
import { inRunFolder, type ControlListener, type ControlPlace } from '../../runtime/control-ports.ts'
import type { Host } from '../../runtime/host.ts'
import { DocumentStream } from './document-stream.ts'
import { execute, type JsonReply } from './execute.ts'

interface Params {
  readonly pretty_format: number
  readonly transport: number
  readonly fifo_name: string
  readonly fifo_mode: number
  readonly fifo_group: readonly (string | number)[]
  readonly fifo_user: readonly (string | number)[]
  readonly fifo_reply_dir: string
  readonly dgram_socket: string
  readonly dgram_mode: number
  readonly dgram_group: readonly (string | number)[]
  readonly dgram_user: readonly (string | number)[]
}

export interface Jsonrpcs {
  readonly host: Host
  readonly params: Params
  readonly listeners: ControlListener[]
  /** The last answer that each worker's script got; workers are few and stay. */
  readonly replies: Map<Worker, JsonReply>
}

const Transport = { http: 1, fifo: 2, datagram: 4 } as const
/** Answers by FIFO or datagram that are awaited at one moment. */
const PENDING_MAX = 100

export function setUp(host: Host, params: Params): Jsonrpcs | SetupError {
  if ((params.transport & Transport.http) !== 0 && !host.hasModule('xhttp')) {
    return new SetupError('transport asks for HTTP: module xhttp is needed')
  }
  return { host, params, listeners: [], replies: new Map() }
}

export async function listen(state: Jsonrpcs): Promise<SetupError | undefined> {
  const { host, params } = state
  const isOn = (bit: number): boolean => params.transport === 0 || (params.transport & bit) !== 0
  const refused: string[] = []
  const keep = (listener: ControlListener | string): void => {
    if (typeof listener === 'string') refused.push(listener)
    else state.listeners.push(listener)
  }
  if (isOn(Transport.fifo) && params.fifo_name !== '') keep(await openFifo(state))
  if (isOn(Transport.datagram) && params.dgram_socket !== '') {
    const place = datagramPlace(state)
    const opened = typeof place === 'string' ? place : await host.control.listenDatagram(place, takeDatagrams(state))
    if (opened === NEEDS_ADDON) host.log.warning('jsonrpcs', `no datagrams: ${opened}`)
    else keep(opened)
  }
  return refused.length > 0 ? new SetupError(refused.join('; ')) : undefined
}

const NEEDS_ADDON = 'Unix datagram sockets need the native add-on'

function openFifo(state: Jsonrpcs): Promise<ControlListener | string> {
  const { host, params } = state
  const place = inRunFolder(host.settings.rundir, params.fifo_name, {
    mode: params.fifo_mode,
    user: String(params.fifo_user.at(-1) ?? host.settings.user),
    group: String(params.fifo_group.at(-1) ?? host.settings.group),
  })
  let answers = 0
  const answer = (reply: JsonReply): void => {
    if (reply.replyName === undefined || answers >= PENDING_MAX) return
    answers++
    void writeReply(state, reply.replyName, reply.body).then(() => {
      answers--
    })
  }
  const run = bounded(state, 'fifo')
  const tooLong = (): void => host.log.error('jsonrpcs', 'a request by FIFO is too long')
  const documents = new DocumentStream((document) => run(document, answer), tooLong)
  return host.control.listenFifo(place, (bytes) => documents.add(bytes))
}

/** The reply's name is a file of the reply folder: a path that leads elsewhere is refused. */
async function writeReply({ host, params }: Jsonrpcs, name: string, body: string): Promise<void> {
  if (name.includes('/') || name === '' || name === '..') {
    host.log.error('jsonrpcs', `a reply FIFO must be a name without slashes, not ${name}`)
    return
  }
  const folder = params.fifo_reply_dir.endsWith('/') ? params.fifo_reply_dir : `${params.fifo_reply_dir}/`
  const written = await host.control.answerFifo(folder + name, body)
  if (written !== true) host.log.error('jsonrpcs', `no reply by FIFO: ${written}`)
}

/** `udp:ADDRESS:PORT`, or the path of a Unix socket. */
function datagramPlace({ host, params }: Jsonrpcs): ControlPlace | string {
  const address = /^udp:(.*):(\d+)$/.exec(params.dgram_socket)
  if (address !== null) return { kind: 'address', host: (address[1] ?? '').replace(/^\[|\]$/g, ''), port: Number(address[2]) }
  if (params.dgram_socket.startsWith('udp:')) return `dgram_socket: "${params.dgram_socket}" has no port`
  return inRunFolder(host.settings.rundir, params.dgram_socket, {
    mode: params.dgram_mode,
    user: String(params.dgram_user.at(-1) ?? host.settings.user),
    group: String(params.dgram_group.at(-1) ?? host.settings.group),
  })
}

function takeDatagrams(state: Jsonrpcs): (bytes: string, answer: (bytes: string) => void) => void {
  const run = bounded(state, 'datagram')
  return (bytes, answer) => run(bytes, ({ body }) => answer(body))
}

/** Runs documents; those beyond the bound are dropped. */
function bounded(state: Jsonrpcs, origin: string): (document: string, answer: (reply: JsonReply) => void) => void {
  let pending = 0
  return (document, answer) => {
    if (pending >= PENDING_MAX) return
    const reply = execute(state, document)
    if (!(reply instanceof Promise)) {
      if (reply !== undefined) answer(reply)
      else state.host.log.error('jsonrpcs', `failed to execute the json document from ${origin}`)
      return
    }
    pending++
    void reply.then((settled) => {
      pending--
      answer(settled)
    })
  }
}

export function stop(state: Jsonrpcs): void {
  for (const listener of state.listeners.splice(0)) listener.close()
}
