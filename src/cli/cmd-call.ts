/** One RPC command over a socket of its own. */
import { connect, type Socket } from 'node:net'
import { RpcFault, type RpcAnswer, type RpcArgument, type RpcValue } from '../define/define.ts'
import { PacketType } from '../rpc/binrpc-format.ts'
import { packetSize, readPacket, readRecords } from '../rpc/binrpc-read.ts'
import { binrpcRequest } from '../rpc/binrpc-write.ts'

const COOKIE = 0x6b61
/** Larger answers are refused. */
const BODY_MAX = 1 << 28

/** Why there is no answer. */
export class NoServer {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

export function callServer(
  socketText: string, method: string, args: readonly RpcArgument[], timeoutMs: number,
): Promise<RpcAnswer | NoServer> {
  const socket = open(socketText)
  if (typeof socket === 'string') return Promise.resolve(new NoServer(socket))
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let wanted = 0
    let received = 0
    const finish = (answer: RpcAnswer | NoServer): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => finish(new NoServer('it does not answer in time')), timeoutMs)
    socket.once('connect', () => socket.write(binrpcRequest(method, args, COOKIE), 'latin1'))
    socket.once('error', (error) => finish(new NoServer(error.message)))
    socket.once('close', () => finish(new NoServer('it closed the connection')))
    socket.on('data', (data: Buffer) => {
      pieces.push(data)
      received += data.length
      if (received < wanted) return
      // A large answer comes in many pieces: they are put together when all are there.
      const bytes = Buffer.concat(pieces)
      const answer = readAnswer(bytes.toString('latin1'))
      if (answer !== undefined) finish(answer)
      else wanted = packetSize(bytes.toString('latin1', 0, 16))
    })
    socket.once('end', () => {
      const answer = readAnswer(Buffer.concat(pieces).toString('latin1'))
      if (answer !== undefined) finish(answer)
    })
  })
}

function open(text: string): Socket | string {
  const path = /^(?:unixs?:(?:\/\/)?)?(\/.*|[^:]*)$/.exec(text)?.[1]
  if (path !== undefined && path !== '') return connect(path)
  const address = /^tcp:(?:\/\/)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text)
  if (address === null) return 'it is neither unix:PATH nor tcp:HOST:PORT'
  return connect({ host: (address[1] ?? '').replace(/^\[|\]$/g, ''), port: Number(address[2] ?? 2049) })
}

function readAnswer(bytes: string): RpcAnswer | NoServer | undefined {
  const packet = readPacket(bytes, BODY_MAX)
  if (packet === undefined) return undefined
  if (typeof packet === 'string') return new NoServer(`it does not speak binrpc: ${packet}`)
  const values = readRecords(packet.body)
  if (typeof values === 'string') return new NoServer(values)
  return packet.type === PacketType.fault ? faultOf(values) : values
}

function faultOf([code, reason]: readonly RpcValue[]): RpcFault {
  return new RpcFault(typeof code === 'number' ? code : 500, typeof reason === 'string' ? reason : '')
}
