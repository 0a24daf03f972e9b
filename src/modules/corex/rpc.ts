import { RpcFault, RpcStruct, type RpcDef } from '../../define/define.ts'
import type { Corex } from './state.ts'

const memory = (): RpcStruct => {
  const { rss, heapTotal, heapUsed } = process.memoryUsage()
  return new RpcStruct()
    .add('total_size', heapTotal)
    .add('free_size', heapTotal - heapUsed)
    .add('used_size', heapUsed)
    .add('real_used_size', rss)
}

/** Kamailio dumps its pools into the log; here the figures of the process go there. */
const logMemory = (state: Corex): readonly [] => {
  const { rss, heapUsed, heapTotal } = process.memoryUsage()
  state.host.log.info('corex', `memory: ${rss} bytes in all, ${heapUsed} of ${heapTotal} bytes of the heap in use`)
  return []
}

export const corexRpc: Readonly<Record<string, RpcDef<Corex>>> = {
  'corex.list_sockets': {
    summary: 'The listening sockets.',
    returnsArray: true,
    run: ({ host }) =>
      host.network.sockets.map((socket) =>
        new RpcStruct()
          .add('ADDRLIST', new RpcStruct().add('ADDR', socket.address))
          .add('PROTO', socket.transport)
          .add('NAME', socket.name ?? socket.address)
          .add('PORT', String(socket.port))
          .add('MCAST', 'no')
          .add('MHOMED', 'no')
          .add('ADVERTISE', socket.advertise ? `${socket.advertise.host}:${socket.advertise.port}` : '-'),
      ),
  },
  'corex.list_aliases': {
    summary: 'Further own names.',
    returnsArray: true,
    run: ({ host }) => [new RpcStruct().add('MYSELF_CALLBACKS', host.network.ownNameTexts().length)],
  },
  'corex.debug': {
    summary: 'Gets or sets the level of log lines.',
    run: ({ host }, params) => {
      const before = host.log.level
      if (params.length === 0) return [new RpcStruct().add('DEBUG', before)]
      const level = Number(params[0])
      if (!Number.isInteger(level)) return new RpcFault(400, 'Invalid parameter')
      host.log.level = level
      return [new RpcStruct().add('DEBUG OLD', before).add('DEBUG NEW', level)]
    },
  },
  'corex.pkg_summary': { summary: 'Logs how much memory the process uses.', run: logMemory },
  'corex.shm_summary': { summary: 'Logs how much memory the process uses.', run: logMemory },
  'corex.shm_status': { summary: 'Logs how much memory the process uses.', run: logMemory },
  'shm.info': { summary: 'How memory is managed.', run: () => [new RpcStruct().add('name', 'v8')] },
  'shm.stats': { summary: 'Memory of the process.', run: () => [memory()] },
  'shm.report': { summary: 'Memory of the process.', run: () => [memory()] },
  'shm.rprint': { summary: 'Logs how much memory the process uses.', run: logMemory },
}
