import { defineModule, SetupError } from '../../define/define.ts'
import { every } from '../../runtime/timer-process.ts'
import { openDatabase, storeTables } from './database.ts'
import { runStarted, sweep } from './events.ts'
import { htableKemi } from './kemi.ts'
import { htableFunctions } from './functions.ts'
import { htableParams } from './params.ts'
import { htableRpc } from './rpc.ts'
import { setUp } from './state.ts'
import { htableVariables } from './variables.ts'

export default defineModule({
  name: 'htable',
  summary: 'Tables of keys and values in memory, shared by all messages: counters, bans, caches of a database.',
  area: 'data',
  params: htableParams,
  eventCallbacks: { event_callback: ['htable:*'] },
  setup: setUp,
  async start(state, host) {
    const problem = await openDatabase(state)
    if (problem !== undefined) return new SetupError(problem)
    const { timer_interval } = state.params
    state.stopTimer = every(host.clock, Math.max(timer_interval, 1) * 1000, () => sweep(state))
    return undefined
  },
  ready: runStarted,
  async stop(state) {
    state.stopTimer()
    state.timer.stop()
    await storeTables(state)
  },
  functions: htableFunctions,
  kemi: htableKemi,
  variables: htableVariables,
  rpc: htableRpc,
  events: {
    'htable:mod-init': 'The server has started; no message came yet: the place to fill tables.',
    'htable:expired:TABLE': 'An item of the table has expired; $shtrecord(key) and $shtrecord(value) tell which.',
  },
})
