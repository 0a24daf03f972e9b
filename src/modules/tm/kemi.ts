import { kemi, type KemiDef } from '../../define/define.ts'
import type { TransportName } from '../../sip/endpoint.ts'
import { relay } from './relay.ts'
import type { Tm } from './state.ts'

const transports: readonly TransportName[] = ['udp', 'tcp', 'tls', 'sctp']

function transportNamed(tm: Tm, name: string): TransportName | undefined {
  const lower = name.toLowerCase()
  const found = transports.find((transport) => transport === lower)
  if (found === undefined) tm.host.log.error('tm', `bad protocol specification: ${name}`)
  return found
}

export const tmKemi: Readonly<Record<string, KemiDef<Tm>>> = {
  t_get_branch_index: kemi({
    summary: 'Number of the branch that the route is about; 0 where it is about none.', args: [],
    run: (context) => Math.max(0, context.branchIndex),
  }),
  t_relay_to_proto: kemi({
    summary: 'Sends the request on by that transport: udp, tcp, tls or sctp.', args: ['transport'], mayWait: true,
    run(context, tm: Tm, name) {
      const transport = transportNamed(tm, name)
      return transport === undefined ? -1 : relay(tm, context, { transport })
    },
  }),
  t_relay_to_proto_addr: kemi({
    summary: 'Sends the request to a host and port by that transport.', args: ['transport', 'host', 'port:int'], mayWait: true,
    run(context, tm: Tm, name, host, port) {
      const transport = transportNamed(tm, name)
      return transport === undefined ? -1 : relay(tm, context, { transport, host, port })
    },
  }),
}
