/** Destinations that failed lately. */
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../../define/define.ts'
import type { Blocklist } from '../../../runtime/blocklist.ts'
import type { Host } from '../../../runtime/host.ts'
import { TRANSPORT_NUMBERS } from '../../../sip/endpoint.ts'

const disabled = new RpcFault(500, 'dst blocklist support disabled')

function whereOn({ blocklist }: Host, answer: (list: Blocklist) => RpcAnswer): RpcAnswer {
  return blocklist.isOn ? answer(blocklist) : disabled
}

function view(list: Blocklist): RpcAnswer {
  return list.entries().map(({ destination, secondsLeft }) => {
    const [transport = '', ...place] = destination.split(':')
    return new RpcStruct()
      .add('protocol', transport)
      .add('ip', place.slice(0, -1).join(':'))
      .add('port', Number(place.at(-1)))
      .add('expires in (s)', secondsLeft)
  })
}

/** address, port, number of the transport, flags. */
function add(list: Blocklist, call: RpcCall): RpcAnswer {
  const address = call.text(0)
  const port = address === undefined ? undefined : call.int(1)
  const number = port === undefined ? undefined : call.int(2)
  if (address === undefined || port === undefined || number === undefined || call.int(3) === undefined) return call.failed
  const transport = TRANSPORT_NUMBERS[number]
  if (transport === undefined || !/^[\d.]+$|:/.test(address)) return new RpcFault(400, 'Malformed ip address')
  list.add({ transport, address, port })
  return []
}

/** About what an entry takes. */
const ENTRY_BYTES = 120

export const blocklistRpc: Readonly<Record<string, RpcDef<Host>>> = {
  'dst_blocklist.mem_info': {
    summary: 'Bytes that the list takes, and may take.',
    run: (host) => whereOn(host, (list) => [list.entries().length * ENTRY_BYTES, host.settings.dst_blocklist_mem * 1024]),
  },
  'dst_blocklist.debug': { summary: 'What is on the list.', run: (host) => whereOn(host, view) },
  'dst_blocklist.view': { summary: 'What is on the list.', run: (host) => whereOn(host, view) },
  'dst_blocklist.delete_all': {
    summary: 'Empties the list.',
    run: (host) => whereOn(host, (list) => {
      list.clear()
      return []
    }),
  },
  'dst_blocklist.add': {
    summary: 'Lists a destination: address, port, number of the transport (1 UDP, 2 TCP), flags.',
    run: (host, _params, call) => whereOn(host, (list) => add(list, call)),
  },
}
