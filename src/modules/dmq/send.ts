/** Messages to nodes. */
import type { Outgoing } from './api.ts'
import { withBrackets } from '../../base/address.ts'
import { contentHash } from './content-hash.ts'
import type { DmqNode } from './node.ts'
import type { Dmq } from './state.ts'

/** Larger bodies fit in no datagram. */
const BODY_MAX = 65_000

const TAG_START = 32

/**
 * A From tag by which nodes of our own kind know each other: its last eight digits follow from those before. Others take no notice, and
 * hardly ever make such a one by chance.
 */
export function isMarkedTag(tag: string): boolean {
  return tag.length === TAG_START + 9 && tag === markedTag(tag.slice(0, TAG_START))
}

function markedTag(start: string): string {
  return `${start}-${(contentHash(start, MARK_SEED) % 0x1_0000_0000).toString(16).padStart(8, '0')}`
}

const MARK_SEED = 0x6b61

export type Answered = (status: number, body: string) => void

/** To one node; false when there is no room to wait, or no way to send. */
export function sendTo(dmq: Dmq, node: DmqNode, message: Outgoing, answered?: Answered): boolean {
  const { tm, socket, self, counters } = dmq
  if (tm === undefined || socket === undefined || message.body.length > BODY_MAX) return false
  const to = `<${node.uriFor(message.channel)}>`
  const from = `<${ownUri(dmq, message.channel)}>;tag=${markedTag(dmq.host.random.hex(TAG_START / 2))}`
  const headers = `Max-Forwards: ${message.maxForwards ?? 1}\r\nContent-Type: ${message.contentType}\r\n`
  const isOverUdp = self.transport === '' || self.transport === 'udp'
  return node.outbox.put({
    body: message.body,
    send(done) {
      counters.sent.increment()
      const finish = (status: number, body: string): void => {
        done()
        if (status === 408) counters.unanswered.increment()
        answered?.(status, body)
      }
      const sent = tm.send({
        method: 'KDMQ', uri: node.uriFor(message.channel), nextHop: node.nextHop, socket: isOverUdp ? socket : undefined, to, from,
        headers, body: message.body,
        onFinal: (status, reply) => finish(status, reply?.body() ?? ''),
      })
      const failed = (result: number): void => {
        // Not from within: who sends goes on first.
        if (result <= 0) dmq.host.clock.after(0, () => finish(408, ''))
      }
      if (sent instanceof Promise) void sent.then(failed)
      else failed(sent)
    },
    drop() {
      counters.dropped.increment()
      answered?.(408, '')
    },
  })
}

function ownUri({ self, local }: Dmq, channel: string): string {
  const host = withBrackets(local?.toldHost ?? self.host)
  const port = self.port === '' ? '' : `:${self.port}`
  return `sip:${channel}@${host}${port}${self.transport === '' ? '' : `;transport=${self.transport}`}`
}

/** To every active node but this one. */
export function broadcast(dmq: Dmq, message: Outgoing, isWanted: (node: DmqNode) => boolean = () => true): void {
  for (const node of [...dmq.nodes.all]) {
    if (node.isLocal || node.status !== 'active' || !isWanted(node)) continue
    sendTo(dmq, node, message)
  }
}
