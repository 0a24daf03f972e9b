import { RpcFault, RpcStruct, type RpcDef } from '../../define/define.ts'
import { FOR_EVER } from './node.ts'
import type { RtpProxy } from './state.ts'

export const rtpproxyRpc: Readonly<Record<string, RpcDef<RtpProxy>>> = {
  'rtpproxy.list': {
    summary: 'Shows the media proxies.',
    returnsArray: true,
    run: ({ sets }) => sets.all.flatMap(({ id, nodes }) => nodes.map((node) => new RpcStruct()
      .add('setid', id).add('url', node.url).add('index', node.index).add('disabled', node.isDisabled ? 1 : 0)
      .add('weight', node.weight).add('recheck', node.recheckAt | 0))),
  },
  'rtpproxy.enable': {
    summary: 'Switches a proxy on (1) or off (0), by its URL.',
    run({ sets }, _params, call) {
      const url = call.text(0)
      const isOn = url === undefined ? undefined : call.int(1)
      if (url === undefined || isOn === undefined) return new RpcFault(500, 'Not enough parameters')
      const found = sets.all.flatMap(({ nodes }) => nodes.filter((node) => node.url === url))
      for (const node of found) {
        node.recheckAt = isOn === 0 ? FOR_EVER : 0
        node.isDisabled = isOn === 0
      }
      return found.length === 0 ? new RpcFault(404, 'RTPProxy not found') : []
    },
  },
}
