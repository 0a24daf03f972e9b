/** Requests by binrpc: one after the other on a connection, each datagram by itself. */
import { RpcCall, RpcDouble, RpcFault, type RpcAnswer, type RpcArgument, type RpcValue } from '../../define/define.ts'
import { PacketType } from '../../rpc/binrpc-format.ts'
import { readPacket, readRecords, type BinrpcPacket } from '../../rpc/binrpc-read.ts'
import { binrpcAnswer } from '../../rpc/binrpc-write.ts'
import type { ControlConnection, ControlHandlers } from '../../runtime/control-ports.ts'
import type { BinrpcPlace } from './place.ts'
import type { Ctl } from './state.ts'

/** Of a request. */
const BODY_MAX = 65_536
/** Bytes of requests that wait on a connection for the answer to an earlier one. */
const WAITING_MAX = 262_144
const DATAGRAM_MAX = 65_000

export interface Connection {
  readonly place: BinrpcPlace
  readonly address: string
  readonly port: number
}

export function serveConnection(state: Ctl, place: BinrpcPlace, connection: ControlConnection): ControlHandlers {
  const entry: Connection = { place, address: connection.address, port: connection.port }
  state.connections.add(entry)
  let waiting = ''
  let isBusy = false
  const next = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    for (;;) {
      const packet = readPacket(waiting, BODY_MAX)
      if (packet === undefined) break
      if (typeof packet === 'string') {
        refuse(state, packet)
        connection.end()
        waiting = ''
        break
      }
      waiting = waiting.slice(packet.size)
      connection.write(binrpcAnswer(await perform(state, packet), packet.cookie))
    }
    isBusy = false
  }
  return {
    onBytes(bytes) {
      waiting += bytes
      if (waiting.length > WAITING_MAX) {
        refuse(state, 'too many requests wait on one connection')
        waiting = ''
        connection.end()
        return
      }
      void next()
    },
    onClose() {
      waiting = ''
      state.connections.delete(entry)
    },
  }
}

export function answerDatagram(state: Ctl, bytes: string, answer: (bytes: string) => void): void {
  const packet = readPacket(bytes, BODY_MAX)
  if (packet === undefined || typeof packet === 'string') {
    refuse(state, packet ?? 'the packet ends too early')
    return
  }
  void perform(state, packet).then((result) => {
    const reply = binrpcAnswer(result, packet.cookie)
    answer(reply.length <= DATAGRAM_MAX ? reply : binrpcAnswer(tooLarge, packet.cookie))
  })
}

const tooLarge = new RpcFault(500, 'The answer is too large for a datagram: use a stream socket')

async function perform({ host, params }: Ctl, packet: BinrpcPacket): Promise<RpcAnswer> {
  const values = packet.type === PacketType.request ? readRecords(packet.body) : 'no request'
  if (typeof values === 'string') return new RpcFault(400, `bad request: ${values}`)
  const [method, ...args] = values
  if (typeof method !== 'string') return new RpcFault(400, 'bad request: no method')
  const call = new RpcCall('binrpc', args.map(argumentOf), params.autoconversion !== 0)
  return (await host.methods.run(method, call)) ?? new RpcFault(500, `command ${method} not found`)
}

function argumentOf(value: RpcValue): RpcArgument {
  return typeof value === 'string' || typeof value === 'number' || value instanceof RpcDouble ? value : null
}

function refuse({ host }: Ctl, reason: string): void {
  host.log.error('ctl', `a request was dropped: ${reason}`)
}
