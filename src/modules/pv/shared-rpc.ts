/** pv.shvSet and pv.shvGet. */
import { RpcFault, RpcStruct, type RpcAnswer, type RpcDef } from '../../define/define.ts'
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

function set(state: PvState, params: readonly (string | number)[]): RpcAnswer {
  const [name, type, value] = params
  if (name === undefined) return new RpcFault(500, `Missing parameter varname ${PARAMETERS}`)
  if (type === undefined) return new RpcFault(500, `Missing parameter type ${PARAMETERS}`)
  const wanted = String(type).toLowerCase()
  if (wanted !== 'int' && wanted !== 'str') return new RpcFault(500, 'Unknown parameter type (Types: int or str)')
  const number = Number(value)
  if (wanted === 'int' && (value === undefined || !Number.isInteger(number))) {
    return new RpcFault(500, `Missing integer parameter value ${PARAMETERS}`)
  }
  if (value === undefined) return new RpcFault(500, `Missing parameter value ${PARAMETERS}`)
  if (!state.shared.has(String(name))) return new RpcFault(404, 'Variable not found')
  state.shared.set(String(name), wanted === 'int' ? number | 0 : String(value))
  return ['Ok. Variable set to new value.']
}

export const sharedRpc: Readonly<Record<string, RpcDef<PvState>>> = {
  'pv.shvSet': { summary: 'Sets a shared variable: name, type (int or str), value.', run: set },
  'pv.shvGet': {
    summary: 'Shows a shared variable, or all of them.',
    run: (state, params) => get(state, params[0] === undefined ? undefined : String(params[0])),
  },
}
