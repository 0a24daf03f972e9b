import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { FOR_EVER, type EngineNode } from './node.ts'
import { reload } from './table.ts'
import { disable, ping, probe } from './select-node.ts'
import { ticks, type RtpEngine } from './state.ts'

const MISSING = new RpcFault(500, 'Not enough parameters')
const UNKNOWN = new RpcFault(404, 'Instance not found')

interface Found {
  readonly setId: number
  readonly node: EngineNode
}

/** The engines with that URL, or all; a fault when there is none. */
async function find(state: RtpEngine, url: string): Promise<readonly Found[] | RpcFault> {
  if (state.asksOnCommand) {
    state.asksOnCommand = false
    probe(state, state.sets.nodes)
    await Promise.all(state.sets.nodes.map(({ probing }) => probing))
  }
  const isAll = url.startsWith('all')
  const found = state.sets.all.flatMap(({ id, nodes }) =>
    nodes.filter((node) => node.isListed && (isAll || node.url === url)).map((node) => ({ setId: id, node })))
  return found.length > 0 || isAll ? found : UNKNOWN
}

function shown({ host }: RtpEngine, { setId, node }: Found): RpcStruct {
  const { recheckAt } = node
  return new RpcStruct()
    .add('url', node.url).add('set', setId | 0).add('index', node.index).add('weight', node.weight | 0)
    .add('disabled', node.isDisabled && recheckAt === FOR_EVER ? '1(permanent)' : node.isDisabled ? 1 : 0)
    .add('recheck_ticks', recheckAt === FOR_EVER ? 'N/A' : Math.max(0, recheckAt - ticks(host)))
}

async function show(state: RtpEngine, call: RpcCall): Promise<RpcAnswer> {
  const url = call.text(0)
  if (url === undefined) return MISSING
  const found = await find(state, url)
  return found instanceof RpcFault ? found : found.map((each) => shown(state, each))
}

async function enable(state: RtpEngine, call: RpcCall): Promise<RpcAnswer> {
  const url = call.text(0)
  const isOn = url === undefined ? undefined : call.int(1)
  if (url === undefined || isOn === undefined) return MISSING
  const found = await find(state, url)
  if (found instanceof RpcFault) return found
  let status = isOn === 0 ? 'disable' : 'enable'
  for (const { node } of found) {
    if (isOn === 0) {
      node.isDisabled = true
      node.recheckAt = FOR_EVER
    } else if ((await ping(state, node)) === 'pong') {
      node.isDisabled = false
      node.recheckAt = 0
    } else {
      disable(state, node)
      status = 'fail'
    }
  }
  return [new RpcStruct().add('url', url).add('status', status)]
}

async function pingAll(state: RtpEngine, call: RpcCall): Promise<RpcAnswer> {
  const url = call.text(0)
  if (url === undefined) return MISSING
  const found = await find(state, url)
  if (found instanceof RpcFault) return found
  let status = 'success'
  for (const { node } of found) {
    if ((await ping(state, node)) === 'pong') continue
    disable(state, node)
    status = 'fail'
  }
  return [new RpcStruct().add('url', url).add('status', status)]
}

export const rtpengineRpc: Readonly<Record<string, RpcDef<RtpEngine>>> = {
  'rtpengine.reload': { summary: 'Reads the engines from the database anew.', run: (state) => reload(state) },
  'rtpengine.ping': {
    summary: 'Asks an engine, or all, whether it is there; one that is not is left alone for a while.',
    run: (state, _params, call) => pingAll(state, call),
  },
  'rtpengine.show': {
    summary: 'Shows an engine, or all.',
    returnsArray: true,
    run: (state, _params, call) => show(state, call),
  },
  'rtpengine.enable': {
    summary: 'Switches an engine, or all, on (1) or off (0).',
    run: (state, _params, call) => enable(state, call),
  },
  'rtpengine.get_hash_total': {
    summary: 'Counts the calls whose engine is known.',
    run: ({ calls }) => [calls.size],
  },
}
