import { SetupError } from '../../define/define.ts'
import { runFile, type ControlListener, type ControlPlace } from '../../runtime/control-ports.ts'
import type { Host } from '../../runtime/host.ts'
import { answerDatagram, serveConnection, type Connection } from './serve.ts'
import { parsePlace, type BinrpcPlace } from './place.ts'

interface Params {
  readonly binrpc: readonly (string | number)[]
  readonly fifo: readonly (string | number)[]
  readonly mode: number
  readonly user: readonly (string | number)[]
  readonly group: readonly (string | number)[]
  readonly autoconversion: number
}

export interface Ctl {
  readonly host: Host
  readonly params: Params
  readonly places: readonly BinrpcPlace[]
  readonly listeners: ControlListener[]
  readonly connections: Set<Connection>
}

const DEFAULT_NAME = 'kamailio_ctl'

export function setUp(host: Host, params: Params): Ctl | SetupError {
  if (params.fifo.length > 0) return new SetupError('fifo: the text protocol before binrpc is not spoken here; module jsonrpcs has a FIFO')
  const places: BinrpcPlace[] = []
  if (params.binrpc.length === 0) places.push({ transport: 'unixs', path: runFile(host.settings.rundir, DEFAULT_NAME) })
  for (const text of params.binrpc) {
    const place = parsePlace(String(text))
    if (typeof place === 'string') return new SetupError(`binrpc: ${place}`)
    places.push(place)
  }
  return { host, params, places, listeners: [], connections: new Set() }
}

export async function listen(state: Ctl): Promise<SetupError | undefined> {
  for (const place of state.places) {
    const listener = await open(state, place)
    if (typeof listener === 'string') return new SetupError(`binrpc: ${listener}`)
    state.listeners.push(listener)
  }
  return undefined
}

function open(state: Ctl, place: BinrpcPlace): Promise<ControlListener | string> {
  const { control } = state.host
  const where = controlPlace(state, place)
  return place.transport === 'unixs' || place.transport === 'tcp'
    ? control.listenStream(where, (connection) => serveConnection(state, place, connection))
    : control.listenDatagram(where, (bytes, answer) => answerDatagram(state, bytes, answer))
}

function controlPlace({ host: { settings }, params }: Ctl, place: BinrpcPlace): ControlPlace {
  if (!('path' in place)) return { kind: 'address', host: place.host, port: place.port }
  return {
    kind: 'path',
    path: place.path,
    mode: params.mode,
    user: String(params.user.at(-1) ?? settings.user),
    group: String(params.group.at(-1) ?? settings.group),
    makesFolder: params.binrpc.length === 0,
  }
}

export function stop(state: Ctl): void {
  for (const listener of state.listeners.splice(0)) listener.close()
}
