/** How nodes get to know of each other: who is there is told at the start, with every ping, and in every answer to one. */
import type { Host } from '../../runtime/host.ts'
import type { SipMessage } from '../../sip/message.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { addressFamily } from '../../base/address.ts'
import { OK, type ChannelReply } from './api.ts'
import { tellOfNode } from './events.ts'
import { DmqNode, isEveryAddress, keyOf, readNodeLine, type NodeLine, type NodeStatus } from './node.ts'
import { NODES_MAX } from './node-list.ts'
import { Outbox } from './outbox.ts'
import { sendTo } from './send.ts'
import type { Dmq } from './state.ts'

const CONTENT_TYPE = 'text/plain'
const TIMEOUT = 408

/** The own line and those of active nodes. */
export function notificationBody({ nodes }: Dmq): string {
  let body = ''
  for (const node of nodes.all) if (node.isLocal || node.status === 'active') body += node.line
  return body
}

/** Gives a node another state; whoever wants to know is told. */
export function setStatus(dmq: Dmq, node: DmqNode, status: NodeStatus): void {
  const before = node.status
  if (before === status) return
  node.status = status
  if (status === 'active') {
    node.failCount = 0
    dmq.comparing.soon(node)
  } else if (node.outbox.clear() > 0) {
    dmq.host.log.warning('dmq', `what waited for node ${node.text} is dropped: it is ${status}`)
  }
  if (!node.isLocal) tellOfNode(dmq, node, before)
}

/** Takes a node into the list; undefined when it is there, or there are too many. */
export function addNode(dmq: Dmq, line: NodeLine, address: string, text: string, isFixed: boolean): DmqNode | undefined {
  if (dmq.nodes.find(line) !== undefined) return undefined
  const node = new DmqNode(line, { text, address, isFixed, outbox: new Outbox() })
  if (dmq.nodes.add(node)) return node
  dmq.host.log.error('dmq', `there are ${NODES_MAX} nodes already: ${text} is not taken`)
  return undefined
}

/** The address of a node's host, and not the own one where it has several; undefined when there is none. */
export async function resolveHost(dmq: Dmq, line: NodeLine): Promise<string | undefined> {
  const { found } = await dmq.host.names.addresses(line.host)
  const address = found.find((candidate) => !isOwn(dmq, candidate, line)) ?? found[0]
  if (address === undefined) dmq.host.log.error('dmq', `could not resolve ${line.host}`)
  return address
}

/** A node that another one told of: once its address is known. */
function learnNode(dmq: Dmq, line: NodeLine, text: string): void {
  const learned = (address: string | undefined): void => {
    const node = address === undefined ? undefined : addNode(dmq, line, address, text, false)
    if (node === undefined || node.status !== 'active') return
    tellOfNode(dmq, node, 'pending')
    dmq.comparing.soon(node)
  }
  if (addressFamily(line.host) !== 0) learned(line.host)
  else void resolveHost(dmq, line).then(learned)
}

export function isOwn({ self, local, host }: Dmq, address: string, line: Pick<NodeLine, 'port' | 'transport'>): boolean {
  const key = keyOf({ ...line, host: address })
  if (key === keyOf(self) || (local !== undefined && key === keyOf({ ...self, host: local.toldHost }))) return true
  if (addressFamily(address) === 0) return false
  return host.network.isMyself(address, Number(line.port) || 5060) || (isEveryAddress(self.host) && isOwnInterface(host, address))
}

const isOwnInterface = (host: Host, address: string): boolean => host.network.interfaceAddresses().includes(address)

/** A line in which a node names itself as every address means where it came from. */
export function readNodeLineFrom(text: string, source: string): NodeLine | undefined {
  const line = readNodeLine(text)
  return line !== undefined && isEveryAddress(line.host) ? { ...line, host: source } : line
}

/** Takes the lines of a notification: how many were new, or changed something. Undefined when none is a node's. */
function takeLines(dmq: Dmq, body: string, source: string): number | undefined {
  let changed = 0
  let read = 0
  const lines = body.split(/[\r\n\0]+/).filter((text) => text !== '')
  for (const text of lines.slice(0, NODES_MAX)) {
    const line = readNodeLineFrom(text, source)
    if (line === undefined) {
      dmq.counters.malformed.increment()
      continue
    }
    read++
    const known = dmq.nodes.find(line)
    if (known === undefined) {
      if (isOwn(dmq, line.host, line)) continue
      changed++
      learnNode(dmq, line, text)
    } else if (!known.isLocal && known.status !== line.status && known.status !== 'disabled' && /;status=/.test(text)) {
      setStatus(dmq, known, line.status)
      changed++
    }
  }
  return read > 0 || lines.length === 0 ? changed : undefined
}

