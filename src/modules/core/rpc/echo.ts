/** Commands that give back what they get: to try a transport. */
import type { RpcAnswer, RpcCall, RpcDef, RpcValue } from '../../../define/define.ts'
import type { Host } from '../../../runtime/host.ts'

/** Values until one does not fit; `faults`: whether that is an error when it is the first. */
function each(call: RpcCall, read: (index: number) => RpcValue | undefined, faults: boolean): RpcAnswer {
  const values: RpcValue[] = []
  for (let index = 0; index < call.count; index++) {
    const value = read(index)
    if (value !== undefined) values.push(value)
    else return faults && index === 0 ? call.failed : values
  }
  return values
}

const echo: RpcDef<Host>['run'] = (_host, _params, call) => each(call, (index) => call.anyText(index), false)

export const echoRpc: Readonly<Record<string, RpcDef<Host>>> = {
  'core.echo': { summary: 'Gives its arguments back.', returnsArray: true, run: echo },
  'core.prints': {
    summary: 'Gives texts back.',
    returnsArray: true,
    run: (_host, _params, call) => each(call, (index) => call.text(index), true),
  },
  'core.printi': {
    summary: 'Gives whole numbers back.',
    returnsArray: true,
    run: (_host, _params, call) => each(call, (index) => call.int(index), true),
  },
}
