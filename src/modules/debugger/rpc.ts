import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { FACILITY } from './module-logs.ts'
import { Watch, type Debugger } from './state.ts'

const DONE: RpcAnswer = ['200 ok']
const DEFAULT_FACILITY = 'LOG_DAEMON'
/** Commands about one process that stands at a breakpoint. */
const OF_ONE: readonly string[] = ['keep', 'move', 'next', 'show', 'eval', 'log']

/** A fault when a process is named that is not this one; undefined where none is. */
function processOf({ host }: Debugger, call: RpcCall, index: number): 'all' | 'own' | RpcFault {
  if (index >= call.count) return 'all'
  const pid = call.int(index)
  if (pid === undefined) return 'all'
  return pid === host.identity.pid ? 'own' : new RpcFault(500, 'No such pid')
}

function setWatch(state: Debugger, bit: number, isOn: boolean): RpcAnswer {
  if (isOn) state.watches |= bit
  else state.watches &= ~bit
  return DONE
}

function breakpoint(state: Debugger, call: RpcCall): RpcAnswer {
  const command = call.text(0)
  if (command === undefined) return new RpcFault(500, 'Config breakpoint command missing')
  const process = processOf(state, call, 1)
  if (process instanceof RpcFault) return process
  switch (command) {
    case 'on':
      return setWatch(state, Watch.breakpoints, true)
    case 'off':
    case 'release':
      return setWatch(state, Watch.breakpoints, false)
    default:
      if (!OF_ONE.includes(command)) return new RpcFault(500, 'Unknown inner command')
      if (process === 'all') return new RpcFault(500, 'Missing pid parameter')
      // No message is ever held here: all others would wait with it.
      return command === 'keep' || command === 'move' ? DONE : new RpcFault(500, 'No process stands at a breakpoint')
  }
}

export const debuggerRpc: Readonly<Record<string, RpcDef<Debugger>>> = {
  'dbg.bp': { summary: 'Breakpoints: on, off ... No message is held by one.', run: (state, _params, call) => breakpoint(state, call) },
  'dbg.ls': {
    summary: 'What is on.',
    run(state, _params, call) {
      const process = processOf(state, call, 0)
      if (process instanceof RpcFault) return process
      const { watches, host } = state
      return [new RpcStruct()
        .add('entry', 0).add('pid', host.identity.pid).add('set', watches).add('state', 0).add('in.pid', 0).add('in.cmd', 0)]
    },
  },
  'dbg.trace': {
    summary: 'Turns the trace of the script `on` or `off`.',
    run(state, _params, call) {
      const command = call.text(0)
      if (command === undefined) return new RpcFault(500, 'Config trace command missing')
      const process = processOf(state, call, 1)
      if (process instanceof RpcFault) return process
      return command === 'on' || command === 'off'
        ? setWatch(state, Watch.trace, command === 'on')
        : new RpcFault(500, 'Unknown trace command')
    },
  },
  'dbg.set_mod_level': {
    summary: 'Gives a module a level of its own in the log.',
    run({ levels, params }, _params, call) {
      const [name, level] = [call.text(0), call.int(1)]
      if (name === undefined || level === undefined) return new RpcFault(500, 'invalid parameters')
      if (params.mod_hash_size <= 0) return new RpcFault(500, 'cannot store parameter')
      levels.set(name, level)
      return DONE
    },
  },
  'dbg.set_mod_facility': {
    summary: 'Gives a module a facility of its own in the log.',
    run({ facilities, params }, _params, call) {
      const [name, facility] = [call.text(0), call.text(1)]
      if (name === undefined || facility === undefined) return new RpcFault(500, 'invalid parameters')
      if (!FACILITY.test(facility)) return new RpcFault(500, 'facility not found')
      if (params.mod_hash_size <= 0) return new RpcFault(500, 'cannot store parameter')
      facilities.set(name, facility)
      return DONE
    },
  },
  'dbg.get_mod_level': {
    summary: 'The level of a module in the log.',
    run({ levels, params, host }, _params, call) {
      const name = call.text(0)
      if (name === undefined) return new RpcFault(500, 'invalid parameters')
      const own = params.mod_level_mode === 0 ? undefined : levels.get(name)
      return [own ?? host.log.level]
    },
  },
  'dbg.get_mod_facility': {
    summary: 'The facility of a module in the log.',
    run({ facilities, params, host }, _params, call) {
      const name = call.text(0)
      if (name === undefined) return new RpcFault(500, 'invalid parameters')
      const own = params.mod_facility_mode === 0 ? undefined : facilities.get(name)
      return [own ?? (host.settings.log_facility || DEFAULT_FACILITY)]
    },
  },
  'dbg.reset_msgid': {
    summary: 'Counts messages from 1 again.',
    run({ params, host }) {
      if (params.reset_msgid === 0) return new RpcFault(500, 'reset_msgid is 0. Set it to 1 to enable.')
      host.countMessagesAnew()
      return DONE
    },
  },
}
