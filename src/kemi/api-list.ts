/** What the RPC command `api_list` of the languages' modules answers: every function of KSR. */
import { RpcNamedList, RpcStruct } from '../define/rpc.ts'
import type { KsrTable } from '../define/kemi.ts'

export function apiList({ functions }: KsrTable): RpcStruct {
  const methods = new RpcNamedList()
  for (const { module, name, args, returns } of functions) {
    methods.add('func', new RpcStruct()
      .add('ret', returns)
      .add('module', module)
      .add('name', name)
      .add('params', args.length === 0 ? 'none' : args.map(({ type }) => type).join(', ')))
  }
  return new RpcStruct().add('msize', functions.length).add('methods', methods)
}