/** A notification of another node: the answer tells what this one knows. */
export function takeNotification(dmq: Dmq, message: SipMessage): ChannelReply {
  const body = message.body()
  const changed = takeLines(dmq, body, message.received.sourceAddress)
  if (changed === undefined) {
    dmq.host.log.error('dmq', 'a notification holds no node')
    return { code: 500, reason: 'Server Internal Error' }
  }
  const forwards = Number.parseInt(message.value(HeaderType.maxForwards) ?? '0', 10) - 1
  const answer = notificationBody(dmq)
  if (changed > 0 && forwards > 0) notify(dmq, answer, forwards, false)
  join(dmq)
  return { ...OK, contentType: CONTENT_TYPE, body: answer }
}

/** Tells all nodes of those that are known; nodes that are away as well with `toAll`. */
export function notify(dmq: Dmq, body: string, maxForwards: number, toAll: boolean): void {
  for (const node of [...dmq.nodes.all]) {
    if (!node.isLocal && (toAll || node.status === 'active')) notifyNode(dmq, node, body, maxForwards)
  }
}

function notifyNode(dmq: Dmq, node: DmqNode, body: string, maxForwards: number): void {
  const sentAtMs = dmq.host.clock.monotonic()
  const message = { channel: dmq.params.notification_channel, body, contentType: CONTENT_TYPE, maxForwards }
  sendTo(dmq, node, message, (status, answer) => {
    if (status === 200) takeAnswer(dmq, node, answer)
    else if (status === TIMEOUT) failed(dmq, node, sentAtMs)
  })
}

function takeAnswer(dmq: Dmq, node: DmqNode, body: string): void {
  node.heardAtMs = dmq.host.clock.monotonic()
  node.failCount = 0
  takeLines(dmq, body, node.address)
  // One that was given up, and is back.
  if (!dmq.nodes.all.includes(node)) dmq.nodes.forgetFormer(node.key)
  setStatus(dmq, dmq.nodes.find(node) ?? node, 'active')
  join(dmq)
}

/** No answer: a node goes in two steps, and those of the configuration stay. */
function failed(dmq: Dmq, node: DmqNode, sentAtMs: number): void {
  const { params, host } = dmq
  if (!dmq.nodes.all.includes(node)) return
  if (node.isComparing && node.heardAtMs > sentAtMs) return
  if (params.fail_count_enabled !== 0) {
    node.failCount++
    if (node.failCount <= params.fail_count_threshold_not_active) return
    if (node.failCount <= params.fail_count_threshold_disabled) {
      setStatus(dmq, node, 'not_active')
      return
    }
  }
  if (node.isFixed) {
    host.log.error('dmq', `not deleting notification peer [${node.text}]`)
    setStatus(dmq, node, 'pending')
  } else if (node.status !== 'disabled') setStatus(dmq, node, 'disabled')
  else if (params.remove_inactive !== 0) {
    host.log.error('dmq', `deleting server node ${node.text} because of failed request`)
    dmq.nodes.remove(node)
    if (node.isComparing) dmq.nodes.remember(node, Math.floor(host.clock.now() / 1000))
  }
}

/** The first word of another node: modules ask for all there is. */
function join(dmq: Dmq): void {
  if (dmq.isJoined) return
  dmq.isJoined = true
  // The newest first, as Kamailio's modules do.
  for (const channel of [...dmq.channels.values()].reverse()) channel.joined?.()
}

/** A round of pings; nodes of our own kind that were given up are asked as well. */
export function ping(dmq: Dmq): void {
  const body = notificationBody(dmq)
  notify(dmq, body, 1, true)
  for (const node of dmq.nodes.former(Math.floor(dmq.host.clock.now() / 1000))) {
    if (dmq.nodes.find(node) !== undefined) {
      dmq.nodes.forgetFormer(node.key)
      continue
    }
    const again = new DmqNode({ ...node, status: 'pending' }, { text: node.text, address: node.address, outbox: new Outbox() })
    const message = { channel: dmq.params.notification_channel, body, contentType: CONTENT_TYPE, maxForwards: 2 }
    sendTo(dmq, again, message, (status, answer) => {
      if (status !== 200 || dmq.nodes.find(again) !== undefined || !dmq.nodes.add(again)) return
      again.isComparing = true
      takeAnswer(dmq, again, answer)
    })
  }
}
