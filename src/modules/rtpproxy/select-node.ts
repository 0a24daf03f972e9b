/** Which proxy of a set a call uses: the same one for the same Call-ID as long as all answer. */
import { FOR_EVER, type ProxyNode, type ProxySet } from './node.ts'
import { ticks, type RtpProxy } from './state.ts'

/** Versions of the protocol, by what they brought. */
const Version = { supported: 20040107, required: '20050322', repacketize: '20071116', play: '20081102' } as const

/** A command to a node, which is left alone for a while when it does not answer. */
export async function ask(state: RtpProxy, node: ProxyNode, command: string): Promise<string | undefined> {
  const answer = await state.control.send(node, command)
  if (answer !== undefined) return answer
  state.host.log.error('rtpproxy', `proxy <${node.url}> does not respond, disable it`)
  node.isDisabled = true
  node.recheckAt = ticks(state) + state.params.rtpproxy_disable_tout
  return undefined
}

/** Whether a node can be used: asks for its version, unless it is not its time yet. `isForced` asks in any case. */
export async function probe(state: RtpProxy, node: ProxyNode, isForced: boolean): Promise<boolean> {
  if (node.recheckAt === FOR_EVER) return false
  if (!isForced && node.isDisabled && node.recheckAt > ticks(state)) return false
  const { log } = state.host
  const failure = await versionFailure(state, node)
  if (failure === undefined) {
    log.info('rtpproxy', `rtp proxy <${node.url}> found, support for it ${isForced ? '' : 're-'}enabled`)
    node.canRepacketize = await hasCapability(state, node, Version.repacketize) === true
    node.canPlay = await hasCapability(state, node, Version.play) === true
    return true
  }
  log.warning('rtpproxy', failure)
  const { rtpproxy_disable_tout } = state.params
  log.warning('rtpproxy', `support for RTP proxy <${node.url}> has been disabled${rtpproxy_disable_tout < 0 ? '' : ' temporarily'}`)
  if (rtpproxy_disable_tout >= 0) node.recheckAt = ticks(state) + rtpproxy_disable_tout
  return false
}

async function versionFailure(state: RtpProxy, node: ProxyNode): Promise<string | undefined> {
  const answer = await ask(state, node, 'V')
  if (answer === undefined) return "can't get version of the RTP proxy"
  const version = Number.parseInt(answer, 10) || 0
  if (version !== Version.supported) {
    return `unsupported version of RTP proxy <${node.url}> found: ${Version.supported} supported,${version} present`
  }
  const isRecent = await hasCapability(state, node, Version.required)
  if (isRecent === undefined) return 'RTP proxy went down during version query'
  return isRecent ? undefined : `of RTP proxy <${node.url}> doesn't support required protocol version${Version.required}`
}

async function hasCapability(state: RtpProxy, node: ProxyNode, version: string): Promise<boolean | undefined> {
  const answer = await ask(state, node, `VF ${version}`)
  return answer === undefined ? undefined : !answer.startsWith('E') && Number.parseInt(answer, 10) === 1
}

/** Undefined when none of the set can be used. */
export async function selectNode(state: RtpProxy, set: ProxySet, callId: string): Promise<ProxyNode | undefined> {
  const { nodes } = set
  if (state.probing !== undefined) await state.probing
  await wake(state, nodes)
  if (nodes.length === 1) return nodes[0]?.isDisabled === true ? undefined : nodes[0]
  let weight = weightOf(nodes)
  if (weight === 0) {
    await Promise.all(nodes.map(async (node) => {
      node.isDisabled = !await probe(state, node, true)
    }))
    weight = weightOf(nodes)
    if (weight === 0) return undefined
  }
  let cut = sumOf(callId) % weight
  for (const node of nodes) {
    if (node.isDisabled) continue
    if (cut < node.weight) return node
    cut -= node.weight
  }
  return undefined
}

/** Nodes whose time has come are tried again. */
async function wake(state: RtpProxy, nodes: readonly ProxyNode[]): Promise<void> {
  for (const node of nodes) if (node.isDisabled && node.recheckAt <= ticks(state)) node.isDisabled = !await probe(state, node, false)
}

const weightOf = (nodes: readonly ProxyNode[]): number => nodes.reduce((sum, node) => sum + (node.isDisabled ? 0 : node.weight), 0)

function sumOf(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at) < 128 ? text.charCodeAt(at) : text.charCodeAt(at) - 256
  return sum & 0xff
}
