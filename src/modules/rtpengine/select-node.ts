/** Which engine of a set a message is for: the one that has the call, or the one that the Call-ID points at as long as all answer. */
import { createHash } from 'node:crypto'
import { BencodeDictionary, decodeDictionary } from './bencode.ts'
import type { EngineNode, EngineSet } from './node.ts'
import { fail, noSuchSet, ticks, type RtpEngine } from './state.ts'

/** Leaves an engine alone for a while. */
export function disable({ host, params }: RtpEngine, node: EngineNode): void {
  node.isDisabled = true
  node.recheckAt = ticks(host) + params.rtpengine_disable_tout
}

/** Asks an engine whether it is there. */
export async function ping(state: RtpEngine, node: EngineNode): Promise<'pong' | 'nothing' | 'nonsense'> {
  const answer = await state.control.send(node, new BencodeDictionary().add('command', 'ping'))
  if (answer === undefined) return 'nothing'
  if (decodeDictionary(answer)?.text('result') === 'pong') return 'pong'
  state.refusedAnswers.increment()
  return 'nonsense'
}

/** Whether an engine can be used; `isForced` asks it in any case, otherwise only one that is disabled and whose time has come. */
export async function test(state: RtpEngine, node: EngineNode, isForced: boolean): Promise<boolean> {
  if (node.isOffForEver) return false
  if (!isForced && node.recheckAt > ticks(state.host)) return false
  const answer = await ping(state, node)
  if (answer === 'pong') {
    state.host.log.info('rtpengine', `rtpengine instance <${node.url}> found, support for it ${isForced ? '' : 're-'}enabled`)
    return true
  }
  if (answer === 'nothing') disable(state, node)
  fail(state, answer === 'nothing' ? 'proxy did not respond to ping' : 'proxy responded with invalid response')
  return false
}

/** Several messages that find the same engine disabled ask once. */
async function retest(state: RtpEngine, node: EngineNode, isForced: boolean): Promise<void> {
  node.testing ??= test(state, node, isForced).then((isThere) => {
    node.isDisabled = !isThere
  }).finally(() => {
    node.testing = undefined
  })
  return node.testing
}

/** Begins to ask all engines whether they are there; messages wait for those of their set. */
export function probe(state: RtpEngine, nodes: readonly EngineNode[]): void {
  for (const node of nodes) {
    const probing = probeOne(state, node).finally(() => {
      if (node.probing === probing) node.probing = undefined
    })
    node.probing = probing
  }
}

/** An engine whose name is not found now stays as it is, and is tried when it is needed. */
async function probeOne(state: RtpEngine, node: EngineNode): Promise<void> {
  if (node.kind.startsWith('udp') && typeof (await state.control.open(node)) === 'string') return
  node.isDisabled = !(await test(state, node, true))
}

/** The engine for a call; undefined, with lines in the log, when none can be used. `tried` are those that failed this message already. */
export async function selectNode(
  state: RtpEngine, set: EngineSet | undefined, call: { readonly callId: string; readonly branch: string; readonly isEnd: boolean },
  tried: readonly EngineNode[],
): Promise<EngineNode | undefined> {
  if (set === undefined) {
    fail(state, noSuchSet(state))
    fail(state, 'script error - no valid set selected')
    return undefined
  }
  const { callId } = call
  await Promise.all(set.nodes.map(({ probing }) => probing))
  let node = state.calls.find(callId, call.branch, call.isEnd)
  if (node === undefined || !set.nodes.includes(node)) {
    node = await selectNew(state, set, callId, tried)
    if (node === undefined) {
      fail(state, `rtpengine failed to select new for calllen=${callId.length} callid=${callId}`)
      return undefined
    }
  }
  return isUsable(state, node, tried) ? node : undefined
}

/** rtpengine_allow_op lets calls go on with an engine that is disabled; one that gave no answer to this message is not asked again. */
function isUsable({ params }: RtpEngine, node: EngineNode, tried: readonly EngineNode[]): boolean {
  if (!node.isDisabled) return true
  if (params.rtpengine_allow_op === 0 || tried.includes(node)) return false
  return node.isOffForEver || params.rtpengine_allow_op === 1
}

async function selectNew(state: RtpEngine, set: EngineSet, callId: string, tried: readonly EngineNode[]): Promise<EngineNode | undefined> {
  const sum = hashOf(callId, state.params.hash_algo)
  if (sum === undefined) {
    fail(state, `unknown hashing algo ${state.params.hash_algo}`)
    return undefined
  }
  const nodes = (): readonly EngineNode[] => set.nodes.filter(({ isListed }) => isListed)
  const due = nodes().filter((node) => node.isDisabled && node.recheckAt <= ticks(state.host))
  if (due.length > 0) await Promise.all(due.map((node) => retest(state, node, false)))
  let weight = weightOf(nodes(), tried)
  if (weight === 0) {
    if (state.params.aggressive_redetection === 0) return undefined
    await Promise.all(nodes().map((node) => retest(state, node, true)))
    weight = weightOf(nodes(), tried)
    if (weight === 0) return undefined
  }
  let cut = sum % weight
  for (const node of nodes()) {
    if (node.isDisabled || tried.includes(node)) continue
    if (cut < node.weight) return node
    cut -= node.weight
  }
  return undefined
}

const weightOf = (nodes: readonly EngineNode[], tried: readonly EngineNode[]): number =>
  nodes.reduce((sum, node) => sum + (node.isDisabled || tried.includes(node) ? 0 : node.weight), 0)

/** The number that a Call-ID is, by hash_algo; undefined for an unknown one. */
export function hashOf(callId: string, algorithm: number): number | undefined {
  switch (algorithm) {
    case 0: return sumOf(callId) & 0xff
    case 1: return sumOf(createHash('sha1').update(callId, 'latin1').digest().toString('latin1')) >>> 0
    case 2: return crc32(callId)
    default: return undefined
  }
}

/** Bytes as C's `char` has them. */
function sumOf(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at) < 128 ? text.charCodeAt(at) : text.charCodeAt(at) - 256
  return sum
}

function crc32(text: string): number {
  let crc = 0xffffffff
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0xedb88320)
  }
  return ~crc >>> 0
}
