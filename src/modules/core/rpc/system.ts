import { RpcFault, type RpcDef } from '../../../define/define.ts'
import type { Host } from '../../../runtime/host.ts'

export const systemRpc: Readonly<Record<string, RpcDef<Host>>> = {
  'system.listMethods': {
    summary: 'The names of all commands.',
    returnsArray: true,
    run: ({ methods }) => methods.names(),
  },
  'system.methodHelp': {
    summary: 'What a command is for.',
    run: ({ methods }, _params, call) => {
      const method = call.text(0)
      if (method === undefined) return new RpcFault(400, 'Method Name Expected')
      const summary = methods.summary(method)
      return summary === undefined ? new RpcFault(400, 'command not found') : [summary]
    },
  },
  'system.methodSignature': {
    summary: 'Not there in Kamailio either.',
    run: () => new RpcFault(500, 'Not Implemented Yet'),
  },
}
