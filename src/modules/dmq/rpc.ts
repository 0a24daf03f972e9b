/** The commands `dmq.*`. */
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { keyOf, readNodeLine, type DmqNode } from './node.ts'
import { addNode, notificationBody, notify, resolveHost } from './notification.ts'
import { addressFamily } from '../../base/address.ts'
import type { Dmq } from './state.ts'

const INVALID = new RpcFault(500, 'Invalid Parameters')

function listNodes({ nodes, params }: Dmq): RpcAnswer {
  return nodes.all.map((node) => {
    const shown = new RpcStruct()
      .add('host', node.host).add('port', node.port === '' ? null : node.port).add('proto', node.transport === '' ? '*' : node.transport)
      .add('resolved_ip', node.address).add('status', node.status).add('last_notification', 0).add('local', node.isLocal ? 1 : 0)
    return params.fail_count_enabled === 0 ? shown : shown.add('fail_count', node.failCount)
  })
}

function remove(dmq: Dmq, _params: unknown, call: RpcCall): RpcAnswer {
  const text = call.text(0)
  if (text === undefined) return INVALID
  const line = readNodeLine(text)
  const node = line === undefined ? undefined : dmq.nodes.find(line)
  if (line === undefined) return new RpcFault(500, 'Server failure')
  dmq.nodes.forgetFormer(keyOf(line))
  if (node !== undefined && !node.isLocal && dmq.nodes.remove(node)) {
    dmq.nodes.forgetAddress(node.address)
    dmq.host.log.info('dmq', `node ${node.text} is removed by a command`)
  }
  return ['Ok. DMQ node removed.']
}

async function add(dmq: Dmq, _params: unknown, call: RpcCall): Promise<RpcAnswer> {
  const text = call.text(0)
  const line = text === undefined ? undefined : readNodeLine(text)
  if (text === undefined || line === undefined) return INVALID
  if (dmq.nodes.find(line) !== undefined) return ['Ok. DMQ node added.']
  const address = addressFamily(line.host) !== 0 ? line.host : await resolveHost(dmq, line)
  if (address === undefined || addNode(dmq, { ...line, status: 'pending' }, address, text, false) === undefined) {
    return new RpcFault(500, 'Failed to add DMQ node')
  }
  notify(dmq, notificationBody(dmq), 2, true)
  return ['Ok. DMQ node added.']
}

const shownPlace = ({ host, port }: DmqNode): string => (port === '' ? host : `${host}:${port}`)

/** What is different to each node; of the nodes that compare nothing, no more than that is known. */
async function differences(dmq: Dmq): Promise<RpcAnswer> {
  const rows = await Promise.all(dmq.nodes.all.filter(({ isLocal }) => !isLocal).map(async (node) => {
    const shown = (answer: string): RpcStruct => new RpcStruct()
      .add('node', shownPlace(node)).add('status', node.status).add('answer', answer)
    if (!node.isComparing) return [shown('compares nothing')]
    const found = await dmq.comparing.differences(node)
    if (found === undefined) return [shown('none')]
    return found.map(({ set, here, there, different }) => shown('ok')
      .add('set', set).add('here', here).add('there', there).add('different', different))
  }))
  // Given up, but perhaps only parted: nobody knows what they hold.
  const gone = dmq.nodes.former(Math.floor(dmq.host.clock.now() / 1000)).filter((node) => dmq.nodes.find(node) === undefined)
    .map((node) => new RpcStruct().add('node', shownPlace(node)).add('status', 'gone').add('answer', 'none'))
  return [...rows.flat(), ...gone]
}

export const dmqRpc: Readonly<Record<string, RpcDef<Dmq>>> = {
  'dmq.list_nodes': { summary: 'Shows all nodes, the newest first, the own one last.', returnsArray: true, run: listNodes },
  'dmq.remove': { summary: 'Removes a node: its SIP address.', run: remove },
  'dmq.add': { summary: 'Adds a node: its SIP address (later versions of Kamailio).', run: add },
  'dmq.diff': {
    summary: 'Compares with each node, changes nothing, and shows how much is different.', returnsArray: true, run: differences,
  },
  'dmq.compare': {
    summary: 'Compares with each node now, and repairs what is different.',
    run: (dmq) => {
      dmq.comparing.compareAll()
      return ['Ok']
    },
  },
}
