/** A step of traffic that is an RPC command. */
import { RpcDouble } from '../../../src/define/define.ts'
import { JsonObject } from '../../../src/rpc/json-value.ts'
import { writeJson } from '../../../src/rpc/json-write.ts'
import type { Arrival } from './endpoints.ts'
import { callByBinrpc, callByDatagram, readArg } from './rpc-client.ts'
import { intoSlot } from './slots.ts'
import type { Step } from './traffic.ts'

export const performRpc = async (step: Extract<Step, { kind: 'rpc' }>, folder: string, slot: number): Promise<Arrival> => {
  const [method = '', ...words] = step.words.map((word) => intoSlot(word, slot).replaceAll('{folder}', folder))
  const args = words.map(readArg)
  const answer = step.over === 'ctl'
    ? await callByBinrpc(folder, method, args)
    : await callByDatagram(folder, step.document === null ? documentFor(method, args) : intoSlot(step.document, slot))
  return { socket: step.over, transport: 'pipe', from: 'the server', data: answer === undefined ? '(no answer)\r\n' : asLines(answer) }
}

const documentFor = (method: string, args: readonly (string | number | RpcDouble)[]): string => {
  const document = new JsonObject().add('jsonrpc', '2.0').add('method', method)
  if (args.length > 0) document.add('params', args.map((arg) => (arg instanceof RpcDouble ? arg.value : arg)))
  return writeJson(document.add('id', 1), false)
}

const asLines = (text: string): string => `${text.split('\n').join('\r\n')}\r\n`
