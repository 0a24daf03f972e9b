/** `$var`, `$vz` and `$vn`: variables of a worker; `$shv`: variables of the server. */
import { ownValue } from '../../base/own-text.ts'
import { variableFamily, type VariableDef } from '../../define/define.ts'
import type { PvState } from './state.ts'

function workerVariable(summary: string, startsNull: boolean): VariableDef<PvState> {
  return variableFamily<PvState>(summary, { inner: 'required', writable: true }, (inner) => {
    const name = inner ?? ''
    // The slot is looked up once for each place in the script and instance of the server.
    let owner: PvState | undefined
    let slot = -1
    const place = (state: PvState): number => {
      if (owner !== state) {
        owner = state
        slot = startsNull ? state.script.nullSlot(name) : state.script.slot(name)
      }
      return slot
    }
    return {
      get: (context, state) => state.script.get(context.worker.variables, place(state)),
      set(context, state, value) {
        state.script.set(context.worker.variables, place(state), value === null && !startsNull ? 0 : ownValue(value))
        return true
      },
    }
  })
}

export const scriptVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  var: workerVariable('Variable of the worker: outlives the message, 0 at first and when set to $null.', false),
  vz: workerVariable('The same variables as $var.', false),
  vn: workerVariable('Variable of the worker: outlives the message, $null at first.', true),
  shv: variableFamily<PvState>(
    'Variable shared by all messages and RPC: 0 at first.',
    { inner: 'required', writable: true },
    (inner) => {
      const name = inner ?? ''
      return {
        get: (_context, state) => state.shared.get(name) ?? 0,
        set(_context, state, value) {
          state.shared.set(name, ownValue(value ?? ''))
          return true
        },
      }
    },
  ),
  shvinc: variableFamily<PvState>('Adds one to a shared variable and gives the sum.', { inner: 'required' }, (inner) => {
    const name = inner ?? ''
    return {
      get(_context, state) {
        const old = state.shared.get(name)
        const sum = (typeof old === 'number' ? old : 0) + 1
        state.shared.set(name, sum)
        return sum
      },
    }
  }),
}
