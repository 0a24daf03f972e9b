/** pv.shvSet and pv.shvGet. */
import { ownValue } from '../../base/own-text.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import type { PvState } from './state.ts'

function describe(name: string, value: string | number): RpcStruct {
  return new RpcStruct()
    .add('name', name)
    .add('type', typeof value === 'number' ? 'int' : 'string')
    .add('value', value)
}

function get(state: PvState, name: string | undefined): RpcAnswer {
  if (name === undefined) {
    const items = new RpcStruct()
    for (const [each, value] of [...state.shared].reverse()) items.add('shv', describe(each, value))
    return [new RpcStruct().add('items', items)]
  }
  const value = state.shared.get(name)
  return value === undefined ? new RpcFault(404, 'Variable not found') : [describe(name, value)]
}

const PARAMETERS = '(Parameters: varname type value)'

function set(state: PvState, call: RpcCall): RpcAnswer {
  const name = call.text(0)
  if (name === undefined) return new RpcFault(500, `Missing parameter varname ${PARAMETERS}`)
  const type = call.text(1)?.toLowerCase()
  if (type === undefined) return new RpcFault(500, `Missing parameter type ${PARAMETERS}`)
  if (type !== 'int' && type !== 'str') return new RpcFault(500, 'Unknown parameter type (Types: int or str)')
  const value = type === 'int' ? call.int(2) : call.text(2)
  if (value === undefined) return new RpcFault(500, `Missing ${type === 'int' ? 'integer parameter' : 'parameter'} value ${PARAMETERS}`)
  if (!state.shared.has(name)) return new RpcFault(404, 'Variable not found')
  state.shared.set(name, ownValue(value))
  return ['Ok. Variable set to new value.']
}

export const sharedRpc: Readonly<Record<string, RpcDef<PvState>>> = {
  'pv.shvSet': { summary: 'Sets a shared variable: name, type (int or str), value.', run: (state, _params, call) => set(state, call) },
  'pv.shvGet': {
    summary: 'Shows a shared variable, or all of them.',
    run: (state, _params, call) => get(state, call.text(0)),
  },
}
