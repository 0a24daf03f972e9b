import { RpcStruct, type RpcDef } from '../../define/define.ts'
import { byTransport } from '../../runtime/socket-order.ts'
import type { Corex } from './state.ts'

const memory = ({ host }: Corex): RpcStruct => {
  const { rss, heapTotal, heapUsed } = host.process.memory()
  return new RpcStruct()
    .add('total', heapTotal)
    .add('free', heapTotal - heapUsed)
    .add('used', heapUsed)
    .add('real_used', rss)
    .add('max_used', rss)
    .add('fragments', 1)
}

/** Kamailio dumps its pools into the log; here the figures of the process go there. */
const logMemory = (state: Corex): readonly [] => {
  const { rss, heapUsed, heapTotal } = state.host.process.memory()
  state.host.log.info('corex', `memory: ${rss} bytes in all, ${heapUsed} of ${heapTotal} bytes of the heap in use`)
  return []
}

export const corexRpc: Readonly<Record<string, RpcDef<Corex>>> = {
  'corex.list_sockets': {
    summary: 'The listening sockets.',
    returnsArray: true,
    run: ({ host }) =>
      byTransport(host.network.sockets).map((socket) =>
        new RpcStruct()
          .add('PROTO', socket.transport)
          .add('NAME', socket.address)
          .add('ADDRLIST', new RpcStruct().add('ADDR', socket.address))
          .add('PORT', String(socket.port))
          .add('MCAST', 'no')
          .add('MHOMED', 'no')
          .add('VIRTUAL', socket.isVirtual ? 'yes' : 'no')
          .add('SOCKNAME', socket.name ?? '-')
          .add('ADVERTISE', socket.advertise?.host ?? '-')),
  },
  'corex.list_aliases': {
    summary: 'Further own names, the newest first.',
    returnsArray: true,
    run: ({ host }) =>
      host.network.ownNameTexts().toReversed().map((text) => {
        const [, proto = '*', address = '', port = '*'] = /^(\S+): (.*):(\d+|\*)$/.exec(text) ?? []
        return new RpcStruct().add('PROTO', proto).add('ADDR', address).add('PORT', port === '*' ? 0 : Number(port))
      }),
  },
  'corex.debug': {
    summary: 'Gets or sets the level of log lines.',
    run: ({ host }, _params, call) => {
      const before = host.log.level
      const level = call.count === 0 ? undefined : call.int(0)
      if (level === undefined) return [new RpcStruct().add('debug', before)]
      host.log.level = level
      return [new RpcStruct().add('old', before).add('new', level)]
    },
  },
  'corex.pkg_summary': { summary: 'Logs how much memory the process uses.', run: logMemory },
  'corex.shm_summary': { summary: 'Logs how much memory the process uses.', run: logMemory },
  'corex.shm_status': { summary: 'Logs how much memory the process uses.', run: logMemory },
  'shm.info': {
    summary: 'How memory is managed.',
    run: ({ host }) => [new RpcStruct().add('name', 'v8').add('size', host.process.memory().heapTotal)],
  },
  'shm.stats': { summary: 'Memory of the process.', run: (state) => [memory(state)] },
  'shm.report': { summary: 'Memory of the process.', run: (state) => [memory(state)] },
  'shm.rprint': { summary: 'Logs how much memory the process uses.', run: logMemory },
}
