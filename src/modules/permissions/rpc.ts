import type { RpcCall } from '../../define/rpc-call.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcDef } from '../../define/define.ts'
import { loadAddresses } from './addresses.ts'
import { isAllowed } from './routing.ts'
import { pathOf, type Permissions } from './state.ts'
import { loadTrusted } from './trusted.ts'
import { transportNumber } from './trusted-table.ts'

/** One reload in reload_delta seconds, whichever of the two tables it is. */
async function reload(state: Permissions, load: (state: Permissions) => Promise<string | undefined>): Promise<RpcAnswer> {
  const now = Math.floor(state.host.clock.now() / 1000)
  const delta = state.params.reload_delta < 0 ? 5 : state.params.reload_delta
  if (state.reloadedAt !== 0 && state.reloadedAt > now - delta) {
    state.host.log.error('permissions', 'ongoing reload')
    return new RpcFault(500, 'ongoing reload')
  }
  state.reloadedAt = now
  const failure = await load(state)
  if (failure === undefined) return ['Reload OK']
  state.host.log.error('permissions', failure)
  return new RpcFault(500, 'Reload failed.')
}

const item = (name: string, value: string, port: number, tag: string | undefined): RpcStruct =>
  new RpcStruct().add(name, value).add('port', port).add('tag', tag || 'NULL')

function dumpAddresses({ addresses }: Permissions): RpcAnswer {
  if (addresses === undefined) return new RpcFault(500, 'No address table')
  return addresses.addresses.map(({ slot, entry }) =>
    new RpcStruct().add('table', slot).add('group', entry.group).add('item', item('ip', entry.address, entry.port, entry.tag)))
}

function dumpSubnets({ addresses }: Permissions): RpcAnswer {
  if (addresses === undefined) return new RpcFault(500, 'No subnet table')
  return addresses.subnets.map(({ group, address, mask, port, tag }, id) =>
    new RpcStruct().add('id', id).add('group', group)
      .add('item', new RpcStruct().add('ip', address).add('mask', mask).add('port', port).add('tag', tag ?? '')))
}

/** One structure, whose names come again for each entry. */
function dumpDomains({ addresses }: Permissions): RpcAnswer {
  if (addresses === undefined) return new RpcFault(500, 'No domain list table')
  const answer = new RpcStruct()
  for (const { slot, entry } of addresses.domains) {
    answer.add('table', slot).add('group', entry.group).add('item', item('domain_name', entry.name, entry.port, entry.tag))
  }
  return [answer]
}

function dumpTrusted({ trusted }: Permissions): RpcAnswer {
  if (trusted === undefined) return new RpcFault(500, 'No trusted table')
  const answer = new RpcStruct()
  for (const [slot, peers] of trusted.slots) {
    for (const { source, transport, from, requestUri, tag, priority } of peers) {
      answer.add('table', slot).add('item', new RpcStruct()
        .add('ip', source).add('proto', transportNumber(transport))
        .add('pattern', from?.source ?? 'NULL').add('ruri_pattern', requestUri?.source ?? 'NULL')
        .add('tag', tag || 'NULL').add('priority', priority))
    }
  }
  return [answer]
}

const NAME_BYTES_MAX = 128
const URI_BYTES_MAX = 1024

/** Only files that the script names are asked. */
function testUri(state: Permissions, _params: readonly (string | number)[], call: RpcCall): RpcAnswer {
  const [base, uri, contact] = [call.text(0), call.text(1), call.text(2)]
  if (base === undefined || uri === undefined || contact === undefined) {
    return new RpcFault(500, 'Not enough parameters (basename, URI and contact)')
  }
  if (contact.length > URI_BYTES_MAX) return new RpcFault(500, 'Contact is too long')
  if (base.length + state.params.allow_suffix.length + 1 > NAME_BYTES_MAX) return new RpcFault(500, 'Basename is too long')
  const path = pathOf(state.host, base + state.params.allow_suffix)
  const allow = state.files.get(path)
  if (allow === undefined) {
    state.host.log.error('permissions', `File <${path}> has not been loaded`)
    return ['Denied']
  }
  const deny = state.files.get(pathOf(state.host, base + state.params.deny_suffix)) ?? []
  return [isAllowed({ allow, deny }, uri, contact) ? 'Allowed' : 'Denied']
}

export const permissionsRpc: Readonly<Record<string, RpcDef<Permissions>>> = {
  'permissions.trustedReload': { summary: 'Reads the table of trusted peers anew.', run: (state) => reload(state, loadTrusted) },
  'permissions.addressReload': { summary: 'Reads the addresses anew, from table or file.', run: (state) => reload(state, loadAddresses) },
  'permissions.trustedDump': { summary: 'Shows the trusted peers in memory.', run: dumpTrusted },
  'permissions.addressDump': { summary: 'Shows the exact addresses.', returnsArray: true, run: dumpAddresses },
  'permissions.subnetDump': { summary: 'Shows the subnets.', returnsArray: true, run: dumpSubnets },
  'permissions.domainDump': { summary: 'Shows the names.', run: dumpDomains },
  'permissions.testUri': { summary: 'Asks the rules of a base name about a URI and a Contact.', run: testUri },
  'permissions.allowUri': { summary: 'The same as permissions.testUri.', run: testUri },
}
