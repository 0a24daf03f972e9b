import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListenSocket } from '../../sip/endpoint.ts'
import { Feedback } from './feedback.ts'
import { waitingBytes } from './measure.ts'
import { newPipe, push, turn, type Algorithm, type Pipe } from './pipe.ts'

const pipeOf = (algorithm: Algorithm, limit: number): Pipe => ({ ...newPipe(), algorithm, limit })
const results = (pipe: Pipe, count: number, rate = 0): string =>
  Array.from({ length: count }, () => (push(pipe, 2, rate) > 0 ? '+' : '-')).join('')

test('TAILDROP lets the first ones of an interval pass', () => {
  const pipe = pipeOf('TAILDROP', 2)
  assert.equal(results(pipe, 6), '++++--')
  turn(pipe, 2, 0)
  assert.equal(results(pipe, 6), '++++--')
})

test('RED spreads what may pass, by how many came in the interval before', () => {
  const pipe = pipeOf('RED', 2)
  assert.equal(results(pipe, 13), '+'.repeat(13))
  turn(pipe, 2, 0)
  assert.equal(results(pipe, 6), '--+--+')
})

test('NETWORK stops while too many bytes wait', () => {
  const pipe = pipeOf('NETWORK', 100)
  assert.equal(push(pipe, 2, 0), 0)
  turn(pipe, 2, 101)
  assert.equal(push(pipe, 2, 0), -1)
  turn(pipe, 2, 100)
  assert.equal(push(pipe, 2, 0), 1)
})

test('FEEDBACK drops so many of a hundred', () => {
  for (const rate of [0, 7, 50, 100]) {
    const dropped = results(pipeOf('FEEDBACK', 80), 100, rate).split('').filter((sign) => sign === '-').length
    assert.equal(dropped, rate)
  }
})

test('a load above the set point raises the rate, one below lowers it', () => {
  const feedback = new Feedback()
  feedback.setPoint = 0.8
  feedback.update(0.5)
  assert.equal(feedback.dropRate, 0)
  feedback.update(1)
  feedback.update(1)
  assert.equal(feedback.dropRate, 9)
  feedback.update(0.6)
  assert.ok(feedback.dropRate < 9)
})

test('bytes that wait are those of own sockets', () => {
  const udp = '  sl  local_address rem_address   st tx_queue rx_queue tr\n' +
    '  1: 011E007F:13C4 00000000:0000 07 00000000:00000300 00\n  2: 0100007F:13C4 00000000:0000 07 00000000:00000100 00\n'
  const files = {
    read: (path: string) => (path === '/proc/net/udp' ? udp : undefined),
    write: () => false, writeFifo: () => 'no', watch: () => () => undefined, sendUnix: () => 'no',
  }
  const socket: ListenSocket = {
    index: 0, transport: 'udp', address: '127.0.30.1', port: 5060, family: 4, name: undefined, advertise: undefined, isVirtual: false,
  }
  assert.equal(waitingBytes(files, [socket]), 0x300)
})
