/** Sends RPC commands to the server under test: JSON by datagram (module jsonrpcs), binrpc by a Unix stream (module ctl). */
import { connect } from 'node:net'
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RpcDouble, type RpcValue } from '../../../src/define/define.ts'
import { loadAddon } from '../../../src/net/native-addon.ts'
import { PacketType } from '../../../src/rpc/binrpc-format.ts'
import { readPacket, readRecords } from '../../../src/rpc/binrpc-read.ts'
import { binrpcRequest } from '../../../src/rpc/binrpc-write.ts'
import { jsonOf } from '../../../src/rpc/json-rpc.ts'
import { writeJson } from '../../../src/rpc/json-write.ts'

const ANSWER_MS = 3000
const OPEN_MS = 3000
const BODY_MAX = 1 << 24

export type RpcArg = string | number

/** `12` is a number, `1.5` a double, `s:12` a text. */
export const readArg = (word: string): RpcArg | RpcDouble => {
  if (word.startsWith('s:')) return word.slice(2)
  if (/^-?\d+$/.test(word)) return Number(word)
  return /^-?\d+\.\d+$/.test(word) ? new RpcDouble(Number(word)) : word
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds) })

const waitForFile = async (path: string): Promise<boolean> => {
  const end = performance.now() + OPEN_MS
  while (!existsSync(path) && performance.now() < end) await pause(5)
  return existsSync(path)
}

/** The answering document; undefined when none came. */
export const callByDatagram = async (folder: string, document: string): Promise<string | undefined> => {
  const server = join(folder, 'kamailio_rpc.sock')
  const own = join(folder, 'harness.sock')
  const addon = loadAddon(process.env)
  if (typeof addon === 'string') throw new Error(`">>> rpc" needs the add-on: ${addon}`)
  if (!await waitForFile(server)) return undefined
  rmSync(own, { force: true })
  return new Promise((resolve) => {
    const socket = addon.openUnix({ path: own }, (text) => finish(text))
    if ('error' in socket) throw new Error(`cannot open ${own}: ${socket.text}`)
    const finish = (text: string | undefined): void => {
      clearTimeout(timer)
      socket.close()
      resolve(text)
    }
    const timer = setTimeout(() => { finish(undefined) }, ANSWER_MS)
    chmodSync(own, 0o777)
    socket.send(document, server)
  })
}

/** What came back by binrpc, as lines; undefined when nothing did. */
export const callByBinrpc = async (
  folder: string, method: string, args: readonly (RpcArg | RpcDouble)[],
): Promise<string | undefined> => {
  const path = join(folder, 'kamailio_ctl')
  if (!await waitForFile(path)) return undefined
  return new Promise((resolve) => {
    let bytes = ''
    const socket = connect(path, () => { socket.write(binrpcRequest(method, args, 0x1234), 'latin1') })
    const finish = (text: string | undefined): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    const timer = setTimeout(() => { finish(undefined) }, ANSWER_MS)
    socket.on('error', () => { finish(undefined) })
    socket.on('close', () => { finish(undefined) })
    socket.on('data', (data) => {
      bytes += data.toString('latin1')
      const packet = readPacket(bytes, BODY_MAX)
      if (packet === undefined) return
      if (typeof packet === 'string') finish(packet)
      else finish(describe(packet.type, readRecords(packet.body), packet.body))
    })
  })
}

const describe = (type: number, values: readonly RpcValue[] | string, body: string): string => {
  if (typeof values === 'string') return `unreadable: ${values}\n${Buffer.from(body, 'latin1').toString('hex')}`
  if (type === PacketType.fault) return `fault ${values.map(String).join(' ')}`
  return values.map((value) => (value instanceof RpcDouble ? `double ${value.value}` : writeJson(jsonOf(value), true))).join('\n')
}
