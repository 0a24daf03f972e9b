/** Commands that show the peers, and switch one off and on. */
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import type { Peer } from '../../diameter/peer.ts'
import type { Cdp } from './state.ts'

function detailsOf(peer: Peer): RpcStruct {
  const applications = new RpcStruct()
  for (const { id, vendorId } of peer.applications) applications.add('appid:vendorid', `${id | 0}:${vendorId | 0}`)
  return new RpcStruct()
    .add('State', peer.state)
    .add('Disabled', peer.isDisabled ? 'True' : 'False')
    .add('Last used', peer.lastSelected | 0)
    .add('Applications', applications)
}

function listPeers({ node }: Cdp): RpcAnswer {
  const { config } = node
  const peers = new RpcStruct()
  for (const peer of node.peers) peers.add('FQDN', peer.fqdn).add('Details', detailsOf(peer))
  return [new RpcStruct()
    .add('Realm', config.realm || null)
    .add('Identity', config.fqdn || null)
    .add('Accept unknown peers', Number(config.acceptsUnknownPeers))
    .add('Connect timeout', config.connectTimeoutSeconds)
    .add('Transaction timeout', config.transactionTimeoutSeconds)
    .add('Default auth session timeout', config.defaultAuthSessionTimeoutSeconds)
    .add('Queue length', config.queueLength)
    .add('Workers', config.workers)
    .add('Peer count', config.peers.length)
    .add('Peers', peers)]
}

/** What is to be done about it is done when the peer is looked at next. */
function switching(isDisabled: boolean): RpcDef<Cdp>['run'] {
  return ({ node }: Cdp, _params, call: RpcCall) => {
    const fqdn = call.anyText(0)
    if (fqdn === undefined) return new RpcFault(400, 'required peer fqdn argument')
    const peer = node.peer(fqdn)
    if (peer === undefined) return new RpcFault(400, 'peer not found')
    peer.isDisabled = isDisabled
    return []
  }
}

export const cdpRpc: Readonly<Record<string, RpcDef<Cdp>>> = {
  'cdp.list_peers': { summary: 'Lists Diameter peers and their states.', run: listPeers },
  'cdp.enable_peer': { summary: 'Enables a Diameter peer.', run: switching(false) },
  'cdp.disable_peer': { summary: 'Disables a Diameter peer: it is disconnected, and not connected to any more.', run: switching(true) },
}
